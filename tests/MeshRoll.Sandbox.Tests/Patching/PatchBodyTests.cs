using System.Text;
using MeshRoll.Sandbox.Patching;

namespace MeshRoll.Sandbox.Tests.Patching;

/// <summary>The messages are those of a real API server, asked with the same bodies.</summary>
public sealed class PatchBodyTests
{
    private const string Json = "application/json-patch+json";
    private const string Merge = "application/merge-patch+json";
    private const string Strategic = "application/strategic-merge-patch+json";

    [Theory]
    [InlineData(Json, "[{'op':'add','path':'/a','value':1}]", "{'kind':'Pod','a':1}")]
    [InlineData(Json, "null", "{'kind':'Pod'}")]
    [InlineData(Merge, "{'a':1}", "{'kind':'Pod','a':1}")]
    [InlineData(Strategic, "{'a':1}", "{'kind':'Pod','a':1}")]
    [InlineData(Strategic, "null", "{'kind':'Pod'}")]
    [InlineData("Application/Merge-Patch+JSON; charset=utf-8", " {'a':1} ", "{'kind':'Pod','a':1}")]
    public void The_content_type_says_which_patch_it_is(string contentType, string body, string expected) =>
        Patching.Json.AssertSame(expected, PatchBody.Apply(contentType, Utf8(body), Patching.Json.Object("{'kind':'Pod'}"), "Pod"));

    [Theory]
    [InlineData(Json, "x", 400, "invalid character 'x' looking for beginning of value")]
    [InlineData(Json, "[\n x]", 400, "invalid character 'x' looking for beginning of value")]
    [InlineData(Json, "", 400, "unexpected end of JSON input")]
    [InlineData(Json, "{", 400, "unexpected end of JSON input")]
    [InlineData(Json, "'s'", 400, "json: cannot unmarshal string into Go value of type jsonpatch.Patch")]
    [InlineData(Json, "{'op':'x'}", 400, "json: cannot unmarshal object into Go value of type jsonpatch.Patch")]
    [InlineData(Json, "[] []", 400, "invalid character after top-level value")]
    [InlineData(Merge, "x", 500, "Invalid JSON Patch")]
    [InlineData(Merge, "", 500, "Invalid JSON Patch")]
    [InlineData(Merge, "'s'", 500, "Invalid JSON Patch")]
    [InlineData(Strategic, "x", 400, "invalid character 'x' looking for beginning of value")]
    [InlineData(Strategic, "", 400, "EOF")]
    [InlineData(Strategic, "{", 400, "unexpected EOF")]
    [InlineData(Strategic, "[]", 400, "json: cannot unmarshal array into Go value of type map[string]interface {}")]
    [InlineData(Strategic, "7", 400, "json: cannot unmarshal number into Go value of type map[string]interface {}")]
    [InlineData("application/apply-patch+yaml", "{}", 415, "the body of the request was in an unknown format - accepted media types include: " + Json + ", " + Merge + ", " + Strategic)]
    [InlineData("", "{}", 415, "the body of the request was in an unknown format - accepted media types include: " + Json + ", " + Merge + ", " + Strategic)]
    public void A_body_that_cannot_be_read_is_refused(string contentType, string body, int code, string message)
    {
        var exception = Assert.Throws<PatchException>(() => PatchBody.Apply(contentType, Utf8(body), [], "Pod"));

        Assert.Equal((code, message), (exception.Code, exception.Message));
    }

    [Fact]
    public void Custom_resources_take_no_strategic_merge_patch() =>
        Assert.Equal(415, Assert.Throws<PatchException>(() => PatchBody.Apply(Strategic, Utf8("{}"), [], "Rollout")).Code);

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text.Replace('\'', '"'));
}
