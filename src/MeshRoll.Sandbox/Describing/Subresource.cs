using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Describing;

/// <summary>A path below an object, such as <c>deployments/scale</c>.</summary>
/// <param name="Name">The last part of the path.</param>
/// <param name="Kind">What is read and written there.</param>
/// <param name="Verbs">What can be done with it.</param>
/// <param name="Group">The group of what is written there, where it is another than the object's.</param>
/// <param name="Version">The version of that group.</param>
internal sealed record Subresource(string Name, string Kind, IReadOnlyList<string> Verbs, string? Group = null, string? Version = null)
{
    private static readonly string[] ReadAndWrite = ["get", "patch", "update"];

    /// <summary>The subresources of a resource, in the order of their names.</summary>
    public static IEnumerable<Subresource> Of(ApiResource resource)
    {
        if (resource == ApiResources.Pods)
        {
            yield return new("binding", "Binding", ["create"]);
            yield return new("eviction", "Eviction", ["create"], "policy", "v1");
            yield return new("log", "Pod", ["get"]);
            yield return new("portforward", "PodPortForwardOptions", ["create", "get"]);
        }
        if (resource == ApiResources.Namespaces) yield return new("finalize", "Namespace", ["update"]);
        if (resource == ApiResources.ServiceAccounts) yield return new("token", "TokenRequest", ["create"], "authentication.k8s.io", "v1");
        if (resource.HasScale) yield return new("scale", "Scale", ReadAndWrite, "autoscaling", "v1");
        if (resource.HasStatus) yield return new("status", resource.Kind, ReadAndWrite);
    }
}
