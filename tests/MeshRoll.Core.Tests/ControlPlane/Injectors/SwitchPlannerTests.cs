using System.Text;
using System.Text.Json.Nodes;
using MeshRoll.Core.ControlPlane.Injectors;
using MeshRoll.Core.ControlPlane.Injectors.Switching;
using MeshRoll.Core.Tests.Builders;
using static MeshRoll.Core.Tests.Builders.InjectorMesh;

namespace MeshRoll.Core.Tests.ControlPlane.Injectors;

public sealed class SwitchPlannerTests
{
    private static readonly JsonObject s_stable = Webhook("default", "stable", "istiod", OldCa);

    public static TheoryData<string, string> Wirings => new()
    {
        { "istio-injection=enabled", "Service istio-sidecar-injector" },
        { "istio.io/rev=stable", "Tag istio-revision-tag-stable" },
        { "istio.io/rev=default", "Service istio-sidecar-injector" },
        { "istio.io/rev=1-27-1", "MeshRoll.NamespaceNeeded" },
        { "istio-injection=enabled;istio.io/rev=stable", "MeshRoll.InjectorAmbiguous" },
        { "istio-injection=enabled;istio.io/rev=1-27-1", "Service istio-sidecar-injector" },
        { "istio-injection=disabled", "MeshRoll.NamespaceNeeded" },
    };

    [Theory]
    [MemberData(nameof(Wirings))]
    public void It_sees_which_way_the_mesh_is_wired(string labels, string expected)
    {
        var mesh = new InjectorMesh().With(s_stable.DeepClone().AsObject()).WithNamespaces([.. labels.Split(';').Select((label, index) => Mesh.Namespace($"team-{index}", label))]);
        try
        {
            var plan = SwitchPlanner.Plan(mesh.Survey(), new() { To = New }, Now);
            Assert.Equal(expected, $"{plan.Way} {Assert.Single(plan.Steps).Name}");
            Assert.NotEmpty(plan.Reason);
        }
        catch (InjectorRefusedException refused)
        {
            Assert.Equal(expected, refused.Id);
        }
    }

    [Fact]
    public void By_service_only_service_and_authority_are_patched_each_tested()
    {
        var plan = SwitchPlanner.Plan(new InjectorMesh().Survey(), new() { To = New }, Now);

        var patch = JsonNode.Parse(Encoding.UTF8.GetString(Assert.Single(plan.Steps).Patch().Json.Span))!.AsArray();
        Assert.Equal(["test", "replace"], patch.Select(operation => (string)operation!["op"]!).Distinct());
        var replaced = patch.Where(operation => (string?)operation!["op"] == "replace").Select(operation => (string)operation!["path"]!).ToList();
        Assert.Equal(8, replaced.Count);
        Assert.All(replaced, path => Assert.Matches("^/webhooks/[0-3]/clientConfig/(service/name|caBundle)$", path));
        Assert.All(replaced, path => Assert.Contains(patch, operation => (string?)operation!["op"] == "test" && (string?)operation["path"] == path));
        Assert.Equal(["Switch-MeshInjector -To default -Name istio-sidecar-injector"], plan.Undo);
        Assert.Equal(["bank"], plan.Namespaces);
        // The authority is shown by its fingerprint.
        Assert.Contains(plan.Steps[0].Fields(), field => field.Field == "webhooks[0].clientConfig.caBundle" && field.Before!.StartsWith("sha256:", StringComparison.Ordinal) && field.Before != field.After);
    }

    [Fact]
    public void Two_istiods_with_authorities_of_their_own_are_worth_a_warning_by_service() =>
        Assert.Contains(SwitchPlanner.Plan(new InjectorMesh().Survey(), new() { To = New }, Now).Remarks, remark => remark.Contains("write its own authority back", StringComparison.Ordinal));

    [Fact]
    public void What_is_so_already_takes_no_step() => Assert.Empty(SwitchPlanner.Plan(new InjectorMesh().Survey(), new() { To = "default" }, Now).Steps);

    [Fact]
    public void A_webhook_that_is_switched_off_is_not_switched()
    {
        var off = Webhook("default", null, "istiod", OldCa);
        WebhookEdits.SwitchOff(off);
        var mesh = new InjectorMesh { Webhooks = [off, Webhook(New, null, $"istiod-{New}", NewCa), Webhook("default", "default", "istiod", OldCa)] };
        Assert.Equal("MeshRoll.InjectorInactive", Assert.Throws<InjectorRefusedException>(() => SwitchPlanner.Plan(mesh.Survey(), new() { To = New, Name = "istio-sidecar-injector" }, Now)).Id);
        Assert.Equal(SwitchWay.Tag, SwitchPlanner.Plan(mesh.Survey(), new() { To = New }, Now).Way);
    }

    [Theory]
    [InlineData("nowhere", null, "MeshRoll.InjectorNotFound")]
    [InlineData(null, "nowhere", "MeshRoll.TagNotFound")]
    public void What_is_not_there_is_named_with_those_that_are(string? name, string? tag, string id)
    {
        var refused = Assert.Throws<InjectorRefusedException>(() => SwitchPlanner.Plan(new InjectorMesh().With(s_stable.DeepClone().AsObject()).Survey(), new() { To = New, Name = name, Tag = tag }, Now));
        Assert.Equal(id, refused.Id);
        Assert.Contains("stable", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pod_that_would_be_injected_twice_refuses_the_switch()
    {
        // An upgrade has switched the default revision's own webhook on again beside the tag named default.
        var mesh = new InjectorMesh().With(Webhook("default", "default", "istiod", OldCa));
        var refused = Assert.Throws<InjectorRefusedException>(() => SwitchPlanner.Plan(mesh.Survey(), new() { To = New, Name = "istio-sidecar-injector" }, Now));
        Assert.Equal("MeshRoll.MatchedTwice", refused.Id);
        Assert.Contains("istio-revision-tag-default, istio-sidecar-injector", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void By_label_a_pattern_means_injected_namespaces_and_a_name_is_refused_when_it_is_none()
    {
        var mesh = new InjectorMesh().WithNamespaces(Mesh.Namespace("team-a", "istio-injection=enabled"), Mesh.Namespace("team-b"), Mesh.Namespace("team-c", "istio.io/rev=default"), Mesh.Namespace("kube-system"));
        var plan = SwitchPlanner.Plan(mesh.Survey(), new() { To = New, Namespaces = ["*"] }, Now);
        Assert.Equal(["team-a", "team-c"], plan.Steps.Select(step => step.Name));
        Assert.Equal(["Set-MeshNamespaceRevision -Namespace team-a -Default", "Set-MeshNamespaceRevision -Namespace team-c -Revision default"], plan.Undo);
        Assert.Equal("MeshRoll.NamespaceNotInjected", Assert.Throws<InjectorRefusedException>(() => SwitchPlanner.Plan(mesh.Survey(), new() { To = New, Namespaces = ["team-b"] }, Now)).Id);
        Assert.Equal("MeshRoll.NamespaceNotInjected", Assert.Throws<InjectorRefusedException>(() => SwitchPlanner.Plan(mesh.Survey(), new() { To = New, Namespaces = ["kube-system"] }, Now)).Id);
    }
}
