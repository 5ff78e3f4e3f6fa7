using System.Text.Json;
using MeshRoll.Core.Sidecars;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.ControlPlane;

/// <summary>
/// What one revision's injector puts into new pods, from its ConfigMap istio-sidecar-injector[-revision], key values.
/// Sources: Istio documentation, "Installation Options (Helm)" global.hub, global.tag, global.variant, global.proxy.image, and
/// "Resource Annotations" sidecar.istio.io/proxyImage, sidecar.istio.io/proxyImageType.
/// </summary>
public sealed record IstioInjector
{
    /// <summary>The ConfigMap's name without revision.</summary>
    public const string ConfigMapName = "istio-sidecar-injector";

    private const string ImageAnnotation = "sidecar.istio.io/proxyImage";
    private const string ImageTypeAnnotation = "sidecar.istio.io/proxyImageType";

    /// <summary>The revision; <c>default</c> for the unnamed one.</summary>
    public required string Revision { get; init; }

    /// <summary>Where it was found.</summary>
    public required string IstiodNamespace { get; init; }

    /// <summary>The registry and path of Istio's images.</summary>
    public string Hub { get; init; } = "";

    /// <summary>The version of new sidecars, perhaps with a variant; empty when the ConfigMap names none.</summary>
    public string Tag { get; init; } = "";

    /// <summary>The variant of new sidecars, such as distroless; empty for the tag as it is.</summary>
    public string Variant { get; init; } = "";

    /// <summary>The proxy image's name, or a whole image that stands for all of the above.</summary>
    public string ProxyImage { get; init; } = "proxyv2";

    /// <summary>Whether pods without any label are injected too.</summary>
    public bool EnabledByDefault { get; init; }

    /// <summary>Whether only pods are injected that ask for it themselves (autoInject: disabled).</summary>
    public bool OnlyOnRequest { get; init; }

    /// <summary>The ConfigMap of a revision.</summary>
    public static string NameOf(string revision) => revision is "" or IstioStatus.DefaultRevision ? ConfigMapName : $"{ConfigMapName}-{revision}";

    /// <summary>Reads a ConfigMap; null when it is not an injector's or its values are no JSON.</summary>
    public static IstioInjector? From(ConfigMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        if (!map.Metadata.Name.StartsWith(ConfigMapName, StringComparison.Ordinal) || !map.Data.TryGetValue("values", out var values)) return null;
        try
        {
            using var document = JsonDocument.Parse(values);
            var root = document.RootElement;
            var global = Member(root, "global");
            var proxy = Member(global, "proxy");
            var webhook = Member(root, "sidecarInjectorWebhook");
            return new()
            {
                Revision = RevisionOf(map, Text(root, "revision")),
                IstiodNamespace = map.Metadata.Namespace,
                Hub = Text(global, "hub"),
                Tag = Text(global, "tag"),
                Variant = Text(global, "variant"),
                ProxyImage = Text(proxy, "image") is { Length: > 0 } image ? image : "proxyv2",
                EnabledByDefault = Member(webhook, "enableNamespacesByDefault").ValueKind == JsonValueKind.True,
                OnlyOnRequest = Text(proxy, "autoInject") == "disabled",
            };
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The image a new pod with these annotations would get; null when the ConfigMap does not tell.</summary>
    public ImageReference? ImageFor(IReadOnlyDictionary<string, string> annotations)
    {
        ArgumentNullException.ThrowIfNull(annotations);
        // Istio's template takes the annotation, as it takes global.proxy.image, for a whole image only when there is a path in it.
        if (annotations.TryGetValue(ImageAnnotation, out var own) && own.Contains('/', StringComparison.Ordinal)) return ImageReference.Parse(own);
        if (ProxyImage.Contains('/', StringComparison.Ordinal)) return ImageReference.Parse(ProxyImage);
        if (Tag.Length == 0) return null;
        var variant = annotations.GetValueOrDefault(ImageTypeAnnotation) ?? Variant;
        return ImageReference.Parse($"{(Hub.Length == 0 ? "" : Hub + "/")}{ProxyImage}:{TagWith(variant)}");
    }

    /// <summary>The variant a pod's annotations ask for; empty when they ask for none.</summary>
    public static string VariantOf(IReadOnlyDictionary<string, string> annotations) =>
        annotations.GetValueOrDefault(ImageTypeAnnotation) is { } type && type != "default" ? type : "";

    /// <summary>Whether a new pod gets an image that is not made from hub and tag, so that images are compared rather than versions.</summary>
    public bool IsWholeImage(IReadOnlyDictionary<string, string> annotations)
    {
        ArgumentNullException.ThrowIfNull(annotations);
        return ProxyImage.Contains('/', StringComparison.Ordinal)
            || (annotations.TryGetValue(ImageAnnotation, out var own) && own.Contains('/', StringComparison.Ordinal));
    }

    // A variant replaces the one the tag has; "default" is the variant without a suffix.
    private string TagWith(string variant)
    {
        if (variant.Length == 0) return Tag;
        var plain = Tag;
        foreach (var known in (ReadOnlySpan<string>)["-distroless", "-debug"])
        {
            if (plain.EndsWith(known, StringComparison.Ordinal)) plain = plain[..^known.Length];
        }
        return variant == "default" ? plain : $"{plain}-{variant}";
    }

    private static string RevisionOf(ConfigMap map, string value)
    {
        if (map.Metadata.Labels.TryGetValue(IstioStatus.RevisionLabel, out var label) && label.Length > 0) return label;
        if (value.Length > 0) return value;
        return map.Metadata.Name.Length > ConfigMapName.Length + 1 ? map.Metadata.Name[(ConfigMapName.Length + 1)..] : IstioStatus.DefaultRevision;
    }

    private static JsonElement Member(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var member) ? member : default;

    // A tag such as 1.10 may have been given as a number.
    private static string Text(JsonElement parent, string name) => Member(parent, name) switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => "",
    };
}
