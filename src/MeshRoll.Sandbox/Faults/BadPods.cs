using MeshRoll.Sandbox.Nodes.Pods;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Objects.Views;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Faults;

/// <summary>Pods of a workload that do not come up as they should; those that run already are spared.</summary>
internal sealed class BadPods(SandboxFault fault, Cluster cluster) : ActiveFault(fault)
{
    private readonly HashSet<string> _spared = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override void Begin()
    {
        foreach (var pod in cluster.Store.List(ApiResources.Pods))
        {
            if (pod.As<PodView>().NodeName.Length > 0 && FaultTarget.Fits(Fault, pod, cluster.Store)) _spared.Add(pod.Uid);
        }
    }

    /// <inheritdoc/>
    public override PodBehaviour Apply(PodBehaviour own, StoredObject pod)
    {
        if (_spared.Contains(pod.Uid) || !FaultTarget.Fits(Fault, pod, cluster.Store)) return own;
        return Fault.Kind switch
        {
            SandboxFaultKind.ImageMissing => own with { MissingImage = "*" },
            SandboxFaultKind.InitContainerFailing => own with { InitFails = true, ExitCode = Fault.ExitCode },
            SandboxFaultKind.NeverReady => own with { NeverReady = true },
            SandboxFaultKind.Slow => own with { Slowness = Fault.After!.Value },
            _ => own with { CrashesAfter = Fault.After ?? TimeSpan.FromSeconds(1), ExitCode = Fault.ExitCode },
        };
    }
}
