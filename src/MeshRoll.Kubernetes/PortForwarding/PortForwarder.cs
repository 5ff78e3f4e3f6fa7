using System.Globalization;
using MeshRoll.Kubernetes.Api;

namespace MeshRoll.Kubernetes.PortForwarding;

/// <summary>
/// Connects to a port of a pod through the API server, as <c>kubectl port-forward</c> does: whatever listens there is called from the pod's own localhost.
/// Each connection has a WebSocket of its own.
/// </summary>
internal static class PortForwarder
{
    /// <summary>Connects.</summary>
    /// <exception cref="ApiException">The server refuses: no right, no such pod, or the pod runs nowhere yet.</exception>
    /// <exception cref="PortForwardException">The server, or something before it, has no WebSockets.</exception>
    public static async Task<Stream> ConnectAsync(ApiSender sender, ForwardedPort port, CancellationToken cancellationToken)
    {
        var query = new QueryString().Add("ports", port.Port.ToString(CultureInfo.InvariantCulture));
        var request = new ApiRequest(
            HttpMethod.Get,
            ResourcePath.Of(Resources.Pods, port.Namespace, port.Pod, "portforward") + query,
            ResourcePath.Describe("get", Resources.Pods, port.Namespace, port.Pod, "portforward"))
        {
            // The node is asked behind the server: a pod that cannot be had now is no reason to wait long.
            MaxRetries = 1,
        };
        var handshake = new WebSocketHandshake(PortForwardStream.Subprotocol);
        var response = await sender.UpgradeAsync(request, handshake.Dress, cancellationToken);
        try
        {
            if (handshake.Objection(response) is { } objection) throw PortForwardErrors.Unsupported(port, objection);
            return new PortForwardStream(await handshake.TakeOverAsync(response, cancellationToken), response, port);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }
}
