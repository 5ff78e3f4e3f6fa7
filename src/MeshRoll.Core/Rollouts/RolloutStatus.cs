namespace MeshRoll.Core.Rollouts;

/// <summary>What a workload's own status says about its rollout: the answer of <see cref="RolloutStatusRules"/>.</summary>
/// <param name="State">Where it stands.</param>
/// <param name="Message">The same in words.</param>
public sealed record RolloutStatus(RolloutState State, string Message)
{
    /// <summary>Pods wanted.</summary>
    public int Desired { get; init; }

    /// <summary>Pods made from the current template.</summary>
    public int Updated { get; init; }

    /// <summary>Pods ready.</summary>
    public int Ready { get; init; }

    /// <summary>Pods available.</summary>
    public int Available { get; init; }

    /// <summary>Pods of an older template.</summary>
    public int Old { get; init; }

    /// <summary>The revision being rolled out; empty when unknown.</summary>
    public string Revision { get; init; } = "";
}

/// <summary>Which rollout a status is to be judged for.</summary>
public sealed record RolloutExpectation
{
    /// <summary>Any rollout: the status counts as it is.</summary>
    public static RolloutExpectation Any { get; } = new();

    /// <summary>The generation the change gave the workload; a status of an older one does not count. Null when any counts.</summary>
    public long? Generation { get; init; }

    /// <summary>When the change was made, UTC; conditions from before it do not count. Null when all count.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The workload's uid; empty when any counts.</summary>
    public string Uid { get; init; } = "";

    /// <summary>What <paramref name="rollout"/> expects. Its StartTime counts only when it knows its generation: otherwise nobody changed anything then.</summary>
    public static RolloutExpectation Of(MeshRollout rollout)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        return new() { Generation = rollout.Generation, Since = rollout.Generation is null ? null : rollout.StartTime, Uid = rollout.Uid };
    }
}
