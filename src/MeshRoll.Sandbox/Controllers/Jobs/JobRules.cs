namespace MeshRoll.Sandbox.Controllers.Jobs;

/// <summary>What a Job does next (pkg/controller/job).</summary>
internal static class JobRules
{
    // DefaultJobPodFailureBackOff and MaxJobPodFailureBackOff.
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromMinutes(10);

    /// <summary>How many pods shall be active.</summary>
    public static int WantedActive(JobView wish, int succeeded, int active)
    {
        if (wish.IsSuspended) return 0;
        // A queue of unknown length is done with the first success: those that are active may end, no new ones come.
        if (wish.Completions is not { } completions) return succeeded > 0 ? Math.Min(active, wish.Parallelism) : wish.Parallelism;
        return Math.Max(0, Math.Min(wish.Parallelism, completions - succeeded));
    }

    /// <summary>Whether the work is done.</summary>
    public static bool IsComplete(JobView wish, int succeeded, int active) =>
        wish.Completions is { } completions ? succeeded >= completions : succeeded > 0 && active == 0;

    /// <summary>Why it has failed for good, as reason and message; null when it has not.</summary>
    /// <param name="wish">What is wished.</param>
    /// <param name="failed">Pods that failed.</param>
    /// <param name="restarts">Restarts of containers of the active pods.</param>
    /// <param name="activeFor">How long it has been working.</param>
    public static (string Reason, string Message)? Failure(JobView wish, int failed, int restarts, TimeSpan? activeFor)
    {
        var isRestartedTooOften = wish.RestartsContainers && (wish.BackoffLimit == 0 ? restarts > 0 : restarts >= wish.BackoffLimit);
        if (failed > wish.BackoffLimit || isRestartedTooOften) return ("BackoffLimitExceeded", "Job has reached the specified backoff limit");
        return !wish.IsSuspended && activeFor >= wish.ActiveDeadline ? ("DeadlineExceeded", "Job was active longer than specified deadline") : null;
    }

    /// <summary>How long to wait after the last of several failures in a row.</summary>
    public static TimeSpan Backoff(int failuresInARow)
    {
        if (failuresInARow <= 0) return TimeSpan.Zero;
        var backoff = FirstBackoff * Math.Pow(2, Math.Min(failuresInARow - 1, 10));
        return backoff < LongestBackoff ? backoff : LongestBackoff;
    }
}
