namespace MeshRoll.Pipeline;

/// <summary>An output that remembers whether an error was written to it: what could not be read must not count as fine.</summary>
internal sealed class FailureWatch(ICommandOutput inner) : ICommandOutput
{
    private volatile bool _failed;

    /// <summary>Whether an error was written.</summary>
    public bool Failed => _failed;

    /// <inheritdoc/>
    public ValueTask WriteAsync(object value) => inner.WriteAsync(value);

    /// <inheritdoc/>
    public ValueTask WriteErrorAsync(CommandError error)
    {
        _failed = true;
        return inner.WriteErrorAsync(error);
    }

    /// <inheritdoc/>
    public ValueTask WriteWarningAsync(string text) => inner.WriteWarningAsync(text);

    /// <inheritdoc/>
    public ValueTask WriteVerboseAsync(string text) => inner.WriteVerboseAsync(text);

    /// <inheritdoc/>
    public ValueTask WriteDebugAsync(string text) => inner.WriteDebugAsync(text);

    /// <inheritdoc/>
    public ValueTask<bool> ShouldProcessAsync(string target, string action) => inner.ShouldProcessAsync(target, action);

    /// <inheritdoc/>
    public ValueTask<T> OnPipelineAsync<T>(Func<T> call) => inner.OnPipelineAsync(call);

    /// <inheritdoc/>
    public void Report(CommandProgress progress) => inner.Report(progress);
}
