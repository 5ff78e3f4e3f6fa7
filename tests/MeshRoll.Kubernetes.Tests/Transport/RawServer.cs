using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MeshRoll.Kubernetes.Tests.Transport;

/// <summary>Answers whatever comes with the same bytes, and closes: for what no HTTP server would say.</summary>
public sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly byte[] _answer;
    private readonly Task _serving;
    private int _connections;

    public RawServer(byte[] answer)
    {
        _answer = answer;
        _listener.Start();
        _serving = ServeAsync();
    }

    public RawServer(string answer)
        : this(Encoding.ASCII.GetBytes(answer))
    {
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Connections => _connections;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _listener.Stop();
    }

    private async Task ServeAsync()
    {
        try
        {
            for (; ; )
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                await AnswerAsync(client.GetStream());
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        try
        {
            await stream.ReadAtLeastAsync(new byte[4096], 1, throwOnEndOfStream: false);
            await stream.WriteAsync(_answer);
        }
        catch (IOException)
        {
            // The client did not wait.
        }
    }
}
