using MeshRoll.Sandbox.Nodes.Scheduling;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Nodes.Pods;

/// <summary>The little of a pod's spec that scheduler and kubelet act upon, read once.</summary>
internal sealed record PodPlan
{
    /// <summary>Where a spec has its containers.</summary>
    public static readonly string[] ContainerLists = ["containers", "initContainers"];

    /// <summary>Its init containers, in their order.</summary>
    public required IReadOnlyList<ContainerPlan> Init { get; init; }

    /// <summary>Its containers.</summary>
    public required IReadOnlyList<ContainerPlan> Main { get; init; }

    /// <summary>Always, OnFailure, Never.</summary>
    public required string RestartPolicy { get; init; }

    /// <summary>Whether it has its node's address.</summary>
    public required bool HostNetwork { get; init; }

    /// <summary>Conditions of others that must hold before it is ready.</summary>
    public required IReadOnlyList<string> ReadinessGates { get; init; }

    /// <summary>Its quality of service.</summary>
    public required string Quality { get; init; }

    /// <summary>What its annotations say shall happen to it.</summary>
    public PodBehaviour Behaviour { get; init; } = PodBehaviour.Ordinary;

    /// <summary>What it asks of its node.</summary>
    public required PodPlacement Placement { get; init; }

    /// <summary>The container that a fault means when it names none: the application's, not the mesh's.</summary>
    public string FaultyContainer => Behaviour.FaultyContainer ?? (Main.FirstOrDefault(container => !container.IsMeshProxy) ?? Main[0]).Name;

    /// <summary>The plan of a pod. What follows from its spec is read once for all pods of a template.</summary>
    public static PodPlan Of(StoredObject pod)
    {
        var plan = pod.Wish.As(Read);
        var behaviour = PodBehaviour.Of(pod);
        return behaviour == PodBehaviour.Ordinary ? plan : plan with { Behaviour = behaviour };
    }

    private static PodPlan Read(JsonPart wish)
    {
        using var document = wish.Parse();
        var spec = document.RootElement.At("spec");
        var policy = spec.Text("restartPolicy");
        return new()
        {
            Init = spec.Items("initContainers").Select(static container => ContainerPlan.Read(container, isInit: true)),
            Main = spec.Items("containers").Select(static container => ContainerPlan.Read(container, isInit: false)),
            RestartPolicy = policy.Length > 0 ? Texts.Shared(policy) : "Always",
            HostNetwork = spec.Flag("hostNetwork"),
            ReadinessGates = spec.Items("readinessGates").Select(static gate => gate.Text("conditionType")),
            Quality = Pods.Quality.Of(spec),
            Placement = PodPlacement.Read(spec),
        };
    }
}
