using System.Text.Json;

namespace MeshRoll.Core.Preflight;

/// <summary>The images that nodes report to have, read once for all workloads.</summary>
/// <param name="Names">Their names, in the form of <see cref="Normal"/>.</param>
/// <param name="IsCut">Whether a node has more than it reports.</param>
internal sealed record NodeImages(IReadOnlySet<string> Names, bool IsCut)
{
    /// <summary>So many images a kubelet reports; more are cut off (nodeStatusMaxImages).</summary>
    public const int MostReported = 50;

    /// <summary>Of these nodes.</summary>
    public static NodeImages Of(IReadOnlyList<JsonElement> nodes) => new(
        nodes.SelectMany(node => node.Items("status", "images")).SelectMany(image => image.Items("names")).Select(name => Normal(name.GetString() ?? "")).ToHashSet(StringComparer.Ordinal),
        nodes.Any(node => node.Items("status", "images").Count() >= MostReported));

    /// <summary>One name for what is the same: docker.io/library/nginx:1 and nginx:1.</summary>
    public static string Normal(string image)
    {
        var name = image.StartsWith("docker.io/", StringComparison.Ordinal) ? image["docker.io/".Length..] : image;
        if (name.StartsWith("library/", StringComparison.Ordinal)) name = name["library/".Length..];
        return name.Contains('@', StringComparison.Ordinal) || name.LastIndexOf(':') > name.LastIndexOf('/') ? name : name + ":latest";
    }
}
