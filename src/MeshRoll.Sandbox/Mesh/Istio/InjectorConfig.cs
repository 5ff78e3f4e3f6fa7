using System.Text.Json;
using System.Text.RegularExpressions;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Mesh.Istio;

/// <summary>What a revision's injector ConfigMap says: from where, which version, and how.</summary>
internal sealed partial record InjectorConfig
{
    private static readonly string[] Variants = ["-distroless", "-debug"];

    /// <summary>The revision; <c>default</c> for an istiod without one.</summary>
    public required string Revision { get; init; }

    /// <summary>The version of what is injected.</summary>
    public required string Tag { get; init; }

    /// <summary>Where istiod lives.</summary>
    public required string IstioNamespace { get; init; }

    /// <summary>Whether pods are injected that say nothing themselves.</summary>
    public required bool InjectsByDefault { get; init; }

    /// <summary>Whether the proxy is an init container that stays.</summary>
    public required bool NativeSidecars { get; init; }

    /// <summary>The pull policy of the proxy.</summary>
    public required string PullPolicy { get; init; }

    /// <summary>Part of the image: global values of the chart.</summary>
    public required string Hub { get; init; }

    /// <summary>Part of the image: global values of the chart.</summary>
    public required string ProxyImage { get; init; }

    /// <summary>Part of the image: global values of the chart.</summary>
    public required string Variant { get; init; }

    /// <summary>Reads the ConfigMap.</summary>
    /// <exception cref="JsonException">The key values is no JSON.</exception>
    public static InjectorConfig Read(StoredObject map)
    {
        using var whole = JsonDocument.Parse(map.Json);
        var data = whole.RootElement.At("data");
        using var document = JsonDocument.Parse(data.Text("values") is { Length: > 0 } values ? values : "{}");
        var root = document.RootElement;
        var global = root.At("global");
        return new()
        {
            Revision = Or(root.Text("revision"), IstiodOptions.DefaultRevision),
            Tag = TagOf(global.At("tag")),
            IstioNamespace = Or(global.Text("istioNamespace"), map.Namespace),
            // Only "disabled" leaves it to the pod; the chart writes "enabled".
            InjectsByDefault = !Disabled().IsMatch(data.Text("config")),
            NativeSidecars = root.Text("pilot", "env", "ENABLE_NATIVE_SIDECARS") == "true" || root.Flag("pilot", "env", "ENABLE_NATIVE_SIDECARS"),
            PullPolicy = Or(global.Text("imagePullPolicy"), "IfNotPresent"),
            Hub = global.Text("hub"),
            ProxyImage = Or(global.Text("proxy", "image"), "proxyv2"),
            Variant = global.Text("variant"),
        };
    }

    /// <summary>The image of the proxy for a pod with these annotations.</summary>
    public string Image(IReadOnlyDictionary<string, string> annotations)
    {
        if (annotations.GetValueOrDefault("sidecar.istio.io/proxyImage") is { Length: > 0 } own) return own;
        // A name with a slash is a whole reference already.
        if (ProxyImage.Contains('/', StringComparison.Ordinal)) return ProxyImage;
        var variant = annotations.GetValueOrDefault("sidecar.istio.io/proxyImageType") ?? Variant;
        var tag = Tag;
        if (variant.Length > 0)
        {
            foreach (var ending in Variants) tag = tag.EndsWith(ending, StringComparison.Ordinal) ? tag[..^ending.Length] : tag;
            if (variant != "default") tag += "-" + variant;
        }
        return $"{Hub}/{ProxyImage}:{tag}";
    }

    private static string TagOf(JsonElement tag) => tag.ValueKind == JsonValueKind.Number ? tag.GetRawText() : tag.ValueKind == JsonValueKind.String ? tag.GetString()! : "";

    private static string Or(string text, string other) => text.Length > 0 ? text : other;

    [GeneratedRegex(@"^policy:\s*""?disabled", RegexOptions.Multiline)]
    private static partial Regex Disabled();
}
