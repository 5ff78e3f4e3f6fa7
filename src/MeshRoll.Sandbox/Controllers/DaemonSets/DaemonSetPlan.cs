namespace MeshRoll.Sandbox.Controllers.DaemonSets;

/// <summary>A pod of a DaemonSet.</summary>
/// <param name="Name">Its name.</param>
internal sealed record DaemonPod(string Name)
{
    /// <summary>Whether it has the present template.</summary>
    public bool IsUpdated { get; init; }

    /// <summary>Whether it is ready.</summary>
    public bool IsReady { get; init; }

    /// <summary>Whether it has been ready for long enough.</summary>
    public bool IsAvailable { get; init; }

    /// <summary>Whether it is about to end.</summary>
    public bool IsEnding { get; init; }

    /// <summary>Whether it ended for good.</summary>
    public bool HasEnded { get; init; }
}

/// <summary>A node, as a DaemonSet sees it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ShouldRun">Whether it should have a pod.</param>
/// <param name="MayStay">Whether a pod that is there may stay.</param>
/// <param name="Pods">The pods on it, oldest first.</param>
internal sealed record DaemonNode(string Name, bool ShouldRun, bool MayStay, IReadOnlyList<DaemonPod> Pods);

/// <summary>What a DaemonSet does next: pods to delete, and nodes to make one for.</summary>
internal sealed record DaemonSteps(List<string> Delete, List<string> CreateOn)
{
    /// <summary>Whether there is nothing to do.</summary>
    public bool IsEmpty => Delete.Count + CreateOn.Count == 0;
}

/// <summary>The decisions of a DaemonSet (daemon_controller.go, update.go).</summary>
internal static class DaemonSetPlan
{
    /// <summary>Gives every node its pod, and takes away what is too much.</summary>
    public static DaemonSteps Manage(IEnumerable<DaemonNode> nodes, bool surges)
    {
        var steps = new DaemonSteps([], []);
        foreach (var node in nodes)
        {
            if (!node.MayStay) steps.Delete.AddRange(node.Pods.Where(pod => !pod.IsEnding).Select(pod => pod.Name));
            else if (node.Pods.Count > 0) Prune(node, surges, steps.Delete);
            else if (node.ShouldRun) steps.CreateOn.Add(node.Name);
        }
        return steps;
    }

    /// <summary>Replaces old pods, as many at a time as may be missing, or as there may be more.</summary>
    public static DaemonSteps Update(IEnumerable<DaemonNode> nodes, int maxSurge, int maxUnavailable)
    {
        var occupied = nodes.Where(node => node.Pods.Count > 0).ToList();
        return maxSurge > 0 ? Surge(occupied, maxSurge) : Replace(occupied, maxUnavailable);
    }

    /// <summary>How many nodes may be touched at a time: both rounded up, and one when both come to nothing.</summary>
    public static (int Surge, int Unavailable) Limits(IntOrPercent maxSurge, IntOrPercent maxUnavailable, int desired)
    {
        var (surge, unavailable) = (maxSurge.Of(desired, roundUp: true), maxUnavailable.Of(desired, roundUp: true));
        return (surge, desired > 0 && surge == 0 && unavailable == 0 ? 1 : unavailable);
    }

    private static void Prune(DaemonNode node, bool surges, List<string> delete)
    {
        delete.AddRange(node.Pods.Where(pod => pod.HasEnded && !pod.IsEnding).Select(pod => pod.Name));
        var running = node.Pods.Where(pod => !pod.HasEnded && !pod.IsEnding).ToList();
        if (running.Count <= 1) return;
        if (!surges)
        {
            delete.AddRange(running.Skip(1).Select(pod => pod.Name));
            return;
        }

        // Two are right only while the new one gets ready and the old one still serves.
        var newest = running.Where(pod => pod.IsUpdated).ToList();
        var old = running.Where(pod => !pod.IsUpdated).ToList();
        delete.AddRange(newest.Skip(1).Concat(old.Skip(1)).Select(pod => pod.Name));
        if (newest.Count > 0 && old.Count > 0 && (!old[0].IsReady || newest[0].IsAvailable)) delete.Add(old[0].Name);
    }

    private static DaemonSteps Replace(IEnumerable<DaemonNode> nodes, int maxUnavailable)
    {
        var (broken, candidates, unavailable) = (new List<string>(), new List<string>(), 0);
        foreach (var node in nodes)
        {
            // With none, or with several of a kind, somebody else is at work here.
            if (Split(node) is not { } pods || (pods.New is null) == (pods.Old is null)) unavailable++;
            else if (pods.New is { } updated) unavailable += updated.IsAvailable ? 0 : 1;
            else if (!pods.Old!.IsAvailable) broken.Add(pods.Old.Name);
            else candidates.Add(pods.Old.Name);
        }
        return new([.. broken, .. candidates.Take(Math.Max(0, maxUnavailable - unavailable))], []);
    }

    private static DaemonSteps Surge(IEnumerable<DaemonNode> nodes, int maxSurge)
    {
        var (delete, broken, candidates, surging) = (new List<string>(), new List<string>(), new List<string>(), 0);
        foreach (var node in nodes)
        {
            if (Split(node) is not { } pods)
            {
                surging++;
            }
            else if (pods.Old is { } old && pods.New is { } updated)
            {
                if (!old.IsAvailable)
                {
                    delete.Add(old.Name);
                    continue;
                }
                surging++;
                if (updated.IsAvailable) delete.Add(old.Name);
            }
            else if (pods.Old is { } only)
            {
                (only.IsAvailable ? candidates : broken).Add(node.Name);
            }
        }
        return new(delete, [.. broken, .. candidates.Take(Math.Max(0, maxSurge - surging))]);
    }

    /// <summary>The new and the old pod of a node among those that stay; null when there are several of a kind.</summary>
    private static (DaemonPod? New, DaemonPod? Old)? Split(DaemonNode node)
    {
        (DaemonPod? New, DaemonPod? Old) pods = default;
        foreach (var pod in node.Pods)
        {
            if (pod.IsEnding) continue;
            if (pod.IsUpdated ? pods.New is not null : pods.Old is not null) return null;
            if (pod.IsUpdated) pods.New = pod;
            else pods.Old = pod;
        }
        return pods;
    }
}
