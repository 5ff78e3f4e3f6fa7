using System.Text.Json.Nodes;
using MeshRoll.Core.ControlPlane.ProxyStatus;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.ControlPlane.ProxyStatus;

public sealed class IstiodPodTests
{
    [Fact]
    public void Revision_and_cluster_come_from_the_pod() =>
        Assert.Equal(new IstiodPod("istio-system", "istiod-1", "1-27", "east", true), IstiodPod.Of(Pod("1-27", "east")));

    [Fact]
    public void Without_a_label_it_is_the_default_revision_and_without_the_variable_its_cluster_is_unknown() =>
        Assert.Equal(("default", null), IstiodPod.Of(Pod(null, null)) is var pod ? (pod.Revision, pod.ClusterId) : default);

    [Theory]
    [InlineData("Running", """{"running":{"startedAt":"2026-01-02T03:04:05Z"}}""", true)]
    [InlineData("Running", """{"waiting":{"reason":"CrashLoopBackOff"}}""", false)]
    [InlineData("Running", """{"terminated":{"exitCode":1}}""", false)]
    [InlineData("Running", null, true)]
    [InlineData("Pending", null, false)]
    [InlineData("Failed", """{"terminated":{"exitCode":1}}""", false)]
    public void Only_one_that_runs_can_hold_connections(string phase, string? state, bool runs)
    {
        var status = new JsonObject { ["phase"] = phase };
        if (state is not null) status["containerStatuses"] = new JsonArray(new JsonObject { ["name"] = "other" }, new JsonObject { ["name"] = "discovery", ["state"] = JsonNode.Parse(state) });
        Assert.Equal(runs, IstiodPod.Of(Pod("x", "y", status)).Runs);
    }

    private static RawObject Pod(string? revision, string? cluster, JsonObject? status = null)
    {
        var environment = new JsonArray(new JsonObject { ["name"] = "POD_NAME", ["valueFrom"] = new JsonObject() });
        if (cluster is not null) environment.Add((JsonNode)new JsonObject { ["name"] = "CLUSTER_ID", ["value"] = cluster });
        var json = new JsonObject
        {
            ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "discovery", ["env"] = environment }) },
            ["status"] = status ?? new JsonObject { ["phase"] = "Running" },
        };
        return new()
        {
            Metadata = new() { Namespace = "istio-system", Name = "istiod-1", Labels = revision is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["istio.io/rev"] = revision } },
            Json = System.Text.Json.JsonDocument.Parse(json.ToJsonString()).RootElement,
        };
    }
}
