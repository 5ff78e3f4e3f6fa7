using System.Diagnostics;

namespace MeshRoll.Benchmarks.Measuring;

/// <summary>A pwsh that has said one line and waits to be let go.</summary>
internal sealed class HeldScript(Process process, string said) : IAsyncDisposable
{
    /// <summary>The line.</summary>
    internal string Said { get; } = said;

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }
        process.Dispose();
    }
}
