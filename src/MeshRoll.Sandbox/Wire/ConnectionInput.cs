using System.Buffers;

namespace MeshRoll.Sandbox.Wire;

/// <summary>
/// What a client sent and nobody has read yet. While a request is being answered it goes on reading, for that is the only way to notice that
/// the client hung up; whatever arrives meanwhile is the beginning of the next request.
/// </summary>
/// <param name="stream">The connection.</param>
/// <param name="hungUp">Called once, when the client is gone.</param>
internal sealed class ConnectionInput(Stream stream, Action hungUp) : IAsyncDisposable
{
    // Beyond this the client must wait until its earlier requests are answered.
    private const int MostReadAhead = 16 * 1024;

    private readonly object _lock = new();
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(MostReadAhead);
    private int _start;
    private int _end;
    private int _seen;
    private bool _ended;
    private bool _isReadingAhead;
    private bool _shallReadAhead;
    private bool _isHandedOver;
    private Task _readAhead = Task.CompletedTask;

    /// <summary>What has arrived and was not consumed. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Buffered
    {
        get
        {
            lock (_lock) _seen = _end;
            return _buffer.AsSpan(_start.._seen);
        }
    }

    /// <summary>The reading that goes on beside an answer; completed while there is none.</summary>
    public Task ReadAhead => _readAhead;

    /// <summary>Takes bytes off the front of <see cref="Buffered"/>.</summary>
    public void Consume(int count) => _start += count;

    /// <summary>Waits for more than was seen in <see cref="Buffered"/>; false when nothing more will come.</summary>
    public async ValueTask<bool> FillAsync(CancellationToken cancellationToken = default)
    {
        bool mustAwait;
        lock (_lock)
        {
            if (_end > _seen) return true;
            if (_ended) return false;
            mustAwait = _isReadingAhead;
        }
        if (mustAwait)
        {
            await _readAhead.WaitAsync(cancellationToken);
            lock (_lock) return _end > _seen;
        }

        MakeRoom();
        var count = await ReadAsync(cancellationToken);
        _end += count;
        if (count == 0) End();
        return count > 0;
    }

    /// <summary>Begins to look out for the end of the connection.</summary>
    public void StartReadAhead()
    {
        lock (_lock)
        {
            if (_isHandedOver) return;
            _shallReadAhead = true;
            if (_isReadingAhead || _ended) return;
            if (_start == _end) _start = _end = _seen = 0;
            if (!HasRoomAhead) return;
            _isReadingAhead = true;
            // Not begun here: its end calls the handler's token, and that must not happen under the lock.
            _readAhead = Task.Run(ReadAheadAsync);
        }
    }

    /// <summary>No longer looks out. A read under way goes on: it is the first of the next request.</summary>
    public void StopReadAhead()
    {
        lock (_lock) _shallReadAhead = false;
    }

    /// <summary>From now on someone else reads, and notices the end himself: a WebSocket.</summary>
    public void HandOver()
    {
        lock (_lock)
        {
            _isHandedOver = true;
            _shallReadAhead = false;
        }
    }

    /// <summary>Gives the buffer back. The connection must be closed before, or this waits for its client.</summary>
    public async ValueTask DisposeAsync()
    {
        await _readAhead;
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private bool HasRoomAhead => _end < Math.Min(_buffer.Length, MostReadAhead);

    private async Task ReadAheadAsync()
    {
        for (; ; )
        {
            var count = await ReadAsync(CancellationToken.None);
            lock (_lock)
            {
                _end += count;
                if (count > 0 && _shallReadAhead && HasRoomAhead) continue;
                _isReadingAhead = false;
            }
            if (count == 0) End();
            return;
        }
    }

    private async ValueTask<int> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // Reset by the client, or closed by us: the end in either case.
            return 0;
        }
    }

    private void End()
    {
        _ended = true;
        hungUp();
    }

    private void MakeRoom()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start.._end).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }
        _seen = _end;
        if (_end < _buffer.Length) return;

        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.AsSpan(0, _end).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
