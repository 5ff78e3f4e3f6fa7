using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MeshRoll.Kubernetes.Tests.Transport;

/// <summary>A proxy that knows CONNECT. Wherever it is asked to go, it goes to one port of the loopback, so that tests may use any name.</summary>
public sealed class LoopbackProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _target;
    private readonly string _refusal;
    private readonly Task _accepting;

    /// <param name="target">The port every tunnel leads to.</param>
    /// <param name="refusal">A status line that refuses instead; empty to let everybody through.</param>
    public LoopbackProxy(int target, string refusal = "")
    {
        _target = target;
        _refusal = refusal;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public ConcurrentQueue<SeenRequest> Requests { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Stop();
    }

    private async Task AcceptAsync()
    {
        var tunnels = new List<Task>();
        try
        {
            for (; ; )
                tunnels.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(tunnels);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            await using var stream = client.GetStream();
            var reader = new HttpReader(stream);
            while (await reader.ReadAsync(null, _stop.Token) is { } request)
            {
                Requests.Enqueue(request);
                if (_refusal.Length > 0 && request.Header("Proxy-Authorization") is null)
                {
                    await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {_refusal}\r\nContent-Length: 0\r\n\r\n"), _stop.Token);
                    continue;
                }

                using var target = new TcpClient();
                await target.ConnectAsync(IPAddress.Loopback, _target, _stop.Token);
                await using var other = target.GetStream();
                await stream.WriteAsync("HTTP/1.1 200 Connected\r\n\r\n"u8.ToArray(), _stop.Token);
                await Task.WhenAny(stream.CopyToAsync(other, _stop.Token), other.CopyToAsync(stream, _stop.Token));
                return;
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or SocketException)
        {
            // One end went away.
        }
    }
}
