using System.Buffers;

namespace MeshRoll.Kubernetes.Api;

/// <summary>
/// The unread front of an answer's body in one pooled buffer. It waits a bounded time for each read and never holds more than
/// one object: a server that sends nothing, or never ends, is an <see cref="ApiProtocolException"/>.
/// </summary>
internal sealed class BodyReader : IAsyncDisposable
{
    /// <summary>No object is bigger: etcd's own limit lies at a few MiB.</summary>
    public const int LargestObject = 32 << 20;

    /// <summary>So much that is no object is more than any answer has between two of them: blanks or unknown fields without end.</summary>
    public const int LongestPause = 4 << 20;

    private const int SmallestRead = 32 << 10;

    private readonly Stream _stream;
    private readonly ApiRequestInfo _request;
    private readonly TimeSpan _patience;
    private readonly TimeProvider _time;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(128 << 10);
    private int _start;
    private int _end;
    private CancellationTokenSource? _stall;

    /// <param name="stream">The body.</param>
    /// <param name="request">What was asked, for errors.</param>
    /// <param name="patience">How long one read may wait.</param>
    /// <param name="time">The clock.</param>
    public BodyReader(Stream stream, ApiRequestInfo request, TimeSpan patience, TimeProvider time)
    {
        _stream = stream;
        _request = request;
        _patience = patience;
        _time = time;
    }

    /// <summary>What was read and not consumed.</summary>
    public ReadOnlySpan<byte> Unread => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Whether the body has come to its end: nothing will be added to <see cref="Unread"/>.</summary>
    public bool Ended { get; private set; }

    /// <summary>Drops bytes from the front of <see cref="Unread"/>.</summary>
    public void Consume(int count) => _start += count;

    /// <summary>Reads some more; sets <see cref="Ended"/> when there is no more.</summary>
    /// <exception cref="ApiProtocolException">Nothing came for too long, the connection was cut, or one object is too big.</exception>
    public async ValueTask ReadMoreAsync(CancellationToken cancellationToken)
    {
        MakeRoom();
        var stall = RenewStall();
        try
        {
            var reading = _stream.ReadAsync(_buffer.AsMemory(_end), stall.Token);
            int read;
            if (reading.IsCompletedSuccessfully)
            {
                read = reading.Result;
            }
            else
            {
                stall.CancelAfter(_patience);
                await using var registration = cancellationToken.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), stall);
                read = await reading;
                stall.CancelAfter(Timeout.InfiniteTimeSpan);
            }
            cancellationToken.ThrowIfCancellationRequested();
            _end += read;
            Ended = read == 0;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw BrokenAnswer.Passing($"the answer stalled: nothing came for {_patience.TotalSeconds:0} s", _request);
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw BrokenAnswer.Passing("the connection was cut in the middle of the answer", _request, failure);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _start = _end = 0;
        _stall?.Dispose();
        await _stream.DisposeAsync();
    }

    private void MakeRoom()
    {
        if (_start == _end) _start = _end = 0;
        if (_buffer.Length - _end >= SmallestRead) return;

        var unread = Unread;
        if (unread.Length > LargestObject) throw BrokenAnswer.Lasting($"one object of the answer is bigger than {LargestObject >> 20} MiB", _request);
        if (unread.Length <= _buffer.Length / 2)
        {
            unread.CopyTo(_buffer);
        }
        else
        {
            var bigger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            unread.CopyTo(bigger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = bigger;
        }
        _end -= _start;
        _start = 0;
    }

    // One source serves all reads; only one that fired at the last moment, when the read had just succeeded, is replaced.
    private CancellationTokenSource RenewStall()
    {
        if (_stall is { IsCancellationRequested: false }) return _stall;
        _stall?.Dispose();
        return _stall = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _time);
    }
}
