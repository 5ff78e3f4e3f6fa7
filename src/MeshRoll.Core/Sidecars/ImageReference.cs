namespace MeshRoll.Core.Sidecars;

/// <summary>
/// A container image as a pod names it, taken apart by the grammar of the distribution project's image references:
/// <c>[registry[:port]/]repository[:tag][@digest]</c>. Parts that are missing are empty.
/// </summary>
/// <param name="Registry">Host, with port where given; empty when the image names none.</param>
/// <param name="Repository">Path and name, such as <c>istio/proxyv2</c>.</param>
/// <param name="Tag">The tag, or empty.</param>
/// <param name="Digest">The digest with its algorithm, such as <c>sha256:…</c>, or empty.</param>
public sealed record ImageReference(string Registry, string Repository, string Tag, string Digest)
{
    /// <summary>Istio's word for "the injector fills this in" (Istio documentation, "Installing Gateways"): no image at all.</summary>
    public const string Auto = "auto";

    // Flavours of one and the same release. A release candidate's or a vendor's suffix (-rc.1, -asm.17, -fips) is part of the version.
    private static readonly string[] Variants = ["distroless", "debug", "default", "ubi", "ubi8", "ubi9", "alpine", "ubuntu", "slim"];

    /// <summary>Whether the image is the placeholder that an injector has not replaced.</summary>
    public bool IsAuto => Registry.Length == 0 && Tag.Length == 0 && Digest.Length == 0 && Repository.Equals(Auto, StringComparison.OrdinalIgnoreCase);

    /// <summary>The tag without variant; null when there is no tag, so that the version cannot be told.</summary>
    public string? Version => VersionWithout("");

    /// <summary>The tag without known variants and without <paramref name="variant"/> (annotation sidecar.istio.io/proxyImageType may name any).</summary>
    public string? VersionWithout(string variant)
    {
        ArgumentNullException.ThrowIfNull(variant);
        if (Tag.Length == 0) return null;
        var version = Tag;
        while (VariantSuffix(version, variant) is { } length) version = version[..^length];
        return version;
    }

    /// <summary>Takes <paramref name="image"/> apart. Never fails: what follows no grammar is a repository.</summary>
    public static ImageReference Parse(string image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var rest = image.Trim();

        var digest = "";
        if (rest.IndexOf('@', StringComparison.Ordinal) is var at and >= 0) (rest, digest) = (rest[..at], rest[(at + 1)..]);

        // A colon before the last slash separates a port, one after it a tag.
        var tag = "";
        var colon = rest.LastIndexOf(':');
        if (colon > rest.LastIndexOf('/')) (rest, tag) = (rest[..colon], rest[(colon + 1)..]);

        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        if (slash > 0 && IsHost(rest.AsSpan(0, slash))) return new(rest[..slash], rest[(slash + 1)..], tag, digest);
        return new("", rest, tag, digest);
    }

    /// <summary>Whether both name the same image: hosts without regard to case, a digest settling it when both have one.</summary>
    public bool IsSameAs(ImageReference other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (!Registry.Equals(other.Registry, StringComparison.OrdinalIgnoreCase) || Repository != other.Repository) return false;
        return Digest.Length > 0 && other.Digest.Length > 0 ? Digest == other.Digest : Tag == other.Tag && Digest == other.Digest;
    }

    /// <summary>As it is written in a pod.</summary>
    public override string ToString() =>
        (Registry.Length == 0 ? "" : Registry + "/") + Repository + (Tag.Length == 0 ? "" : ":" + Tag) + (Digest.Length == 0 ? "" : "@" + Digest);

    // The first segment is a host when it could not be a path: a dot, a port, capitals, or "localhost".
    private static bool IsHost(ReadOnlySpan<char> segment) =>
        segment.IndexOfAny('.', ':') >= 0 || segment.Equals("localhost", StringComparison.OrdinalIgnoreCase) || segment.ContainsAnyInRange('A', 'Z');

    private static int? VariantSuffix(string tag, string variant)
    {
        if (variant.Length > 0 && EndsWithWord(tag, variant)) return variant.Length + 1;
        foreach (var known in Variants)
        {
            if (EndsWithWord(tag, known)) return known.Length + 1;
        }
        return null;
    }

    private static bool EndsWithWord(string tag, string word) =>
        tag.Length > word.Length + 1 && tag[^(word.Length + 1)] == '-' && tag.EndsWith(word, StringComparison.OrdinalIgnoreCase);
}
