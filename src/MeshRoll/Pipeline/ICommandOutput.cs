namespace MeshRoll.Pipeline;

/// <summary>
/// Where a command's work puts what it has to say. Safe to call from any thread. What is written comes out in the order it was written;
/// the work waits when the pipeline is slower. Throws <see cref="OperationCanceledException"/> once the command is being stopped.
/// </summary>
internal interface ICommandOutput
{
    /// <summary>An object for the pipeline.</summary>
    ValueTask WriteAsync(object value);

    /// <summary>A non-terminating error.</summary>
    ValueTask WriteErrorAsync(CommandError error);

    /// <summary>A warning.</summary>
    ValueTask WriteWarningAsync(string text);

    /// <summary>A verbose line.</summary>
    ValueTask WriteVerboseAsync(string text);

    /// <summary>A debug line.</summary>
    ValueTask WriteDebugAsync(string text);

    /// <summary>Asks whether to do <paramref name="action"/> to <paramref name="target"/>: the answer of -WhatIf and -Confirm.</summary>
    ValueTask<bool> ShouldProcessAsync(string target, string action);

    /// <summary>Does something on the pipeline's own thread, where scripts of the user may run.</summary>
    ValueTask<T> OnPipelineAsync<T>(Func<T> call);

    /// <summary>How far an activity is. Never waits; of several in a short time only the last is shown.</summary>
    void Report(CommandProgress progress);
}
