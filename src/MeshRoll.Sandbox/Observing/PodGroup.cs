namespace MeshRoll.Sandbox.Observing;

/// <summary>The pods of one workload that were made from one template.</summary>
/// <param name="template">What stands for the template: the uid of a ReplicaSet, or the name of a revision.</param>
internal sealed class PodGroup(string template)
{
    public string Template { get; } = template;

    /// <summary>Pods that have neither ended nor are on their way out.</summary>
    public int Active { get; private set; }

    /// <summary>Those of them that are ready.</summary>
    public int Ready { get; private set; }

    /// <summary>Pods on their way out.</summary>
    public int Terminating { get; private set; }

    public bool IsEmpty => Active == 0 && Terminating == 0;

    /// <summary>Counts a pod in (1) or out (-1).</summary>
    public void Count(PodState state, int sign)
    {
        if (state == PodState.Ended) return;
        if (state == PodState.Terminating)
        {
            Terminating += sign;
            return;
        }
        Active += sign;
        if (state == PodState.Ready) Ready += sign;
    }
}

/// <summary>What of a pod is counted.</summary>
internal enum PodState
{
    /// <summary>It runs, or will.</summary>
    Active,

    /// <summary>It serves.</summary>
    Ready,

    /// <summary>Its deletion was asked for.</summary>
    Terminating,

    /// <summary>It succeeded or failed for good.</summary>
    Ended,
}
