using MeshRoll.Sandbox.Selecting;

namespace MeshRoll.Sandbox.Worlds.Reading;

/// <summary>Names that Kubernetes takes (RFC 1123).</summary>
internal static class DnsNames
{
    /// <summary>Whether it is a label: what namespaces, Services and this sandbox's workloads and nodes are called.</summary>
    public static bool IsLabel(string name) => name.Length <= 63 && LabelSyntax.IsDnsLabel(name);
}
