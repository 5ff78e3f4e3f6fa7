namespace MeshRoll.Pipeline;

/// <summary>One thing on its way from a command's work to the pipeline thread.</summary>
internal readonly struct PipelineMessage
{
    private readonly MessageKind _kind;
    private readonly object _content;

    private PipelineMessage(MessageKind kind, object content)
    {
        _kind = kind;
        _content = content;
    }

    private enum MessageKind
    {
        Wake,
        Object,
        Error,
        Warning,
        Verbose,
        Debug,
        Question,
        Call,
    }

    /// <summary>Says nothing: makes the pipeline thread look at the progress.</summary>
    public static PipelineMessage Wake { get; } = new(MessageKind.Wake, "");

    /// <summary>An object.</summary>
    public static PipelineMessage Object(object value) => new(MessageKind.Object, value);

    /// <summary>An error.</summary>
    public static PipelineMessage Error(CommandError error) => new(MessageKind.Error, error);

    /// <summary>A warning.</summary>
    public static PipelineMessage Warning(string text) => new(MessageKind.Warning, text);

    /// <summary>A verbose line.</summary>
    public static PipelineMessage Verbose(string text) => new(MessageKind.Verbose, text);

    /// <summary>A debug line.</summary>
    public static PipelineMessage Debug(string text) => new(MessageKind.Debug, text);

    /// <summary>A question.</summary>
    public static PipelineMessage Ask(ShouldProcessQuestion question) => new(MessageKind.Question, question);

    /// <summary>Something to be done there.</summary>
    public static PipelineMessage Call(PipelineCall call) => new(MessageKind.Call, call);

    /// <summary>Brings it where it belongs.</summary>
    public void WriteTo(IPipeline pipeline)
    {
        switch (_kind)
        {
            case MessageKind.Object: pipeline.WriteObject(_content); break;
            case MessageKind.Error: pipeline.WriteError((CommandError)_content); break;
            case MessageKind.Warning: pipeline.WriteWarning((string)_content); break;
            case MessageKind.Verbose: pipeline.WriteVerbose((string)_content); break;
            case MessageKind.Debug: pipeline.WriteDebug((string)_content); break;
            case MessageKind.Call: ((PipelineCall)_content).Run(); break;
            case MessageKind.Question: ((ShouldProcessQuestion)_content).Put(pipeline); break;
        }
    }
}

/// <summary>A ShouldProcess question; who asked waits for the answer off the pipeline thread.</summary>
internal sealed class ShouldProcessQuestion(string target, string action)
{
    private readonly TaskCompletionSource<bool> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether to do it.</summary>
    public Task<bool> Answer => _answer.Task;

    /// <summary>Asks, on the pipeline thread.</summary>
    public void Put(IPipeline pipeline) => _answer.TrySetResult(pipeline.ShouldProcess(target, action));
}
