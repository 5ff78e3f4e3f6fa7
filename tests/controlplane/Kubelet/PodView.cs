using System.Text.Json.Nodes;

namespace MeshRoll.TestControlPlane.Kubelet;

/// <summary>The little of a pod that a kubelet acts upon; thousands of whole pods would not fit into a test's memory.</summary>
internal sealed record PodView
{
    public required string Uid { get; init; }

    public required string Namespace { get; init; }

    public required string Name { get; init; }

    public required string NodeName { get; init; }

    public required IReadOnlyList<ContainerSpec> InitContainers { get; init; }

    public required IReadOnlyList<ContainerSpec> Containers { get; init; }

    public required bool HostNetwork { get; init; }

    public required bool RestartsAlways { get; init; }

    public required PodFaults Faults { get; init; }

    /// <summary>The grace period once the pod is to be deleted, null before.</summary>
    public required TimeSpan? Deletion { get; init; }

    public string Path => $"/api/v1/namespaces/{Namespace}/pods/{Name}";

    public static PodView Read(JsonObject pod)
    {
        var metadata = pod["metadata"]!;
        var spec = pod["spec"]!;
        return new PodView
        {
            Uid = (string)metadata["uid"]!,
            Namespace = (string)metadata["namespace"]!,
            Name = (string)metadata["name"]!,
            NodeName = (string)spec["nodeName"]!,
            InitContainers = ContainerSpec.ReadAll(spec["initContainers"]),
            Containers = ContainerSpec.ReadAll(spec["containers"]),
            HostNetwork = (bool?)spec["hostNetwork"] ?? false,
            RestartsAlways = ((string?)spec["restartPolicy"] ?? "Always") == "Always",
            Faults = PodFaults.Read(metadata["annotations"]?.AsObject()),
            Deletion = metadata["deletionTimestamp"] is null ? null : TimeSpan.FromSeconds((long?)metadata["deletionGracePeriodSeconds"] ?? 30),
        };
    }

    /// <summary>The container that a fault means when it names none: the application's, not the mesh's.</summary>
    public string FaultyContainer => Faults.FaultyContainer ?? (Containers.FirstOrDefault(container => container.Name != "istio-proxy") ?? Containers[0]).Name;
}
