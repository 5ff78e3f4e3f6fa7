namespace MeshRoll.Runner;

/// <summary>What the process tells whoever started it.</summary>
internal static class ExitCode
{
    /// <summary>Done: what was asked for holds.</summary>
    internal const int Done = 0;

    /// <summary>A workload failed, could not be restarted, or came back with the old sidecar.</summary>
    internal const int WorkloadFailed = 1;

    /// <summary>Bad usage, or the cluster could not be reached or refused.</summary>
    internal const int UsageOrAccess = 2;

    /// <summary>The time allowed was over before everything was done.</summary>
    internal const int TimedOut = 3;

    /// <summary>Ended by Ctrl+C or SIGTERM: 128 + SIGINT, as shells count.</summary>
    internal const int Interrupted = 130;
}
