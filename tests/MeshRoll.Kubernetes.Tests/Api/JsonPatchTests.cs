using System.Text;
using System.Text.Json.Nodes;
using MeshRoll.Kubernetes.Api;

namespace MeshRoll.Kubernetes.Tests.Api;

public sealed class JsonPatchTests
{
    [Fact]
    public void Operations_are_written_in_the_order_they_were_given()
    {
        var patch = new JsonPatch().Test("/spec/a/0/name", "app").Replace("/spec/a/0/image", "app:2").Add("/metadata/annotations", new JsonObject { ["x"] = "y" }).Build();

        Assert.Equal(PatchKind.Json, patch.Kind);
        Assert.Equal(
            """[{"op":"test","path":"/spec/a/0/name","value":"app"},{"op":"replace","path":"/spec/a/0/image","value":"app:2"},{"op":"add","path":"/metadata/annotations","value":{"x":"y"}}]""",
            Encoding.UTF8.GetString(patch.Json.Span));
    }

    [Fact]
    public void A_value_stays_usable_where_it_came_from()
    {
        var owner = new JsonObject { ["template"] = new JsonObject { ["a"] = 1 } };
        new JsonPatch().Add("/spec/template", owner["template"]!).Build();
        Assert.Same(owner, owner["template"]!.Parent);
    }

    [Fact]
    public void Texts_are_written_as_the_server_writes_them_for_it_compares_what_is_tested_byte_by_byte()
    {
        var patch = new JsonPatch().Test("/a", "say \"a+b\" <c> & ü").Remove("/b").Build();
        Assert.Equal("""[{"op":"test","path":"/a","value":"say \"a+b\" \u003cc\u003e \u0026 ü"},{"op":"remove","path":"/b"}]""", Encoding.UTF8.GetString(patch.Json.Span));
    }
}
