namespace MeshRoll.Core;

/// <summary>Ends the reads of a stream whose reader has had enough.</summary>
internal readonly struct CancelAtEnd(CancellationTokenSource source) : IAsyncDisposable
{
    /// <inheritdoc/>
    public ValueTask DisposeAsync() => new(source.CancelAsync());
}
