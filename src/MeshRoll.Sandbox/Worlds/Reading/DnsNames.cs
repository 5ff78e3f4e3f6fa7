namespace MeshRoll.Sandbox.Worlds.Reading;

/// <summary>Names that Kubernetes takes (RFC 1123).</summary>
internal static class DnsNames
{
    /// <summary>Whether it is a label: what namespaces, Services and this sandbox's workloads and nodes are called.</summary>
    public static bool IsLabel(string name) =>
        name.Length is > 0 and <= 63 && name[0] != '-' && name[^1] != '-' && name.All(static sign => char.IsAsciiLetterLower(sign) || char.IsAsciiDigit(sign) || sign == '-');
}
