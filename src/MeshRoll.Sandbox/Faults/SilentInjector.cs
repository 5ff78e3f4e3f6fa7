using MeshRoll.Sandbox.Nodes.Pods;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Faults;

/// <summary>An injector of the mesh that is not ready, and so has no endpoints. It befalls what runs, too.</summary>
internal sealed class SilentInjector(SandboxFault fault) : ActiveFault(fault)
{
    private static readonly (string Label, string Value)[] Injectors =
    [
        ("app", "istiod"),
        ("linkerd.io/control-plane-component", "proxy-injector"),
        ("component", "connect-injector"),
    ];

    /// <inheritdoc/>
    public override PodBehaviour Apply(PodBehaviour own, StoredObject pod) => IsMeant(pod) ? own with { NeverReady = true } : own;

    private bool IsMeant(StoredObject pod) =>
        Array.Exists(Injectors, injector => pod.Labels.GetValueOrDefault(injector.Label) == injector.Value)
        && Pattern.Like(Fault.Revision, pod.Labels.GetValueOrDefault("istio.io/rev", "default"));
}
