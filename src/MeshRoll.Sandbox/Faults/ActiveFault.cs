using MeshRoll.Sandbox.Nodes.Images;
using MeshRoll.Sandbox.Nodes.Pods;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Faults;

/// <summary>A fault at work.</summary>
internal abstract class ActiveFault(SandboxFault fault)
{
    /// <summary>What it is.</summary>
    public SandboxFault Fault { get; } = fault;

    /// <summary>The fault as what it does.</summary>
    public static ActiveFault Of(SandboxFault fault, Cluster cluster, ImageRegistry images) => fault.Kind switch
    {
        SandboxFaultKind.ImageMissing when fault.Image is { } image => new LostImage(fault, image, images),
        SandboxFaultKind.QuotaExceeded => new UsedUpQuota(fault, cluster),
        SandboxFaultKind.NodeFull => new FullNodes(fault, cluster),
        SandboxFaultKind.WebhookDown => new SilentInjector(fault),
        SandboxFaultKind.AutoscalerFights => new StubbornAutoscaler(fault, cluster),
        _ => new BadPods(fault, cluster),
    };

    /// <summary>Does what is to be done at once.</summary>
    /// <exception cref="SandboxException">There is nothing it could befall.</exception>
    public virtual void Begin()
    {
    }

    /// <summary>Undoes that.</summary>
    public virtual void End()
    {
    }

    /// <summary>How a pod behaves under it.</summary>
    public virtual PodBehaviour Apply(PodBehaviour own, StoredObject pod) => own;
}
