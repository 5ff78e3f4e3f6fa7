using System.Text.Json.Nodes;
using MeshRoll.Core.ControlPlane.Injectors.Switching;
using MeshRoll.Core.Tests.Builders;
using static MeshRoll.Core.Tests.Builders.InjectorMesh;

namespace MeshRoll.Core.Tests.ControlPlane.Injectors;

public sealed class TargetRulesTests
{
    public static TheoryData<string, string?, string> Cases => new()
    {
        { "as it should be", null, "" },
        { "there is no such revision", "MeshRoll.RevisionNotFound", "the revisions are 1-27-1, default" },
        { "it is a tag", "MeshRoll.RevisionNotFound", "1-99 is a tag" },
        { "there is no Istio", "MeshRoll.RevisionNotFound", "no revisions of Istio in this cluster" },
        { "two webhooks are its own", "MeshRoll.RevisionAmbiguous", "istio-sidecar-injector-1-27-1, istio-sidecar-injector-left-over" },
        { "its service is gone", "MeshRoll.TargetNotReady", "service istiod-1-27-1 in istio-system" },
        { "no pod is ready", "MeshRoll.TargetNotReady", "0 of 1 pods ready" },
        { "nobody stands behind the service", "MeshRoll.TargetWithoutEndpoints", "Nobody stands behind service istiod-1-27-1" },
        { "endpoints may not be read", "MeshRoll.TargetUnknown", "no right to get endpoints in istio-system" },
        { "the service lacks the port", "MeshRoll.TargetWithoutEndpoints", "has no port 443" },
        { "its webhook has no authority", "MeshRoll.CaBundleNotFound", "istio-sidecar-injector-1-27-1" },
        { "its webhook has no authority but its validator has", null, "" },
        { "its authority has expired", "MeshRoll.CaBundleInvalid", "has expired" },
        { "its authority is garbage", "MeshRoll.CaBundleInvalid", "no certificate" },
        { "its own webhook asks another istiod", "MeshRoll.CaBundleNotFound", "was pointed at default" },
        { "it is called by an address", "MeshRoll.TargetUnknown", "https://elsewhere" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_revision_takes_new_pods_only_when_it_can(string situation, string? id, string says)
    {
        var mesh = new InjectorMesh();
        (mesh, var to) = situation switch
        {
            "there is no such revision" => (mesh, "1-99"),
            "it is a tag" => (mesh.With(Webhook(New, "1-99", $"istiod-{New}", NewCa)), "1-99"),
            "there is no Istio" => (mesh with { Webhooks = [], Istiods = [] }, New),
            "two webhooks are its own" => (mesh.With(Webhook(New, null, $"istiod-{New}", NewCa, "istio-sidecar-injector-left-over")), New),
            "its service is gone" => (mesh.WithIstiod(Istiod(New) with { Exists = false, Endpoints = 0 }), New),
            "no pod is ready" => (mesh.WithIstiod(Istiod(New, ready: 0, endpoints: 0)), New),
            "nobody stands behind the service" => (mesh.WithIstiod(Istiod(New, endpoints: 0)), New),
            "endpoints may not be read" => (mesh.WithIstiod(Istiod(New, endpoints: null)), New),
            "the service lacks the port" => (mesh.WithIstiod(Istiod(New) with { Ports = [15012] }), New),
            "its webhook has no authority" => (WithOwn(mesh, ""), New),
            "its webhook has no authority but its validator has" => (WithOwn(mesh, "") with { Validators = [Validator(New, NewCa)] }, New),
            "its authority has expired" => (WithOwn(mesh, ExpiredCa), New),
            "its authority is garbage" => (WithOwn(mesh, "bm8gY2VydGlmaWNhdGU="), New),
            "its own webhook asks another istiod" => (mesh.Without($"istio-sidecar-injector-{New}").With(Webhook(New, null, "istiod", OldCa)), New),
            "it is called by an address" => (mesh.Without($"istio-sidecar-injector-{New}").With(ByAddress()) with { Istiods = [Istiod("default")] }, New),
            _ => (mesh, New),
        };

        var refusal = TargetRules.Check(mesh.Survey(), to, Now);

        Assert.Equal(id, refusal?.Id);
        Assert.Contains(says, refusal?.Message ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void Whom_to_trust_comes_from_the_revisions_own_webhook() => Assert.Equal(NewCa, (string?)TargetRules.ClientConfig(new InjectorMesh().Survey(), New)!["caBundle"]);

    [Fact]
    public void After_a_switch_by_service_the_old_revisions_authority_comes_from_its_validator()
    {
        var switched = new InjectorMesh().Without("istio-sidecar-injector").With(Webhook("default", null, $"istiod-{New}", NewCa)) with { Validators = [Validator(New, NewCa), Validator("default", OldCa)] };

        var config = TargetRules.ClientConfig(switched.Survey(), "default")!;

        Assert.Equal((OldCa, "istiod", "/inject", 443), ((string?)config["caBundle"], (string?)config["service"]!["name"], (string?)config["service"]!["path"], (int)config["service"]!["port"]!));
    }

    private static InjectorMesh WithOwn(InjectorMesh mesh, string ca) => mesh.Without($"istio-sidecar-injector-{New}").With(Webhook(New, null, $"istiod-{New}", ca));

    private static JsonObject ByAddress()
    {
        var webhook = Webhook(New, null, "unused", NewCa);
        foreach (var entry in webhook["webhooks"]!.AsArray()) entry!["clientConfig"] = new JsonObject { ["url"] = "https://elsewhere/inject", ["caBundle"] = NewCa };
        return webhook;
    }
}
