using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Rollouts.Diagnosis;

/// <summary>A finding about one pod; <paramref name="Group"/> is equal for pods that suffer from the same thing.</summary>
internal sealed record PodFinding(Pod Pod, string Group, MeshFinding Finding)
{
    /// <summary>About a pod as a whole.</summary>
    public static PodFinding Of(Pod pod, string id, FindingVerdict verdict, string message, string advice, string evidence, string? group = null) => new(pod, group ?? id, new()
    {
        Id = id,
        Severity = Severities.Of(verdict),
        Verdict = verdict,
        Object = $"pod/{pod.Metadata.Name}",
        Pod = pod.Metadata.Name,
        Message = message,
        Advice = advice,
        Evidence = PlainText.Of(evidence),
    });

    /// <summary>The same about one container of it, which may have something to tell.</summary>
    public PodFinding On(ContainerStatus status, LogRun log) => this with
    {
        Finding = Finding with { Container = status.Name, LogRun = log, ExitCode = (status.State.Terminated ?? status.LastState.Terminated)?.ExitCode },
    };

    /// <summary>The one to be told first.</summary>
    public static PodFinding? Worse(PodFinding? one, PodFinding? other) =>
        one is null || (other is not null && Severities.Rank(other.Finding.Verdict) < Severities.Rank(one.Finding.Verdict)) ? other : one;
}

/// <summary>How a verdict weighs.</summary>
internal static class Severities
{
    /// <summary>What stays wrong hurts, what may pass may hurt.</summary>
    public static FindingSeverity Of(FindingVerdict verdict) => verdict switch
    {
        FindingVerdict.Fatal => FindingSeverity.Error,
        FindingVerdict.Unknown => FindingSeverity.Warning,
        _ => FindingSeverity.Information,
    };

    /// <summary>0 for what is to be told first.</summary>
    public static int Rank(FindingVerdict verdict) => verdict switch
    {
        FindingVerdict.Fatal => 0,
        FindingVerdict.Unknown => 1,
        _ => 2,
    };
}
