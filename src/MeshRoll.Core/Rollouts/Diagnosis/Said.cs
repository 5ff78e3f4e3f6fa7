using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Rollouts.Diagnosis;

/// <summary>The cluster's own words for a signal, put together for a sentence or as evidence.</summary>
internal static class Said
{
    /// <summary><c>ErrImagePull: manifest unknown</c>.</summary>
    public static string Words(string reason, string message) => message.Length == 0 ? reason : $"{reason}: {message.Trim()}";

    /// <summary>A crash loop's own message only tells how long the kubelet waits; how the last run ended says more.</summary>
    public static string Waiting(ContainerStatus status, ContainerWaiting waiting) =>
        waiting.Reason == "CrashLoopBackOff" && Ending(status.LastState.Terminated) is { } ending ? ending : Words(waiting.Reason, waiting.Message);

    /// <summary><c>OOMKilled, exit code 137</c>, and what the container left as its termination message; null when it did not end.</summary>
    public static string? Ending(ContainerTerminated? ended)
    {
        if (ended is null) return null;
        var how = ended.Signal != 0 ? $"signal {ended.Signal}" : $"exit code {ended.ExitCode}";
        // The container wrote the message: with fallbackToLogsOnError it is the end of its log.
        return Words(ended.Reason is "" or "Error" or "Completed" ? how : $"{ended.Reason}, {how}", LogText.Line(ended.Message.ReplaceLineEndings(" ")));
    }

    /// <summary><c>event Unhealthy (12 times): Readiness probe failed</c>.</summary>
    public static string Event(Event told) => $"event {told.Reason}{(told.Count > 1 ? $" ({told.Count} times)" : "")}: {LogText.Line(told.Message.ReplaceLineEndings(" "))}";
}
