using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Observing;

/// <summary>What is known of one workload: its pods in groups by template, and what was recorded.</summary>
internal sealed class WorkloadTrack(StoredObject workload)
{
    private readonly List<PodGroup> _groups = [];

    public string Namespace { get; } = workload.Namespace;

    public string Kind { get; } = workload.Resource.Kind;

    public string Name { get; } = workload.Name;

    /// <summary>How many pods are wished for.</summary>
    public int Desired { get; set; }

    /// <summary>The template of new pods; empty while nobody knows.</summary>
    public string Template { get; set; } = "";

    /// <summary>Whether the workload is there no more; it is remembered while it has pods.</summary>
    public bool IsGone { get; set; }

    /// <summary>Its entries, the oldest first, with their place in the order of all.</summary>
    public Queue<(long Order, SandboxTimelineEntry Entry)> Entries { get; } = new();

    /// <summary>The entry recorded last.</summary>
    public SandboxTimelineEntry? Last { get; set; }

    public bool HasPods => _groups.Count > 0;

    /// <summary>Counts a pod in (1) or out (-1).</summary>
    public void Count(string template, PodState state, int sign)
    {
        var group = _groups.Find(known => known.Template == template);
        if (group is null) _groups.Add(group = new(template));
        group.Count(state, sign);
        if (group.IsEmpty) _groups.Remove(group);
    }

    /// <summary>The numbers now. There are as many groups as templates with pods, two during a rollout: nothing is counted anew.</summary>
    public SandboxTimelineEntry At(DateTimeOffset time)
    {
        var (ready, old, @new, terminating) = (0, 0, 0, 0);
        foreach (var group in _groups)
        {
            ready += group.Ready;
            terminating += group.Terminating;
            if (group.Template == Template) @new += group.Active;
            else old += group.Active;
        }
        return new()
        {
            Time = time,
            Namespace = Namespace,
            Kind = Kind,
            Name = Name,
            Desired = IsGone ? 0 : Desired,
            Ready = ready,
            Old = old,
            New = @new,
            Terminating = terminating,
        };
    }
}
