using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Core.Preflight.Mending;

namespace MeshRoll.Core.Tests.Preflight.Mending;

/// <summary>Patches put together, taken back, and told field by field.</summary>
public sealed class PatchTests
{
    private const string Now = """{"metadata":{"name":"web"},"spec":{"replicas":2,"strategy":{"type":"Recreate"},"template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"app","image":"a:1","args":["x"]},{"name":"helper"}]}}}}""";

    [Theory]
    [InlineData("""{"spec":{"replicas":3}}""", """{"spec":{"replicas":2}}""")]
    [InlineData("""{"spec":{"minReadySeconds":3}}""", """{"spec":{"minReadySeconds":null}}""")]
    // As far up as nothing was there.
    [InlineData("""{"spec":{"strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":1}}}}""", """{"spec":{"strategy":{"type":"Recreate","rollingUpdate":null}}}""")]
    // What others write into as well is taken back key by key.
    [InlineData("""{"spec":{"template":{"metadata":{"annotations":{"a/b":"c"}}}}}""", """{"spec":{"template":{"metadata":{"annotations":{"a/b":null}}}}}""")]
    [InlineData("""{"spec":{"template":{"spec":{"containers":[{"name":"app","lifecycle":{"preStop":{}}}]}}}}""", """{"spec":{"template":{"spec":{"containers":[{"name":"app","lifecycle":null}]}}}}""")]
    // A list without names is one value.
    [InlineData("""{"spec":{"template":{"spec":{"containers":[{"name":"app","args":["y","z"]}]}}}}""", """{"spec":{"template":{"spec":{"containers":[{"name":"app","args":["x"]}]}}}}""")]
    [InlineData("""{"spec":{"template":{"spec":{"containers":[{"name":"gone","args":["y"]}]}}}}""", """{"spec":{"template":{"spec":{"containers":[{"name":"gone","args":null}]}}}}""")]
    [InlineData("""{"spec":{"strategy":null}}""", """{"spec":{"strategy":{"type":"Recreate"}}}""")]
    public void A_patch_is_taken_back_by_what_stood_there(string patch, string expected) => AssertJson(expected, PatchInverse.Of(Parse(patch), Item(Now)));

    [Fact]
    public void What_is_as_the_patch_wants_it_is_its_own_inverse()
    {
        var patch = Parse("""{"spec":{"replicas":2,"minReadySeconds":null,"template":{"spec":{"containers":[{"name":"app","image":"a:1"}]}}}}""");
        AssertJson(patch.ToJsonString(), PatchInverse.Of(patch, Item(Now)));
    }

    [Theory]
    [InlineData("""{"a":1}""", """{"b":2}""", """{"a":1,"b":2}""")]
    [InlineData("""{"s":{"a":"x"}}""", """{"s":{"a":"x","b":"y"}}""", """{"s":{"a":"x","b":"y"}}""")]
    [InlineData("""{"grace":30}""", """{"grace":65}""", """{"grace":65}""")]
    [InlineData("""{"grace":65}""", """{"grace":30}""", """{"grace":65}""")]
    [InlineData("""{"c":[{"name":"app","x":1}]}""", """{"c":[{"name":"app","y":{"z":1}},{"name":"b","x":2}]}""", """{"c":[{"name":"app","x":1,"y":{"z":1}},{"name":"b","x":2}]}""")]
    [InlineData("""{"a":null}""", """{"a":null}""", """{"a":null}""")]
    public void Two_patches_become_one(string one, string other, string expected)
    {
        var patch = Parse(one);
        Assert.Null(PatchMerge.Add(patch, Parse(other)));
        AssertJson(expected, patch);
    }

    [Theory]
    [InlineData("""{"s":{"a":"x"}}""", """{"b":1,"s":{"a":"y"}}""", "s.a")]
    [InlineData("""{"s":{"a":"x"}}""", """{"s":null}""", "s")]
    [InlineData("""{"c":[{"name":"app","x":{"v":"1"}}]}""", """{"c":[{"name":"app","x":{"v":"2"}}]}""", "c[app].x.v")]
    [InlineData("""{"a":["x"]}""", """{"a":["y"]}""", "a")]
    [InlineData("""{"a":"1"}""", """{"a":1}""", "a")]
    public void Patches_that_want_different_things_stay_apart(string one, string other, string field)
    {
        var patch = Parse(one);
        Assert.Equal(field, PatchMerge.Add(patch, Parse(other)));
        AssertJson(one, patch);
    }

    [Fact]
    public void Changes_are_told_field_by_field_as_the_server_makes_them()
    {
        var patch = Parse("""{"spec":{"replicas":3,"strategy":{"type":"RollingUpdate"},"template":{"metadata":{"annotations":{"a/b":"c"}},"spec":{"containers":[{"name":"app","probe":{"port":1},"image":"a:1"}]}}}}""");
        var after = Now.Replace("\"replicas\":2", "\"replicas\":3", StringComparison.Ordinal).Replace("\"Recreate\"", "\"RollingUpdate\"", StringComparison.Ordinal)
            .Replace("\"labels\"", "\"annotations\":{\"a/b\":\"c\"},\"labels\"", StringComparison.Ordinal).Replace("\"args\"", "\"probe\":{\"port\":1,\"period\":10},\"args\"", StringComparison.Ordinal);
        Assert.Equal(
            [
                "spec.replicas: 2 -> 3",
                "spec.strategy.type: Recreate -> RollingUpdate",
                "spec.template.metadata.annotations: (none) -> {\"a/b\":\"c\"}",
                "spec.template.spec.containers[app].probe: (none) -> {\"port\":1,\"period\":10}",
            ],
            PatchChanges.Of("Deployment/web", patch, Item(Now), Item(after)).Select(PatchChanges.Tell));
        Assert.Equal("x m.annotations[a/b]: c -> (none)", Assert.Single(PatchChanges.Of("x", Parse("""{"m":{"annotations":{"a/b":null}}}"""), Item("""{"m":{"annotations":{"a/b":"c"}}}"""), Item("""{"m":{"annotations":{}}}"""))).ToString());
    }

    [Theory]
    [InlineData("""{"metadata":{"annotations":{"argocd.argoproj.io/tracking-id":"shop:apps/Deployment:shop/web"}}}""", "Argo CD shop")]
    [InlineData("""{"metadata":{"labels":{"argocd.argoproj.io/instance":"shop"}}}""", "Argo CD shop")]
    [InlineData("""{"metadata":{"labels":{"kustomize.toolkit.fluxcd.io/name":"apps"}}}""", "Flux (Kustomization) apps")]
    [InlineData("""{"metadata":{"labels":{"helm.toolkit.fluxcd.io/name":"web","app.kubernetes.io/managed-by":"Helm"}}}""", "Flux (HelmRelease) web")]
    [InlineData("""{"metadata":{"annotations":{"meta.helm.sh/release-name":"web"}}}""", "Helm (release) web")]
    [InlineData("""{"metadata":{"labels":{"app.kubernetes.io/managed-by":"Helm"}}}""", "Helm")]
    [InlineData("""{"metadata":{"managedFields":[{"manager":"kubectl"},{"manager":"argocd-controller"}]}}""", "Argo CD")]
    [InlineData("""{"metadata":{"managedFields":[{"manager":"kustomize-controller"}]}}""", "Flux")]
    [InlineData("""{"metadata":{"labels":{"app.kubernetes.io/managed-by":"hand"}}}""", "")]
    [InlineData("{}", "")]
    public void Who_keeps_an_object_is_seen_by_their_marks(string item, string expected) => Assert.Equal(expected, KeptBy.Of(Item(item)));

    [Fact]
    public void A_command_holds_whatever_stands_in_a_value()
    {
        var command = PatchText.Command("Deployment", "web", "shop", new() { ["a"] = "it's `x` $(y) \"z\"" }, isTrial: false);
        Assert.Equal("""kubectl patch deployment web -n shop --type strategic -p '{"a":"it\u0027s \u0060x\u0060 $(y) \u0022z\u0022"}'""", command);
        Assert.EndsWith("--type merge -p '{}' --dry-run=server -o yaml", PatchText.Command("Rollout", "web", "shop", [], isTrial: true), StringComparison.Ordinal);
    }

    private static void AssertJson(string expected, JsonObject found) => Assert.True(JsonNode.DeepEquals(Parse(expected), found), found.ToJsonString());

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();

    private static JsonElement Item(string json) => JsonSerializer.Deserialize<JsonElement>(json);
}
