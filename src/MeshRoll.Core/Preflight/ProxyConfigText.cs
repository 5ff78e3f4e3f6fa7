using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MeshRoll.Core.Preflight;

/// <summary>
/// Reads what Istio's proxies are told: the ConfigMap <c>istio</c> (key mesh: defaultConfig) and the annotation proxy.istio.io/config, which holds the same fields.
/// Source: Istio's API reference, MeshConfig and ProxyConfig.
/// </summary>
internal static class ProxyConfigText
{
    /// <summary>The mesh's settings; null for text that is no YAML.</summary>
    public static ProxySettings? OfMesh(string mesh) => Root(mesh) is { } root ? Read(Member(root, "defaultConfig")) : null;

    /// <summary>The drain time of an annotation, in seconds; null where it says none.</summary>
    public static int? DrainSeconds(string config) => Read(Root(config)).DrainSeconds;

    /// <summary>Whether an annotation holds the application; null where it says nothing.</summary>
    public static bool? HoldsApplication(string config) => Text(Member(Root(config), "holdApplicationUntilProxyStarts")) is { } text ? text == "true" : null;

    private static ProxySettings Read(YamlNode? config) =>
        new(Text(Member(config, "holdApplicationUntilProxyStarts")) == "true", Seconds(Text(Member(config, "terminationDrainDuration"))));

    private static int? Seconds(string? duration) => duration is { Length: > 1 } && duration.EndsWith('s')
        && double.TryParse(duration.AsSpan(0, duration.Length - 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) ? (int)seconds : null;

    private static YamlNode? Root(string text)
    {
        try
        {
            YamlStream stream = [];
            stream.Load(new StringReader(text));
            return stream.Documents.Count == 0 ? null : stream.Documents[0].RootNode;
        }
        catch (YamlException)
        {
            return null;
        }
    }

    private static YamlNode? Member(YamlNode? parent, string name) => parent is YamlMappingNode map && map.Children.TryGetValue(new YamlScalarNode(name), out var child) ? child : null;

    private static string? Text(YamlNode? node) => node is YamlScalarNode { Value.Length: > 0 } scalar ? scalar.Value : null;
}
