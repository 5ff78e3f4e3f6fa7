using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace MeshRoll.ClusterTests.World;

/// <summary>A wire to the API server that can be cut: forwards bytes on loopback, TLS stays end to end.</summary>
public sealed class CuttableWire : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, bool> _open = [];
    private readonly Uri _server;
    private readonly Task _accepting;
    private int _cuts;

    public CuttableWire(Uri server)
    {
        _server = server;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>How many connections were cut so far.</summary>
    public int Cuts => _cuts;

    /// <summary>An administrator's kubeconfig that goes through this wire. The caller deletes it.</summary>
    public string WriteKubeConfig(ClusterWorld world)
    {
        var path = Path.Combine(Path.GetTempPath(), $"meshroll-{Guid.NewGuid():n}.yaml");
        var through = new UriBuilder(_server) { Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.Uri;
        var text = File.ReadAllText(world.KubeConfigPath).Replace(_server.GetLeftPart(UriPartial.Authority), through.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Cuts whatever is open, at this interval, until cancelled.</summary>
    public async Task CutEveryAsync(TimeSpan interval, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(interval);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken)) Cut();
        }
        catch (OperationCanceledException)
        {
            // Enough.
        }
    }

    private void Cut()
    {
        foreach (var (client, _) in _open)
        {
            if (!_open.TryRemove(client, out _)) continue;
            Interlocked.Increment(ref _cuts);
            client.Client.LingerState = new LingerOption(true, 0);
            client.Close();
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var near = await _listener.AcceptTcpClientAsync();
                _ = ForwardAsync(near);
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Stopped.
        }
    }

    private async Task ForwardAsync(TcpClient near)
    {
        using var far = new TcpClient();
        _open[near] = true;
        try
        {
            await far.ConnectAsync(_server.Host, _server.Port);
            await Task.WhenAny(near.GetStream().CopyToAsync(far.GetStream()), far.GetStream().CopyToAsync(near.GetStream()));
        }
        catch (Exception broken) when (broken is SocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Either end hung up.
        }
        _open.TryRemove(near, out _);
        near.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        Cut();
    }
}
