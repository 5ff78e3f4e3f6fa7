namespace MeshRoll.Pipeline;

/// <summary>What the pump needs of a cmdlet: all of it to be called on the pipeline thread only, and any of it may throw to end the pipeline.</summary>
internal interface IPipeline
{
    /// <summary>Gives an object to the next command.</summary>
    void WriteObject(object value);

    /// <summary>Writes a non-terminating error.</summary>
    void WriteError(CommandError error);

    /// <summary>Writes a warning.</summary>
    void WriteWarning(string text);

    /// <summary>Writes a verbose line.</summary>
    void WriteVerbose(string text);

    /// <summary>Writes a debug line.</summary>
    void WriteDebug(string text);

    /// <summary>Shows or moves a progress bar.</summary>
    void WriteProgress(CommandProgress progress);

    /// <summary>Asks.</summary>
    bool ShouldProcess(string target, string action);
}
