using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Faults;

/// <summary>Whom a fault means.</summary>
internal static class FaultTarget
{
    /// <summary>Whether a fault means the workload of a pod.</summary>
    public static bool Fits(SandboxFault fault, StoredObject pod, ObjectStore store)
    {
        if (!Pattern.Like(fault.Namespace, pod.Namespace)) return false;
        if (fault.Workload == "*") return true;
        var workload = Top(pod, store);
        return Pattern.Like(fault.Workload, workload.Name) || Pattern.Like(fault.Workload, $"{workload.Resource.Kind}/{workload.Name}");
    }

    /// <summary>The workload of a name, or <c>kind/name</c>, in a namespace; null when there is none.</summary>
    public static StoredObject? Find(SandboxFault fault, ObjectStore store)
    {
        foreach (var resource in (ApiResource[])[ApiResources.Deployments, ApiResources.StatefulSets, ApiResources.ArgoRollouts, ApiResources.ReplicaSets])
        {
            var name = fault.Workload;
            var slash = name.IndexOf('/', StringComparison.Ordinal);
            if (slash > 0)
            {
                if (!resource.Kind.Equals(name[..slash], StringComparison.OrdinalIgnoreCase)) continue;
                name = name[(slash + 1)..];
            }
            if (store.Find(resource, fault.Namespace, name) is { } found) return found;
        }
        return null;
    }

    /// <summary>Who stands at the head of those that manage a pod; the pod itself when nobody does.</summary>
    private static StoredObject Top(StoredObject stored, ObjectStore store)
    {
        while (stored.ControllerUid.Length > 0 && store.FindByUid(stored.ControllerUid) is { } owner) stored = owner;
        return stored;
    }
}
