namespace MeshRoll.Pipeline;

/// <summary>Something to be done on the pipeline thread; who asked waits for it elsewhere.</summary>
internal abstract class PipelineCall
{
    /// <summary>Does it, on the pipeline thread. What it throws is the asker's.</summary>
    public abstract void Run();
}

/// <summary>The same, with what comes of it.</summary>
internal sealed class PipelineCall<T>(Func<T> call) : PipelineCall
{
    private readonly TaskCompletionSource<T> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What came of it.</summary>
    public Task<T> Result => _result.Task;

    /// <inheritdoc/>
    public override void Run()
    {
        try
        {
            _result.TrySetResult(call());
        }
        catch (Exception error)
        {
            _result.TrySetException(error);
        }
    }
}
