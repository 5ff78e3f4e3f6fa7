using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Kubernetes.Api;

/// <summary>One kind of object of the API: where it lives and, for those who read it, how.</summary>
public sealed class Resource<T> where T : class, IKubernetesObject
{
    /// <summary>The API group; empty for core.</summary>
    public required string Group { get; init; }

    /// <summary>The version, such as <c>v1</c>.</summary>
    public required string Version { get; init; }

    /// <summary>The plural in the URL, such as <c>deployments</c>.</summary>
    public required string Plural { get; init; }

    /// <summary>The kind, such as <c>Deployment</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Whether its objects live in namespaces.</summary>
    public bool Namespaced { get; init; } = true;

    /// <summary>The name RBAC and people use: <c>deployments.apps</c>, <c>pods</c>.</summary>
    public string FullName => Group.Length == 0 ? Plural : $"{Plural}.{Group}";
}
