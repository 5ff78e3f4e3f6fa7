using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Faults;

/// <summary>An autoscaler that wants exactly the replicas there are.</summary>
internal sealed class StubbornAutoscaler(SandboxFault fault, Cluster cluster) : ActiveFault(fault)
{
    private string ScalerName => $"sandbox-{Fault.Name}";

    /// <inheritdoc/>
    public override void Begin()
    {
        if (FaultTarget.Find(Fault, cluster.Store) is not { } workload) throw Fault.Invalid($"there is no workload {Fault.Workload} that could be scaled in namespace {Fault.Namespace}");
        var replicas = Math.Max(1, workload.ToJson().Number("spec", "replicas") ?? 1);
        cluster.Create(ApiResources.HorizontalPodAutoscalers, Fault.Namespace, Scaler(workload, replicas));
    }

    /// <inheritdoc/>
    public override void End()
    {
        if (cluster.Store.Find(ApiResources.HorizontalPodAutoscalers, Fault.Namespace, ScalerName) is { } scaler) cluster.Delete(scaler);
    }

    private JsonObject Scaler(StoredObject workload, long replicas) => new()
    {
        ["metadata"] = new JsonObject { ["name"] = ScalerName },
        ["spec"] = new JsonObject
        {
            ["scaleTargetRef"] = new JsonObject { ["apiVersion"] = workload.Resource.ApiVersion, ["kind"] = workload.Resource.Kind, ["name"] = workload.Name },
            ["minReplicas"] = replicas,
            ["maxReplicas"] = replicas,
            ["metrics"] = new JsonArray(new JsonObject
            {
                ["type"] = "Resource",
                ["resource"] = new JsonObject { ["name"] = "cpu", ["target"] = new JsonObject { ["type"] = "Utilization", ["averageUtilization"] = 80 } },
            }),
        },
    };
}
