using MeshRoll.Kubernetes.Models;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MeshRoll.Core.ControlPlane;

/// <summary>
/// What Linkerd's injector puts into new pods. Sources: Linkerd documentation, "Automatic Proxy Injection" and "Proxy Configuration";
/// its Helm chart keeps the values it was installed with in the ConfigMap linkerd-config.
/// </summary>
/// <param name="Version">The version of new proxies; null when the ConfigMap does not tell.</param>
public sealed record LinkerdInjector(string? Version)
{
    /// <summary>The ConfigMap's name.</summary>
    public const string ConfigMapName = "linkerd-config";

    /// <summary>On namespaces and pods: enabled, ingress or disabled.</summary>
    public const string InjectAnnotation = "linkerd.io/inject";

    /// <summary>On pods: the version that was injected.</summary>
    public const string VersionAnnotation = "linkerd.io/proxy-version";

    private const string WantedVersionAnnotation = "config.linkerd.io/proxy-version";

    /// <summary>Reads the ConfigMap: proxy.image.version where set, otherwise linkerdVersion.</summary>
    public static LinkerdInjector From(ConfigMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        if (!map.Data.TryGetValue("values", out var values)) return new((string?)null);
        try
        {
            YamlStream stream = [];
            stream.Load(new StringReader(values));
            var root = stream.Documents.Count == 0 ? null : stream.Documents[0].RootNode;
            var own = Text(Member(Member(Member(root, "proxy"), "image"), "version"));
            return new(own ?? Text(Member(root, "linkerdVersion")));
        }
        catch (YamlException)
        {
            return new((string?)null);
        }
    }

    /// <summary>Whether and why a new pod would be injected: the pod's own annotation wins over the namespace's. Null when the namespace decides and could not be read.</summary>
    public static InjectionDecision? Decide(Namespace? @namespace, ObjectMeta pod, bool hostNetwork)
    {
        ArgumentNullException.ThrowIfNull(pod);
        if (hostNetwork) return new(null, "the pod uses the host's network");
        if (pod.Annotations.TryGetValue(InjectAnnotation, out var own)) return Decision(own, "pod");
        if (@namespace is null) return null;
        return @namespace.Metadata.Annotations.TryGetValue(InjectAnnotation, out var inherited)
            ? Decision(inherited, "namespace")
            : new(null, "neither the namespace nor the pod asks for injection");
    }

    /// <summary>The version a new pod would get: its own or its namespace's wish, otherwise the mesh's.</summary>
    public string? VersionFor(Namespace? @namespace, ObjectMeta pod)
    {
        ArgumentNullException.ThrowIfNull(pod);
        return pod.Annotations.GetValueOrDefault(WantedVersionAnnotation)
            ?? @namespace?.Metadata.Annotations.GetValueOrDefault(WantedVersionAnnotation)
            ?? Version;
    }

    private static InjectionDecision Decision(string value, string where) =>
        new(value is "enabled" or "ingress" ? "" : null, $"{where} annotation {InjectAnnotation}={value}");

    private static YamlNode? Member(YamlNode? parent, string name) =>
        parent is YamlMappingNode map && map.Children.TryGetValue(new YamlScalarNode(name), out var child) ? child : null;

    private static string? Text(YamlNode? node) => node is YamlScalarNode { Value.Length: > 0 } scalar ? scalar.Value : null;
}
