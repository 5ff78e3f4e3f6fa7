using MeshRoll.Sandbox.Patching;

namespace MeshRoll.Sandbox.Tests.Patching;

/// <summary>The examples of RFC 7396's appendix that have objects on both sides, and what they leave out.</summary>
public sealed class MergePatchTests
{
    [Theory]
    [InlineData("{'a':'b'}", "{'a':'c'}", "{'a':'c'}")]
    [InlineData("{'a':'b'}", "{'b':'c'}", "{'a':'b','b':'c'}")]
    [InlineData("{'a':'b'}", "{'a':null}", "{}")]
    [InlineData("{'a':'b','b':'c'}", "{'a':null}", "{'b':'c'}")]
    [InlineData("{'a':['b']}", "{'a':'c'}", "{'a':'c'}")]
    [InlineData("{'a':'c'}", "{'a':['b']}", "{'a':['b']}")]
    [InlineData("{'a':{'b':'c'}}", "{'a':{'b':'d','c':null}}", "{'a':{'b':'d'}}")]
    [InlineData("{'a':[{'b':'c'}]}", "{'a':[1]}", "{'a':[1]}")]
    [InlineData("{'e':null}", "{'a':1}", "{'e':null,'a':1}")]
    [InlineData("{'a':[1,2]}", "{'a':{'b':'c','d':null}}", "{'a':{'b':'c'}}")]
    [InlineData("{}", "{'a':{'bb':{'ccc':null}}}", "{'a':{'bb':{}}}")]
    public void A_merge_patch_merges_objects_and_replaces_the_rest(string document, string patch, string expected)
    {
        var before = Json.Object(document);

        Json.AssertSame(expected, MergePatch.Apply(before, Json.Object(patch)));

        Json.AssertSame(document, before);
    }
}
