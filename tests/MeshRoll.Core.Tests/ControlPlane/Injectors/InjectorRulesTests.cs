using System.Text.Json.Nodes;
using MeshRoll.Core.ControlPlane.Injectors;
using MeshRoll.Core.ControlPlane.Injectors.Switching;
using MeshRoll.Core.Tests.Builders;
using static MeshRoll.Core.Tests.Builders.InjectorMesh;

namespace MeshRoll.Core.Tests.ControlPlane.Injectors;

public sealed class InjectorRulesTests
{
    private const string Own = "istio-sidecar-injector-" + New;

    public static TheoryData<string, InjectorHealth, string> Cases => new()
    {
        { "as it should be", InjectorHealth.Healthy, "" },
        { "nobody stands ready", InjectorHealth.Broken, "no pod that it matches can be created" },
        { "nobody stands ready and failures are ignored", InjectorHealth.Broken, "come without sidecar" },
        { "its service is gone", InjectorHealth.Broken, "does not exist" },
        { "its service lacks the port", InjectorHealth.Broken, "no port 443" },
        { "its authority is garbage", InjectorHealth.Broken, "no certificate" },
        { "its authority has expired", InjectorHealth.Broken, "expired" },
        { "it has no authority", InjectorHealth.Degraded, "no caBundle" },
        { "its webhooks trust different authorities", InjectorHealth.Degraded, "different authorities" },
        { "a change was interrupted", InjectorHealth.Degraded, "interrupted" },
        { "it is switched off", InjectorHealth.Inactive, "switched off" },
        { "endpoints may not be read", InjectorHealth.Unknown, "no right to get endpoints" },
        { "it calls an address", InjectorHealth.Unknown, "https://elsewhere" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Health_says_whether_pods_can_be_created(string situation, InjectorHealth health, string says)
    {
        var (webhook, mesh) = (Webhook(New, null, $"istiod-{New}", NewCa), new InjectorMesh().Without(Own));
        switch (situation)
        {
            case "nobody stands ready": mesh = mesh.WithIstiod(Istiod(New, ready: 0, endpoints: 0)); break;
            case "nobody stands ready and failures are ignored":
                mesh = mesh.WithIstiod(Istiod(New, ready: 0, endpoints: 0));
                foreach (var entry in webhook["webhooks"]!.AsArray()) entry!["failurePolicy"] = "Ignore";
                break;
            case "its service is gone": mesh = mesh.WithIstiod(Istiod(New) with { Exists = false, Endpoints = 0 }); break;
            case "its service lacks the port": mesh = mesh.WithIstiod(Istiod(New) with { Ports = [15012] }); break;
            case "its authority is garbage": webhook = Webhook(New, null, $"istiod-{New}", "bm8="); break;
            case "its authority has expired": webhook = Webhook(New, null, $"istiod-{New}", ExpiredCa); break;
            case "it has no authority": webhook = Webhook(New, null, $"istiod-{New}", ""); break;
            case "its webhooks trust different authorities": webhook["webhooks"]![1]!["clientConfig"]!["caBundle"] = OldCa; break;
            case "a change was interrupted": WebhookEdits.YieldToOthers(webhook); break;
            case "it is switched off": WebhookEdits.SwitchOff(webhook); break;
            case "endpoints may not be read": mesh = mesh.WithIstiod(Istiod(New, endpoints: null)); break;
            case "it calls an address":
                foreach (var entry in webhook["webhooks"]!.AsArray()) entry!["clientConfig"] = new JsonObject { ["url"] = "https://elsewhere/inject", ["caBundle"] = NewCa };
                break;
        }
        var survey = mesh.With(webhook).Survey();

        var injector = InjectorRules.Describe(survey, survey.Webhooks.Single(one => one.Name == Own), "prod", Now);

        Assert.Equal(health, injector.Health);
        Assert.Contains(says, injector.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_webhook_pointed_at_another_istiod_says_whom_it_asks_and_whether_it_may_trust_him()
    {
        var survey = new InjectorMesh().Without("istio-sidecar-injector").With(Webhook("default", null, $"istiod-{New}", NewCa)).Survey();
        var right = InjectorRules.Describe(survey, survey.Webhooks[0], "prod", Now);
        Assert.Equal(("default", New, InjectorHealth.Healthy, "labelled default, but asks 1-27-1"), (right.Revision, right.AsksRevision, right.Health, right.Reason));
        Assert.Equal(["bank"], right.Namespaces);

        survey = new InjectorMesh().Without("istio-sidecar-injector").With(Webhook("default", null, $"istiod-{New}", OldCa)).Survey();
        var wrong = InjectorRules.Describe(survey, survey.Webhooks[0], "prod", Now);
        Assert.Equal((CaBundleState.Differs, InjectorHealth.Broken), (wrong.CaBundle, wrong.Health));
    }

    [Theory]
    [InlineData("istio-sidecar-injector-asm-1-17-aks-istio-system", "aks-istio-system", null, "asm-1-17")]
    [InlineData("istio-revision-tag-prod-mesh", "mesh", "prod", "default")]
    [InlineData("istio-sidecar-injector-mesh", "mesh", null, "default")]
    public void Without_labels_names_tell_revision_and_tag(string name, string place, string? tag, string revision)
    {
        var json = Webhook("default", null, "istiod", OldCa, name);
        json["metadata"]!.AsObject().Remove("labels");
        foreach (var entry in json["webhooks"]!.AsArray()) entry!["clientConfig"]!["service"]!["namespace"] = place;
        var webhook = InjectorWebhook.From(MeshRoll.Kubernetes.Models.RawObject.From(json))!;
        Assert.Equal((tag, revision), (webhook.Tag, webhook.Revision));
    }
}
