using MeshRoll.Pipeline;

namespace MeshRoll.Tests.Pipeline;

/// <summary>Takes what a command's work says.</summary>
internal sealed class RecordingOutput : ICommandOutput
{
    private readonly object _lock = new();

    public List<object> Written { get; } = [];

    public List<CommandError> Errors { get; } = [];

    public List<string> Warnings { get; } = [];

    public List<string> Verbose { get; } = [];

    public List<string> Questions { get; } = [];

    public List<CommandProgress> Progress { get; } = [];

    public bool Answer { get; init; } = true;

    public ValueTask WriteAsync(object value) => Done(Written, value);

    public ValueTask WriteErrorAsync(CommandError error) => Done(Errors, error);

    public ValueTask WriteWarningAsync(string text) => Done(Warnings, text);

    public ValueTask WriteVerboseAsync(string text) => Done(Verbose, text);

    public ValueTask WriteDebugAsync(string text) => Done(Verbose, text);

    public ValueTask<bool> ShouldProcessAsync(string target, string action)
    {
        Add(Questions, $"{action} on {target}");
        return ValueTask.FromResult(Answer);
    }

    public ValueTask<T> OnPipelineAsync<T>(Func<T> call) => ValueTask.FromResult(call());

    public void Report(CommandProgress progress) => Add(Progress, progress);

    private ValueTask Done<T>(List<T> list, T item)
    {
        Add(list, item);
        return ValueTask.CompletedTask;
    }

    private void Add<T>(List<T> list, T item)
    {
        lock (_lock) list.Add(item);
    }
}
