using System.Globalization;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Objects.Views;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Faults;

/// <summary>A quota that is just used up: as many pods as there are, and no more.</summary>
internal sealed class UsedUpQuota(SandboxFault fault, Cluster cluster) : ActiveFault(fault)
{
    private string QuotaName => $"sandbox-{Fault.Name}";

    /// <inheritdoc/>
    public override void Begin()
    {
        var pods = cluster.Store.List(ApiResources.Pods, Fault.Namespace).Count(pod => !pod.As<PodView>().HasEnded).ToString(CultureInfo.InvariantCulture);
        try
        {
            cluster.Create(ApiResources.ResourceQuotas, Fault.Namespace, new JsonObject
            {
                ["metadata"] = new JsonObject { ["name"] = QuotaName },
                ["spec"] = new JsonObject { ["hard"] = new JsonObject { ["pods"] = pods } },
                ["status"] = new JsonObject { ["hard"] = new JsonObject { ["pods"] = pods }, ["used"] = new JsonObject { ["pods"] = pods } },
            });
        }
        catch (ApiStatusException refusal)
        {
            throw Fault.Invalid(refusal.Message);
        }
    }

    /// <inheritdoc/>
    public override void End()
    {
        if (cluster.Store.Find(ApiResources.ResourceQuotas, Fault.Namespace, QuotaName) is { } quota) cluster.Delete(quota);
    }
}
