using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MeshRoll.Sandbox.Mesh.Linkerd;

/// <summary>What the ConfigMap linkerd-config says about proxies.</summary>
internal sealed record LinkerdValues(string ProxyImage, string ProxyVersion, string LinkerdVersion, string InitImage, bool NativeSidecars)
{
    /// <summary>Reads the values of an installation; null where they are no YAML map.</summary>
    public static LinkerdValues? Read(StoredObject map)
    {
        try
        {
            YamlStream stream = [];
            stream.Load(new StringReader(map.ToJson().Text("data", "values") ?? ""));
            if (stream.Documents.Count == 0 || stream.Documents[0].RootNode is not YamlMappingNode root) return null;
            var version = Text(root, "linkerdVersion");
            var own = Text(root, "proxy", "image", "version");
            return new(Text(root, "proxy", "image", "name"), own.Length > 0 ? own : version, version, $"{Text(root, "proxyInit", "image", "name")}:{Text(root, "proxyInit", "image", "version")}", Text(root, "proxy", "nativeSidecar") == "true");
        }
        catch (YamlException)
        {
            return null;
        }
    }

    private static string Text(YamlNode? node, params ReadOnlySpan<string> path)
    {
        foreach (var name in path) node = node is YamlMappingNode map && map.Children.TryGetValue(new YamlScalarNode(name), out var child) ? child : null;
        return (node as YamlScalarNode)?.Value ?? "";
    }
}
