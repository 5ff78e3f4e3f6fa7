using MeshRoll.Core.Rollouts.Following;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Rollouts.Diagnosis;

/// <summary>One look at a workload's pods: what is known, since when something has been seen, and what to find out before the next look.</summary>
internal sealed class Looking(Observation observation)
{
    private ILookup<string, Event>? _events;
    private DateTimeOffset? _clusterNow;

    /// <summary>What is looked at.</summary>
    public Observation Observation => observation;

    /// <summary>What has been seen, for the next look.</summary>
    public FirstSightings Seen { get; } = new();

    /// <summary>When one of the signals has to be judged again for the time passed; null when never.</summary>
    public DateTimeOffset? LookAgain { get; private set; }

    /// <summary>What would tell more. Nothing, as long as nothing is wrong.</summary>
    public Inquiry Ask { get; set; }

    /// <summary>How long a signal has been seen; <paramref name="since"/> is the cluster's own word for it, of use where there is one look only.</summary>
    public TimeSpan Lasting(Pod pod, string container, string id, DateTimeOffset? since)
    {
        var first = Seen.Note(observation.Seen, pod.Metadata.Uid, container, id, observation.Now);
        if (!observation.IsSingle) return observation.Now - first;
        return (since ?? pod.Status.StartTime ?? pod.Metadata.CreationTimestamp) is { } told ? ClusterNow - told : TimeSpan.Zero;
    }

    /// <summary>
    /// What time it is in the cluster, as far as can be told: nothing has happened there yet that is still to come. So a clock of ours that is slow does not
    /// make everything look new.
    /// </summary>
    public DateTimeOffset ClusterNow => _clusterNow ??= Latest();

    private DateTimeOffset Latest()
    {
        var latest = observation.Now;
        foreach (var condition in DiagnosisRules.ConditionsOf(observation.Workload)) See(condition.LastUpdateTime ?? condition.LastTransitionTime);
        foreach (var pod in observation.Pods)
        {
            foreach (var condition in pod.Status.Conditions) See(condition.LastTransitionTime);
            foreach (var status in pod.Status.ContainerStatuses)
            {
                See(status.State.Running?.StartedAt);
                See(status.LastState.Terminated?.FinishedAt);
            }
        }
        foreach (var told in observation.Events) See(EventTimes.Last(told));
        return latest;

        void See(DateTimeOffset? time)
        {
            if (time > latest) latest = time.Value;
        }
    }

    /// <summary>Whether a time is over; if not, there will be another look when it is.</summary>
    public bool IsOver(TimeSpan lasting, TimeSpan limit)
    {
        if (lasting >= limit) return true;
        var time = observation.Now + (limit - lasting);
        if (!(LookAgain <= time)) LookAgain = time;
        return false;
    }

    /// <summary>The newest event about a pod that is meant, if events were asked for.</summary>
    public Event? Newest(Pod pod, Func<Event, bool> isMeant)
    {
        if (observation.Events.Count == 0) return null;
        _events ??= observation.Events.Where(told => told.InvolvedObject.Kind == "Pod").ToLookup(told => told.InvolvedObject.Name, StringComparer.Ordinal);
        // A StatefulSet's pod comes again under its name: what befell the one before is over.
        return _events[pod.Metadata.Name].Where(told => told.InvolvedObject.Uid == pod.Metadata.Uid && isMeant(told)).MaxBy(EventTimes.Last);
    }

    /// <summary>The newest event about a probe of a container, such as <c>Readiness</c>.</summary>
    public Event? NewestProbe(Pod pod, string container, params ReadOnlySpan<string> probes)
    {
        string[] begins = [.. probes];
        return Newest(pod, told => told.Reason == "Unhealthy" && IsAbout(told, container)
            && Array.Exists(begins, probe => told.Message.StartsWith($"{probe} probe", StringComparison.Ordinal)));
    }

    /// <summary>Whether the kubelet has told that it waits longer and longer before it tries again to pull a container's image.</summary>
    public bool HasBackedOffPulling(Pod pod, string container) =>
        Newest(pod, told => ContainerSignals.TellsOfPullBackOff(told) && IsAbout(told, container)) is not null;

    private static bool IsAbout(Event told, string container) => told.InvolvedObject.FieldPath.EndsWith($"{{{container}}}", StringComparison.Ordinal);
}

/// <summary>When an event happened.</summary>
internal static class EventTimes
{
    /// <summary>The last time it tells; null when it tells none.</summary>
    public static DateTimeOffset? Last(Event told) => told.LastTimestamp ?? told.EventTime ?? told.FirstTimestamp ?? told.Metadata.CreationTimestamp;
}
