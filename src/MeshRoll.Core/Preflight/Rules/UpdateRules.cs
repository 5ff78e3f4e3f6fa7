using System.Text.Json.Nodes;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Preflight.Rules;

/// <summary>Whether the workload's own way of updating keeps it serving.</summary>
internal static class UpdateRules
{
    /// <summary>One pod alone.</summary>
    public static IEnumerable<ReadinessSign> OneReplica(ReadinessSubject subject)
    {
        if (subject.Replicas != 1 || subject.Workload.Kind == WorkloadKinds.DaemonSet) yield break;
        var surges = subject.Workload.Kind is WorkloadKinds.Deployment or WorkloadKinds.Rollout && Strategy(subject) != "Recreate" && Surge(subject) > 0 && Missing(subject) == 0;
        yield return new(surges ? "it has one pod; the new one comes first, and both serve for a moment" : "it has one pod, and nothing serves while it is replaced")
        {
            Severity = surges ? FindingSeverity.Information : FindingSeverity.Error,
            Fix = ReadinessFix.OfSpec(subject, new() { ["replicas"] = 2 }) with { Caution = "Only where two of it may run at the same time.", IsGuess = true },
        };
    }

    /// <summary>All pods go before the first new one comes.</summary>
    public static IEnumerable<ReadinessSign> Recreate(ReadinessSubject subject)
    {
        if (Strategy(subject) != "Recreate") yield break;
        yield return new("strategy Recreate ends all pods before it makes new ones")
        {
            Fix = ReadinessFix.OfSpec(subject, new() { ["strategy"] = new JsonObject { ["type"] = "RollingUpdate", ["rollingUpdate"] = new JsonObject { ["maxSurge"] = 1, ["maxUnavailable"] = 0 } } }) with { Caution = "Only where old and new pods may run at the same time: volumes and locks may forbid it.", IsGuess = true },
        };
    }

    /// <summary>A rolling update that may take all pods at once.</summary>
    public static IEnumerable<ReadinessSign> TakesAll(ReadinessSubject subject)
    {
        if (Strategy(subject) is "Recreate" or "OnDelete" || subject.Workload.Kind == WorkloadKinds.StatefulSet || subject.Replicas < 2) yield break;
        var missing = Missing(subject);
        if (missing < subject.Replicas) yield break;
        yield return new($"maxUnavailable {Amount(subject, "maxUnavailable")} lets all {subject.Replicas} pods be missing at once")
        {
            Fix = ReadinessFix.OfSpec(subject, new() { [Key(subject)] = new JsonObject { ["rollingUpdate"] = new JsonObject { ["maxUnavailable"] = 1 } } }),
        };
    }

    /// <summary>Neither one more nor one less.</summary>
    public static IEnumerable<ReadinessSign> NoRoomToMove(ReadinessSubject subject)
    {
        if (Strategy(subject) == "Recreate" || subject.Workload.Kind is not (WorkloadKinds.Deployment or WorkloadKinds.Rollout) || subject.Replicas == 0) yield break;
        if (Surge(subject) != 0 || Missing(subject) != 0) yield break;
        yield return new($"maxSurge {Amount(subject, "maxSurge")} and maxUnavailable {Amount(subject, "maxUnavailable")} both come to 0 of {subject.Replicas} pods: Kubernetes then takes one away first")
        {
            Fix = ReadinessFix.OfSpec(subject, new() { ["strategy"] = new JsonObject { ["rollingUpdate"] = new JsonObject { ["maxSurge"] = 1 } } }),
        };
    }

    /// <summary>How many more pods a rolling update makes.</summary>
    internal static int Surge(ReadinessSubject subject) => Count(subject, "maxSurge", roundUp: true);

    /// <summary>How many pods a rolling update may miss.</summary>
    internal static int Missing(ReadinessSubject subject) => Count(subject, "maxUnavailable", roundUp: subject.Workload.Kind == WorkloadKinds.DaemonSet);

    /// <summary>The strategy by name; for an Argo Rollout canary or blueGreen, which surge.</summary>
    internal static string Strategy(ReadinessSubject subject) => subject.Json.Text("spec", Key(subject), "type") ?? "RollingUpdate";

    private static string Key(ReadinessSubject subject) => subject.Workload.Kind is WorkloadKinds.Deployment or WorkloadKinds.Rollout ? "strategy" : "updateStrategy";

    private static string Amount(ReadinessSubject subject, string name)
    {
        var place = subject.Workload.Kind == WorkloadKinds.Rollout ? "canary" : "rollingUpdate";
        return subject.Json.Text("spec", Key(subject), place, name) ?? (subject.Workload.Kind == WorkloadKinds.DaemonSet ? name == "maxSurge" ? "0" : "1" : "25%");
    }

    private static int Count(ReadinessSubject subject, string name, bool roundUp) =>
        IntOrPercent.Parse(Amount(subject, name))?.Of(subject.Replicas, roundUp) ?? 0;
}
