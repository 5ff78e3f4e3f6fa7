using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace MeshRoll.Sandbox.Nodes.Images;

/// <summary>What can be said of an image by its name.</summary>
internal static partial class ImageNames
{
    /// <summary>Whether it is a name at all (distribution's reference grammar, in short).</summary>
    public static bool IsValid(string image) => Grammar().IsMatch(image);

    /// <summary>What a registry says that does not have it, as containerd passes it on.</summary>
    public static string NotFound(string image) =>
        $"rpc error: code = NotFound desc = failed to pull and unpack image \"{image}\": failed to resolve reference \"{image}\": {image}: not found";

    /// <summary>The name with a digest instead of the tag, as nodes report what they run.</summary>
    public static string Identity(string image)
    {
        if (image.Contains('@', StringComparison.Ordinal)) return image;
        var digest = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(image))).ToLowerInvariant();
        var tag = image.LastIndexOf(':');
        return $"{(tag > image.LastIndexOf('/') ? image[..tag] : image)}@sha256:{digest}";
    }

    /// <summary>A likely size in bytes, always the same for the same image.</summary>
    public static int Size(string image) => 20_000_000 + (image.Aggregate(7, static (sum, sign) => ((sum * 31) + sign) & 0x3ffffff) % 70_000_000);

    [GeneratedRegex(@"^[a-zA-Z0-9][a-zA-Z0-9.\-]*(:[0-9]+)?(/[a-z0-9]+([._\-]+[a-z0-9]+)*)*(:[\w][\w.\-]{0,127})?(@[a-z0-9]+:[0-9a-fA-F]{32,})?$")]
    private static partial Regex Grammar();
}
