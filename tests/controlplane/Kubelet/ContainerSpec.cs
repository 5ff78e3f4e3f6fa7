using System.Text.Json.Nodes;

namespace MeshRoll.TestControlPlane.Kubelet;

/// <summary>A container as the pod asks for it.</summary>
internal sealed record ContainerSpec(string Name, string Image)
{
    public static IReadOnlyList<ContainerSpec> ReadAll(JsonNode? containers) => containers is null
        ? []
        : [.. containers.AsArray().Select(container => new ContainerSpec((string)container!["name"]!, (string?)container["image"] ?? string.Empty))];
}
