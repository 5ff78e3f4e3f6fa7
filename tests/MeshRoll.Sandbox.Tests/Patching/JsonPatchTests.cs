using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Patching;

namespace MeshRoll.Sandbox.Tests.Patching;

public sealed class JsonPatchTests
{
    [Theory]
    [InlineData("{'a':1}", "[]", "{'a':1}")]
    [InlineData("{'a':1}", "[{'op':'add','path':'/b','value':2}]", "{'a':1,'b':2}")]
    [InlineData("{'a':1}", "[{'op':'add','path':'/a','value':null}]", "{'a':null}")]
    [InlineData("{'a':[1,3]}", "[{'op':'add','path':'/a/1','value':2}]", "{'a':[1,2,3]}")]
    [InlineData("{'a':[1]}", "[{'op':'add','path':'/a/1','value':2}]", "{'a':[1,2]}")]
    [InlineData("{'a':[1]}", "[{'op':'add','path':'/a/-','value':{'b':2}}]", "{'a':[1,{'b':2}]}")]
    [InlineData("{'a':[1,2]}", "[{'op':'add','path':'/a/-1','value':3}]", "{'a':[1,2,3]}")]
    [InlineData("{'a':{'b/c':{}}}", "[{'op':'add','path':'/a/b~1c/d~0e','value':1}]", "{'a':{'b/c':{'d~e':1}}}")]
    [InlineData("{'~1':1}", "[{'op':'remove','path':'/~01'}]", "{}")]
    [InlineData("{'a':[{'b':1}]}", "[{'op':'add','path':'/a/0/b','value':2}]", "{'a':[{'b':2}]}")]
    [InlineData("{'a':1,'b':2}", "[{'op':'remove','path':'/a'}]", "{'b':2}")]
    [InlineData("{'a':[1,2,3]}", "[{'op':'remove','path':'/a/1'}]", "{'a':[1,3]}")]
    [InlineData("{'a':[1,2,3]}", "[{'op':'remove','path':'/a/-1'}]", "{'a':[1,2]}")]
    [InlineData("{'a':1}", "[{'op':'replace','path':'/a','value':[2]}]", "{'a':[2]}")]
    [InlineData("{'a':[1,2]}", "[{'op':'replace','path':'/a/0','value':3}]", "{'a':[3,2]}")]
    [InlineData("{'a':1}", "[{'op':'move','from':'/a','path':'/b'}]", "{'b':1}")]
    [InlineData("{'a':[1,2,3]}", "[{'op':'move','from':'/a/0','path':'/a/2'}]", "{'a':[2,3,1]}")]
    [InlineData("{'a':{'b':1}}", "[{'op':'copy','from':'/a','path':'/c'},{'op':'remove','path':'/a/b'}]", "{'a':{},'c':{'b':1}}")]
    [InlineData("{'a':null}", "[{'op':'copy','from':'/a','path':'/b'}]", "{'a':null,'b':null}")]
    [InlineData("{'a':{'b':[1,'x',null]}}", "[{'op':'test','path':'/a','value':{'b':[1,'x',null]}}]", "{'a':{'b':[1,'x',null]}}")]
    [InlineData("{}", "[{'op':'test','path':'/a','value':null}]", "{}")]
    public void Operations_are_applied_in_their_order(string document, string patch, string expected)
    {
        var before = Json.Object(document);

        Json.AssertSame(expected, JsonPatch.Apply(before, Json.Array(patch)));

        Json.AssertSame(document, before);
    }

    [Fact]
    public void Replacing_a_missing_member_adds_it_as_the_real_server_does() =>
        Json.AssertSame("{'a':{'b':1}}", JsonPatch.Apply(Json.Object("{'a':{}}"), Json.Array("[{'op':'replace','path':'/a/b','value':1}]")));

    [Theory]
    [InlineData("{'op':'add','path':'/b/c','value':1}", "add operation does not apply: doc is missing path: \"/b/c\": missing value")]
    [InlineData("{'op':'add','path':'','value':{}}", "add operation does not apply: doc is missing path: \"\": missing value")]
    [InlineData("{'op':'add','path':'a','value':{}}", "add operation does not apply: doc is missing path: \"a\": missing value")]
    [InlineData("{'op':'add','path':'/n/x','value':{}}", "add operation does not apply: doc is missing path: \"/n/x\": missing value")]
    [InlineData("{'op':'add','path':'/l/7/x','value':{}}", "add operation does not apply: doc is missing path: \"/l/7/x\": missing value")]
    [InlineData("{'op':'add','path':'/l/9','value':1}", "error in add for path: '/l/9': Unable to access invalid index: 9: invalid index referenced")]
    [InlineData("{'op':'add','path':'/l/x','value':1}", "error in add for path: '/l/x': Unable to access invalid index: x: invalid index referenced")]
    [InlineData("{'op':'add','path':'/b'}", "add operation, missing value field: missing value")]
    [InlineData("{'op':'add','value':1}", "add operation failed to decode path: missing value")]
    [InlineData("{'op':'add','path':7,'value':1}", "add operation failed to decode path: missing value")]
    [InlineData("{'op':'remove','path':'/b'}", "error in remove for path: '/b': Unable to remove nonexistent key: b: missing value")]
    [InlineData("{'op':'remove','path':'/b/c'}", "remove operation does not apply: doc is missing path: \"/b/c\": missing value")]
    [InlineData("{'op':'remove','path':'/l/2'}", "error in remove for path: '/l/2': Unable to access invalid index: 2: invalid index referenced")]
    [InlineData("{'op':'replace','path':'/b/c','value':1}", "replace operation does not apply: doc is missing path: /b/c: missing value")]
    [InlineData("{'op':'replace','path':'/l/2','value':1}", "replace operation does not apply: doc is missing key: /l/2: missing value")]
    [InlineData("{'op':'move','path':'/b'}", "move operation failed to decode from: missing value")]
    [InlineData("{'op':'move','from':'/x','path':'/b'}", "error in move for path: '/x': missing value")]
    [InlineData("{'op':'move','from':'/x/y','path':'/b'}", "move operation does not apply: doc is missing from path: /x/y: missing value")]
    [InlineData("{'op':'move','from':'/a','path':'/a/b'}", "move operation does not apply: doc is missing destination path: /a/b: missing value")]
    [InlineData("{'op':'copy','from':'/x','path':'/b'}", "error in copy for from: '/x': missing value")]
    [InlineData("{'op':'copy','from':'/x/y','path':'/b'}", "copy operation does not apply: doc is missing from path: /x/y: missing value")]
    [InlineData("{'op':'copy','from':'/a','path':'/x/b'}", "copy operation does not apply: doc is missing destination path: /x/b: missing value")]
    [InlineData("{'op':'test','path':'/n','value':2}", "testing value /n failed: test failed")]
    [InlineData("{'op':'test','path':'/x/y','value':2}", "test operation does not apply: is missing path: /x/y: missing value")]
    [InlineData("{'op':'sort','path':'/a'}", "Unexpected kind: sort")]
    [InlineData("{'path':'/a'}", "Unexpected kind: unknown")]
    public void An_operation_that_does_not_fit_is_invalid_and_the_server_does_not_say_why(string operation, string explanation)
    {
        var exception = Assert.Throws<PatchException>(() => JsonPatch.Apply(Json.Object("{'a':{},'n':1,'l':[1,2]}"), Json.Array($"[{operation}]")));

        Assert.Equal((422, "Invalid"), (exception.Code, exception.Reason));
        Assert.Equal("the server rejected our request due to an error in our request", exception.Message);
        Assert.Equal(explanation, exception.Explanation);
    }

    [Theory]
    [InlineData("[1]", "number")]
    [InlineData("['x']", "string")]
    [InlineData("[[]]", "array")]
    [InlineData("[true]", "bool")]
    [InlineData("[null]", "null")]
    [InlineData("[{'op':'remove','path':'/missing'},7]", "number")]
    public void What_is_no_operation_makes_the_whole_patch_malformed(string patch, string what)
    {
        var exception = Assert.Throws<PatchException>(() => JsonPatch.Apply([], Json.Array(patch)));

        Assert.Equal((400, "BadRequest"), (exception.Code, exception.Reason));
        Assert.Equal($"json: cannot unmarshal {what} into Go value of type jsonpatch.Operation", exception.Message);
    }

    [Fact]
    public void Too_many_operations_are_refused()
    {
        JsonArray operations = [.. Enumerable.Range(0, JsonPatch.MostOperations + 1).Select(JsonNode? (number) => number)];

        var exception = Assert.Throws<PatchException>(() => JsonPatch.Apply([], operations));

        Assert.Equal(413, exception.Code);
        Assert.EndsWith("is 10000, got 10001", exception.Message, StringComparison.Ordinal);
    }
}
