using MeshRoll.Pipeline;

namespace MeshRoll.Tests.Pipeline;

/// <summary>Takes what a pump writes, and remembers on which thread.</summary>
internal sealed class RecordingPipeline : IPipeline
{
    public List<object> Written { get; } = [];

    public List<CommandProgress> Progress { get; } = [];

    public HashSet<int> Threads { get; } = [];

    public Func<string, string, bool> Answer { get; init; } = (_, _) => true;

    public Action<object>? OnWrite { get; set; }

    public void WriteObject(object value) => Take(value);

    public void WriteError(CommandError error) => Take(error);

    public void WriteWarning(string text) => Take("warning: " + text);

    public void WriteVerbose(string text) => Take("verbose: " + text);

    public void WriteDebug(string text) => Take("debug: " + text);

    public void WriteProgress(CommandProgress progress)
    {
        Threads.Add(Environment.CurrentManagedThreadId);
        Progress.Add(progress);
    }

    public bool ShouldProcess(string target, string action)
    {
        Take($"{action} on {target}?");
        return Answer(target, action);
    }

    private void Take(object value)
    {
        Threads.Add(Environment.CurrentManagedThreadId);
        Written.Add(value);
        OnWrite?.Invoke(value);
    }
}
