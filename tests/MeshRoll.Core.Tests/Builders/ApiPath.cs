using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.Builders;

/// <summary>
/// What a request is about: <c>/api/v1/namespaces/shop/pods/web-1</c> is web-1 of namespace shop in the collection <c>api/v1/pods</c>.
/// The collection is empty where none is named, as in discovery.
/// </summary>
internal readonly record struct ApiPath(string Collection, string? Namespace, string? Name)
{
    public static ApiPath Parse(string path)
    {
        string[] parts = [.. path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)];
        var root = Math.Min(parts.Length, parts is ["api", ..] ? 2 : 3);
        var version = string.Join('/', parts[..root]);
        return parts[root..] switch
        {
            ["namespaces", var place, var plural] => new($"{version}/{plural}", place, null),
            ["namespaces", var place, var plural, var name] => new($"{version}/{plural}", place, name),
            [var plural] => new($"{version}/{plural}", null, null),
            [var plural, var name] => new($"{version}/{plural}", null, name),
            _ => new("", null, null),
        };
    }

    /// <summary>The collection of a resource.</summary>
    public static string CollectionOf<T>(Resource<T> resource) where T : class, IKubernetesObject =>
        (resource.Group.Length == 0 ? "api/" : $"apis/{resource.Group}/") + $"{resource.Version}/{resource.Plural}";
}
