using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using static MeshRoll.Sandbox.Worlds.WorldWorkloadKind;

namespace MeshRoll.Sandbox.Worlds.Building;

/// <summary>What stands beside a workload: its Service, its disruption budget, its autoscaler.</summary>
internal static class Companions
{
    /// <summary>All of them, each with its resource.</summary>
    public static IEnumerable<(ApiResource Resource, JsonObject Object)> Of(WorldWorkload workload)
    {
        if (workload.Service is { } port) yield return (ApiResources.Services, Service(workload, port));
        if (workload.DisruptionBudget is { } budget) yield return (ApiResources.PodDisruptionBudgets, DisruptionBudget(workload, budget));
        if (workload.Autoscaler is { } scaler) yield return (ApiResources.HorizontalPodAutoscalers, Autoscaler(workload, scaler));
    }

    private static JsonObject Service(WorldWorkload workload, int port)
    {
        var spec = new JsonObject
        {
            ["selector"] = new JsonObject { ["app"] = workload.Name },
            ["ports"] = new JsonArray(new JsonObject { ["name"] = "http", ["port"] = port, ["protocol"] = "TCP", ["targetPort"] = 8080 }),
        };
        // A StatefulSet's pods are found by name, not behind one address.
        if (workload.Kind == StatefulSet) spec["clusterIP"] = "None";
        return Named(workload, spec);
    }

    private static JsonObject DisruptionBudget(WorldWorkload workload, WorldDisruptionBudget budget)
    {
        var spec = new JsonObject { ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = workload.Name } } };
        if (budget.MinAvailable is { } least) spec["minAvailable"] = WorkloadManifest.Amount(least);
        if (budget.MaxUnavailable is { } most) spec["maxUnavailable"] = WorkloadManifest.Amount(most);
        return Named(workload, spec);
    }

    private static JsonObject Autoscaler(WorldWorkload workload, WorldAutoscaler scaler)
    {
        var resource = WorkloadManifest.ResourceOf(workload.Kind);
        return Named(workload, new JsonObject
        {
            ["scaleTargetRef"] = new JsonObject { ["apiVersion"] = resource.ApiVersion, ["kind"] = resource.Kind, ["name"] = workload.Name },
            ["minReplicas"] = scaler.Min,
            ["maxReplicas"] = scaler.Max,
            ["metrics"] = new JsonArray(new JsonObject
            {
                ["type"] = "Resource",
                ["resource"] = new JsonObject { ["name"] = "cpu", ["target"] = new JsonObject { ["type"] = "Utilization", ["averageUtilization"] = 80 } },
            }),
        });
    }

    private static JsonObject Named(WorldWorkload workload, JsonObject spec) => new()
    {
        ["metadata"] = new JsonObject { ["name"] = workload.Name, ["labels"] = new JsonObject { ["app"] = workload.Name } },
        ["spec"] = spec,
    };
}
