namespace MeshRoll.Core.Workloads;

/// <summary>Names one workload of a cluster. Kind is the API's: Deployment, StatefulSet, DaemonSet, Rollout, ReplicaSet, Job, Pod.</summary>
public sealed record WorkloadReference(string Namespace, string Kind, string Name)
{
    /// <summary>As kubectl users write it: <c>deployment/web</c>.</summary>
    public string ShortName => $"{Kind.ToLowerInvariant()}/{Name}";

    /// <summary><c>shop deployment/web</c>.</summary>
    public override string ToString() => $"{Namespace} {ShortName}";
}
