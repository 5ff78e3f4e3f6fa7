using System.Text;

namespace MeshRoll.Kubernetes.PortForwarding;

/// <summary>The port of a pod, as messages name it.</summary>
internal sealed record ForwardedPort(string Namespace, string Pod, int Port)
{
    /// <inheritdoc/>
    public override string ToString() => $"port {Port} of pod {Namespace}/{Pod}";
}

/// <summary>The sentences of <see cref="PortForwardException"/>.</summary>
internal static class PortForwardErrors
{
    private const int Longest = 300;

    /// <summary>What came over the channel for errors: the node's own words.</summary>
    public static PortForwardException Refused(ForwardedPort port, string words)
    {
        // containerd and CRI-O say it in sentences of their own, around the words of the system call.
        var nobody = words.Contains("connection refused", StringComparison.OrdinalIgnoreCase);
        return new(PortForwardException.Refused, nobody
            ? $"Nothing listens on {port}: the node's connection to it was refused. Check that the pod is ready."
            : $"The node cannot connect to {port}: {Plain(words)}. Check the pod and its node.")
        { NobodyListens = nobody };
    }

    /// <summary>The answer to the request for a WebSocket was something else.</summary>
    public static PortForwardException Unsupported(ForwardedPort port, string what) => new(
        PortForwardException.Unsupported,
        $"{Begin(port)}: {Plain(what)}. Check that nothing between here and the API server (proxy, load balancer) keeps WebSockets out.");

    /// <summary>The connection ended without a goodbye.</summary>
    public static PortForwardException Cut(ForwardedPort port, Exception? inner = null) => new(
        PortForwardException.Lost, $"The connection to {port} was cut in the middle. Try again.", inner);

    /// <summary>The server's goodbye was not a friendly one.</summary>
    public static PortForwardException Closed(ForwardedPort port, string status, string? words) => new(
        PortForwardException.Lost, $"The connection to {port} was closed by the server ({status}{(string.IsNullOrWhiteSpace(words) ? "" : ": " + Plain(words))}). Try again.");

    /// <summary>Something came that the protocol does not have.</summary>
    public static PortForwardException Nonsense(ForwardedPort port, string what) => new(
        PortForwardException.Lost, $"{Begin(port)}: {what}, which is no port-forward protocol. Check what stands between here and the API server.");

    /// <summary>Nothing came.</summary>
    public static PortForwardException Silent(ForwardedPort port, TimeSpan patience, string what) => new(
        PortForwardException.Silent, $"What listens on {port} {what} within {patience.TotalSeconds:0} s. Check that the pod is healthy, or try again.");

    /// <summary>Not even a connection came.</summary>
    public static PortForwardException Unconnected(ForwardedPort port, TimeSpan patience) => new(
        PortForwardException.Silent, $"The API server made no connection to {port} within {patience.TotalSeconds:0} s. Check that the pod's node is reachable.");

    /// <summary>What came is no HTTP.</summary>
    public static PortForwardException Broken(ForwardedPort port, Exception inner) => new(
        PortForwardException.Broken, $"What listens on {port} does not answer in HTTP, or broke off. Check that the port is the right one.", inner);

    private static string Begin(ForwardedPort port) => $"Cannot connect to {port} through the API server";

    // It is a node's text, or that of whoever stands before the server: one line that steers no terminal.
    private static string Plain(string words)
    {
        var plain = new StringBuilder(words.Length);
        foreach (var c in words)
        {
            if (!char.IsControl(c) && char.GetUnicodeCategory(c) != System.Globalization.UnicodeCategory.Format) plain.Append(c);
            else if (plain.Length > 0 && plain[^1] != ' ') plain.Append(' ');
        }
        var line = plain.ToString().Trim().TrimEnd('.');
        return line.Length > Longest ? line[..Longest].TrimEnd() + "…" : line;
    }
}
