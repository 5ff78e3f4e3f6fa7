using System.Management.Automation;

namespace MeshRoll.Pipeline;

/// <summary>The pipeline of a running cmdlet.</summary>
internal sealed class CmdletPipeline(Cmdlet cmdlet) : IPipeline
{
    public void WriteObject(object value) => cmdlet.WriteObject(value);

    public void WriteError(CommandError error) => cmdlet.WriteError(ToRecord(error));

    public void WriteWarning(string text) => cmdlet.WriteWarning(text);

    public void WriteVerbose(string text) => cmdlet.WriteVerbose(text);

    public void WriteDebug(string text) => cmdlet.WriteDebug(text);

    public void WriteProgress(CommandProgress progress) => cmdlet.WriteProgress(ToRecord(progress));

    public bool ShouldProcess(string target, string action) => cmdlet.ShouldProcess(target, action);

    /// <summary>The engine's form of an error.</summary>
    public static ErrorRecord ToRecord(CommandError error) => new(error.Exception, error.Id, error.Category, error.Target);

    private static ProgressRecord ToRecord(CommandProgress progress) => new(progress.Id, progress.Activity, progress.Status)
    {
        ParentActivityId = progress.ParentId,
        PercentComplete = progress.Percent,
        SecondsRemaining = progress.Remaining is { } left ? (int)Math.Min(left.TotalSeconds, int.MaxValue) : -1,
        RecordType = progress.Completed ? ProgressRecordType.Completed : ProgressRecordType.Processing,
    };
}
