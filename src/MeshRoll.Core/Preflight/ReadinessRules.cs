using MeshRoll.Core.Preflight.Rules;
using MeshRoll.Core.Rollouts;

namespace MeshRoll.Core.Preflight;

/// <summary>Every rule, in the order in which they are told.</summary>
internal static class ReadinessRules
{
    private const FindingSeverity Error = FindingSeverity.Error, Warning = FindingSeverity.Warning, Information = FindingSeverity.Information;

    /// <summary>The rules.</summary>
    public static IReadOnlyList<ReadinessRule> All { get; } =
    [
        new("PodsNotReady", Warning, "A rollout that begins with pods missing has less to stand on, and cannot be told from one that fails.", ProbeRules.NotReadyAlready),
        new("NoReadinessProbe", Error, "A new pod gets requests as soon as its process runs, and the old ones go although it cannot answer yet.", ProbeRules.NoReadinessProbe),
        new("ReadinessTooEarly", Warning, "A new pod counts as ready before it can answer: the old ones go too soon.", ProbeRules.ReadyTooEarly),
        new("LivenessKillsStart", Warning, "A new pod that starts slowly, as all do at once during a restart, is killed before it is ready, again and again.", ProbeRules.LivenessKillsStart),
        new("DeadlineTooShort", Error, "A healthy rollout is declared failed before its pods had the time they need.", ProbeRules.DeadlineTooShort),
        new("NoDrain", Warning, "Endpoints learn late that a pod ends: requests of the last seconds reach a process that has closed already.", ShutdownRules.NoDrain),
        new("PreStopTooLong", Error, "The pod is killed in the middle of its preStop: the application gets no signal, and what is on its way is lost.", ShutdownRules.PreStopTooLong),
        new("GracePeriodShort", Warning, "Requests that take longer than the pod has to end are cut off.", ShutdownRules.GracePeriodShort),
        new("LongConnections", Information, "Connections that last stay with the old pod until it ends, and are cut then.", ShutdownRules.LongConnections),
        new("OneReplica", Error, "Nothing serves between the end of the one pod and the readiness of the next.", UpdateRules.OneReplica),
        new("Recreate", Error, "Nothing serves between the end of the old pods and the readiness of the new ones.", UpdateRules.Recreate),
        new("TakesAllAtOnce", Error, "All pods may be missing at the same time.", UpdateRules.TakesAll),
        new("NoRoomToMove", Warning, "One pod less than wanted serves throughout the rollout.", UpdateRules.NoRoomToMove),
        new("QuotaTooSmall", Warning, "The pod that is to come first cannot be made: the rollout stands still, or one pod less serves.", BudgetRules.QuotaTooSmall),
        new("NoNodeRoom", Warning, "The pod that is to come first finds no node: the rollout stands still.", BudgetRules.NoNodeRoom),
        new("BudgetAllowsNothing", Warning, "Evictions are refused: -Strategy Evict and Surge wait, and so do drains of nodes. A rolling restart does not ask budgets.", BudgetRules.AllowsNothing),
        new("TwoBudgets", Error, "The server refuses every eviction of a pod with two budgets.", BudgetRules.TwoBudgets),
        new("AutoscalerAtLimit", Warning, "There is no reserve: while pods start, those that serve carry more, and no more may come.", BudgetRules.AutoscalerAtLimit),
        new("ProxyNotAwaited", Warning, "The application's first connections fail, because its proxy does not run yet.", TrafficRules.ProxyNotAwaited),
        new("ServiceWithoutEndpoints", Error, "Nobody is reached through it now, so that nobody will notice what the restart breaks.", TrafficRules.ServiceWithoutEndpoints),
        new("NoRetries", Warning, "Requests that meet an ending pod fail instead of being tried at another.", TrafficRules.NoRetries),
        new("LinkerdEndsEarly", Warning, "The application cannot send or answer any more while it still waits.", ShutdownRules.LinkerdEndsEarly),
        new("ConsulEndsEarly", Warning, "What the pod is answering is cut off.", ShutdownRules.ConsulEndsEarly),
        new("MovingTag", Warning, "New pods may run another application than the old ones: the restart becomes a release.", ImageRules.MovingTag),
        new("PullSecretMissing", Error, "The new pod's image cannot be pulled.", ImageRules.PullSecretMissing),
        new("ImageOnNoNode", Warning, "The image must be pulled, and may be gone from the registry: the new pod does not start.", ImageRules.ImageOnNoNode),
        new("InitNotTriedForLong", Information, "What the init container needs may have changed or gone since: the new pod does not start.", ImageRules.InitNotTriedForLong),
    ];

    /// <summary>Rules that are not about workloads: told once for each of what they are about.</summary>
    public static ReadinessRule BudgetSelectsNothing { get; } = new("BudgetSelectsNothing", Information, "It protects no pod, although somebody thinks that it does.", _ => []);

    /// <summary>Jobs whose proxy does not end with them.</summary>
    public static ReadinessRule JobKeepsProxy { get; } = new("JobKeepsProxy", Warning, "Its proxy goes on when the job is done: the pod never ends, and keeps its old version.", _ => []);

    /// <summary>Every rule's id.</summary>
    public static IReadOnlyList<string> Ids { get; } = [.. All.Select(rule => rule.Id), BudgetSelectsNothing.Id, JobKeepsProxy.Id];

    /// <summary>What all rules see in a workload.</summary>
    public static IEnumerable<MeshReadinessFinding> Of(ReadinessSubject subject, string cluster) =>
        from rule in All
        from sign in rule.Look(subject)
        select Describe(rule, sign, cluster, subject.Workload.Namespace, subject.Workload.Kind, subject.Workload.Name);

    /// <summary>A sign as a finding.</summary>
    public static MeshReadinessFinding Describe(ReadinessRule rule, ReadinessSign sign, string cluster, string @namespace, string kind, string name) => new()
    {
        Cluster = cluster,
        Namespace = @namespace,
        Kind = kind,
        Name = name,
        Id = rule.Id,
        Severity = sign.Severity ?? rule.Severity,
        Checked = sign.Checked,
        Seen = sign.Seen,
        Why = rule.Why,
        Advice = sign.Advice,
        Fix = sign.Fix?.Yaml ?? "",
        FixCommand = sign.Fix?.Command(@namespace) ?? "",
        Caution = sign.Fix?.Caution ?? "",
        Patch = sign.Fix,
    };
}
