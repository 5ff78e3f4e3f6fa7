using System.Buffers.Binary;
using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using MeshRoll.Sandbox.Api.PortForwarding;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Wire;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Api.Subresources;

/// <summary>
/// <c>pods/{name}/portforward</c> over a WebSocket: of each port the n-th has channel 2n for data and 2n+1 for errors, and both begin with the port's
/// number in two bytes, the lower one first. The older way over SPDY, which kubectl before 1.31 takes, is not offered.
/// </summary>
internal sealed class PortForwardSubresource(Cluster cluster, IPodPorts? ports) : ISubresource
{
    /// <inheritdoc/>
    public async Task AnswerAsync(ApiCall call)
    {
        if (call.Target.Verb is not ("get" or "create")) throw ApiErrors.MethodNotAllowed();
        var wanted = Ports(call.Request);
        var listeners = cluster.Simulation.Enter(() => Listeners(call.Find(cluster), wanted));
        var upgrade = call.Request.Header("Upgrade");
        if (!upgrade.Equals("websocket", StringComparison.OrdinalIgnoreCase))
            throw ApiStatusException.BadRequest(upgrade.Length == 0 ? "Upgrade request required" : $"the sandbox forwards ports over WebSockets only ({ChannelSocket.Binary}), not over {upgrade}");
        if (wanted.Count == 0) throw ApiStatusException.BadRequest("query parameter \"ports\" is required");

        var socket = await call.Response.AcceptWebSocketAsync(Protocol(call.Request), call.CancellationToken).ConfigureAwait(false);
        using var channels = new ChannelSocket(socket);
        try
        {
            await ForwardAsync(channels, wanted, listeners, call).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is WebSocketException or IOException or OperationCanceledException)
        {
            // The client went without a word.
        }
    }

    private List<PodListener?> Listeners(StoredObject pod, List<int> wanted)
    {
        if (pod.NodeName.Length == 0) throw ApiStatusException.BadRequest($"pod {pod.Name} does not have a host assigned");
        return [.. wanted.Select(port => ports?.Find(pod, port))];
    }

    private static async Task ForwardAsync(ChannelSocket channels, List<int> wanted, List<PodListener?> listeners, ApiCall call)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(call.CancellationToken);
        var streams = new ForwardedStream[wanted.Count];
        for (var i = 0; i < wanted.Count; i++)
        {
            var data = 2 * i;
            streams[i] = new((bytes, cancellationToken) => channels.SendAsync(data, bytes, cancellationToken));
            var number = new byte[2];
            BinaryPrimitives.WriteUInt16LittleEndian(number, (ushort)wanted[i]);
            await channels.SendAsync(data, number, over.Token).ConfigureAwait(false);
            await channels.SendAsync(data + 1, number, over.Token).ConfigureAwait(false);
        }
        var receiving = ReceiveAsync(channels, streams, over.Token);
        await Task.WhenAll(wanted.Select((port, i) => ConverseAsync(channels, streams[i], (2 * i) + 1, port, listeners[i], call, over.Token))).ConfigureAwait(false);
        await channels.CloseAsync(over.Token).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        await receiving.ConfigureAwait(false);
    }

    private static async Task ConverseAsync(ChannelSocket channels, ForwardedStream stream, int errors, int port, PodListener? listener, ApiCall call, CancellationToken cancellationToken)
    {
        if (listener is null)
        {
            var refused = string.Create(CultureInfo.InvariantCulture, $"error forwarding port {port} to pod {call.Name}, uid : dial tcp4 127.0.0.1:{port}: connect: connection refused");
            await channels.SendAsync(errors, Encoding.UTF8.GetBytes(refused), cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await listener(stream, cancellationToken).ConfigureAwait(false);
        }
        stream.End();
    }

    /// <summary>Hands on what the client sends, until it closes.</summary>
    private static async Task ReceiveAsync(ChannelSocket channels, ForwardedStream[] streams, CancellationToken cancellationToken)
    {
        try
        {
            while (await channels.ReceiveAsync(cancellationToken).ConfigureAwait(false) is var (channel, data))
            {
                // Only of data channels anything is expected.
                if (channel % 2 == 0 && channel / 2 < streams.Length) await streams[channel / 2].ArriveAsync(data, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or IOException or OperationCanceledException)
        {
            // Said by the end of the streams.
        }
        foreach (var stream in streams) stream.End();
    }

    private static List<int> Ports(HttpRequest request)
    {
        var wanted = new List<int>();
        // A list may also come as one parameter with commas; the kubelet's own name for it has no s.
        foreach (var text in RequestOptions.Values(request, "ports").Concat(RequestOptions.Values(request, "port")).SelectMany(value => value.Split(',')))
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535)
                throw ApiStatusException.BadRequest($"unable to parse \"{text}\" as a port");
            wanted.Add(port);
        }
        return wanted;
    }

    private static string? Protocol(HttpRequest request)
    {
        var offered = request.Header("Sec-WebSocket-Protocol").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (offered.Length == 0) return null;
        return offered.FirstOrDefault(protocol => protocol is ChannelSocket.Binary or ChannelSocket.Base64)
            ?? throw ApiStatusException.BadRequest($"none of the offered protocols is spoken here: {ChannelSocket.Binary} and {ChannelSocket.Base64} are");
    }
}
