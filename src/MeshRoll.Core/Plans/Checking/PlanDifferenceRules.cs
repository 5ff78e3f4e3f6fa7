using System.Globalization;
using MeshRoll.Core.Plans.Windows;
using MeshRoll.Core.Restarts;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Plans.Checking;

/// <summary>What is different today from what a plan knew. Errors make it senseless to carry it out as it is; the rest is good to know.</summary>
internal static class PlanDifferenceRules
{
    /// <summary>Whether it can be carried out at all, and is meant for this cluster.</summary>
    public static IEnumerable<MeshFinding> OfPlan(MeshRolloutPlan plan, string cluster, DateTimeOffset now)
    {
        // Contexts are named differently on different machines.
        if (plan.Cluster.Length > 0 && plan.Cluster != cluster) yield return PlanFindings.Of("OtherCluster", FindingSeverity.Warning, $"the plan was made for the cluster {plan.Cluster}, this is {cluster}");
        // The plan's own windows concern the waves that have none.
        if (plan.Waves.Any(wave => wave.Windows.Count == 0) && OfCalendar(plan.Calendar, "the plan", "", now) is { } never) yield return never;
        foreach (var wave in plan.Waves.Where(wave => wave.Windows.Count > 0))
        {
            if (OfCalendar(plan.CalendarOf(wave), $"the wave '{wave.Name}'", $" of the wave '{wave.Name}'", now) is { } late) yield return late;
        }
    }

    /// <summary>A planned workload.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="planned">As the plan knew it.</param>
    /// <param name="found">As it is; null when there is none.</param>
    /// <param name="today">Its sidecars; null when they were not read.</param>
    public static MeshFinding? OfWorkload(MeshRolloutPlan plan, PlannedWorkload planned, IKubernetesObject? found, MeshWorkload? today)
    {
        var workload = planned.Reference;
        if (found is null) return PlanFindings.Of(workload, "WorkloadVanished", FindingSeverity.Error, "is not there any more", "Take it out of the plan, or make the plan anew.");
        if (found.Metadata.DeletionTimestamp is not null) return PlanFindings.Of(workload, "WorkloadVanished", FindingSeverity.Error, "is being deleted", "Take it out of the plan, or make the plan anew.");
        if (PlanMark.Of(found) == plan.Id) return PlanFindings.Of(workload, "AlreadyRestarted", FindingSeverity.Information, "was restarted by this plan already");
        if (planned.Uid.Length > 0 && planned.Uid != found.Metadata.Uid) return PlanFindings.Of(workload, "WorkloadReplaced", FindingSeverity.Warning, "was deleted and made again since: it is another one of the same name");
        if (RestartedAt(found) is { } restarted && restarted > plan.Created) return PlanFindings.Of(workload, "WorkloadRestarted", FindingSeverity.Warning, $"was restarted by somebody else at {Time(restarted)}");
        if (today is { Outdated: false, Sidecars: > 0 } && plan.Settings.Force != true && planned.Sidecars.Count > 0 && !planned.Sidecars.SequenceEqual(today.Versions))
            return PlanFindings.Of(workload, "WorkloadMoved", FindingSeverity.Information, $"moved by itself meanwhile: its pods carry {string.Join(", ", today.Versions)} and are up to date");
        if (planned.Generation is not { } generation || generation == found.Metadata.Generation) return null;
        return WorkloadObject.Desired(found) is var pods && pods != planned.Pods
            ? PlanFindings.Of(workload, "WorkloadScaled", FindingSeverity.Information, $"has {Wording.Count(pods, "pod")} now, and had {planned.Pods}")
            : PlanFindings.Of(workload, "WorkloadChanged", FindingSeverity.Information, "was changed since the plan was made");
    }

    /// <summary>A workload of the mesh that is not in the plan, though it lives beside those that are.</summary>
    public static MeshFinding? OfNewcomer(MeshRolloutPlan plan, MeshWorkload today, IKubernetesObject? found) =>
        today is { Outdated: true, Restartable: true } && found?.Metadata.CreationTimestamp > plan.Created
            ? PlanFindings.Of(new(today.Namespace, today.Kind, today.Name), "WorkloadNew", FindingSeverity.Warning, $"is new, is outdated, and not part of the plan", "Add it to a wave, or to 'exclude'.")
            : null;

    /// <summary>When kubectl rollout restart, or MeshRoll, restarted it last.</summary>
    public static DateTimeOffset? RestartedAt(IKubernetesObject found) =>
        WorkloadObject.TemplateOf(found)?.Metadata.Annotations.GetValueOrDefault(RestartPatch.Annotation) is { } text && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment)
            ? moment
            : null;

    private static MeshFinding? OfCalendar(PlanCalendar calendar, string whose, string ofWhat, DateTimeOffset now)
    {
        if (calendar.NextOpening(now) is not { } opens) return PlanFindings.Of("NeverOpens", FindingSeverity.Error, $"no window of {whose} opens within two years: {calendar.Because(now)}", "Change its windows or freezes.");
        return opens - now <= TimeSpan.FromDays(8) ? null
            : PlanFindings.Of("OpensLate", FindingSeverity.Warning, $"nothing{ofWhat} may be started before {opens.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC: {calendar.Because(now)}");
    }

    private static string Time(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
