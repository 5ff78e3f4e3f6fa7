using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Selecting;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Controllers.Deployments;

/// <summary>What the controllers need of a Deployment.</summary>
internal sealed record DeploymentView : IWishView<DeploymentView>
{
    /// <summary>Wished pods.</summary>
    public required int Replicas { get; init; }

    /// <summary>Whether its template is not rolled out for now.</summary>
    public required bool IsPaused { get; init; }

    /// <summary>Whether all old pods go before new ones come.</summary>
    public required bool IsRecreate { get; init; }

    /// <summary>How many pods more than wished may be there at a time.</summary>
    public required IntOrPercent MaxSurge { get; init; }

    /// <summary>How many of the wished pods may be missing at a time.</summary>
    public required IntOrPercent MaxUnavailable { get; init; }

    /// <summary>How long a pod must be ready to count as available, in seconds.</summary>
    public required int MinReadySeconds { get; init; }

    /// <summary>After how long without progress a rollout has failed; null for never.</summary>
    public required TimeSpan? ProgressDeadline { get; init; }

    /// <summary>How many old ReplicaSets are kept.</summary>
    public required int RevisionHistoryLimit { get; init; }

    /// <summary>Which ReplicaSets and pods are its own.</summary>
    public required LabelSelector Selector { get; init; }

    /// <summary>What tells its template from others.</summary>
    public required string TemplateHash { get; init; }

    /// <summary>Annotations; they are handed on to ReplicaSets.</summary>
    public required IReadOnlyDictionary<string, string> Annotations { get; init; }

    /// <summary>What was last seen of it.</summary>
    public required DeploymentStatus Status { get; init; }

    /// <summary>How far a rolling update may go.</summary>
    public RollingLimits Limits => IsRecreate ? new(0, 0) : RollingLimits.Of(MaxSurge, MaxUnavailable, Replicas);

    /// <inheritdoc/>
    public static DeploymentView ReadWish(JsonElement spec)
    {
        var strategy = spec.At("strategy");
        var rolling = strategy.At("rollingUpdate");
        return new()
        {
            Replicas = (int)(spec.Number("replicas") ?? 1),
            IsPaused = spec.Flag("paused"),
            IsRecreate = strategy.Text("type") == "Recreate",
            MaxSurge = IntOrPercent.Read(rolling.At("maxSurge")) ?? IntOrPercent.Quarter,
            MaxUnavailable = IntOrPercent.Read(rolling.At("maxUnavailable")) ?? IntOrPercent.Quarter,
            MinReadySeconds = (int)(spec.Number("minReadySeconds") ?? 0),
            // The greatest number stands for no deadline (deployment_util.go, HasProgressDeadline).
            ProgressDeadline = (spec.Number("progressDeadlineSeconds") ?? 600) is var deadline and not int.MaxValue ? TimeSpan.FromSeconds(deadline) : null,
            RevisionHistoryLimit = (int)(spec.Number("revisionHistoryLimit") ?? 10),
            Selector = Selectors.Read(spec.At("selector")),
            TemplateHash = Controllers.TemplateHash.Of(spec.At("template")),
            Annotations = new Dictionary<string, string>(),
            Status = new(),
        };
    }

    /// <inheritdoc/>
    public DeploymentView Complete(ObjectMetadata metadata, JsonElement status) => this with { Annotations = metadata.Annotations, Status = DeploymentStatus.Read(status) };
}

/// <summary>The status of a Deployment.</summary>
internal sealed record DeploymentStatus
{
    /// <summary>The generation that was looked at.</summary>
    public long ObservedGeneration { get; init; }

    /// <summary>Pods of all its ReplicaSets.</summary>
    public int Replicas { get; init; }

    /// <summary>Pods of the present template.</summary>
    public int Updated { get; init; }

    /// <summary>Pods that are ready.</summary>
    public int Ready { get; init; }

    /// <summary>Pods that have been ready for long enough.</summary>
    public int Available { get; init; }

    /// <summary>Pods that are wished by its ReplicaSets but not available.</summary>
    public int Unavailable { get; init; }

    /// <summary>Available, Progressing, ReplicaFailure.</summary>
    public IReadOnlyList<Condition> Conditions { get; init; } = [];

    public static DeploymentStatus Read(JsonElement status) => new()
    {
        ObservedGeneration = status.Number("observedGeneration") ?? 0,
        Replicas = (int)(status.Number("replicas") ?? 0),
        Updated = (int)(status.Number("updatedReplicas") ?? 0),
        Ready = (int)(status.Number("readyReplicas") ?? 0),
        Available = (int)(status.Number("availableReplicas") ?? 0),
        Unavailable = (int)(status.Number("unavailableReplicas") ?? 0),
        Conditions = Condition.ReadAll(status),
    };

    /// <summary>As the API has it: zeros are left out.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject();
        json.SetUnlessZero("observedGeneration", ObservedGeneration);
        json.SetUnlessZero("replicas", Replicas);
        json.SetUnlessZero("updatedReplicas", Updated);
        json.SetUnlessZero("readyReplicas", Ready);
        json.SetUnlessZero("availableReplicas", Available);
        json.SetUnlessZero("unavailableReplicas", Unavailable);
        Condition.WriteAll(json, Conditions);
        return json;
    }

    /// <summary>Whether nothing differs.</summary>
    public bool SameAs(DeploymentStatus other) => (this with { Conditions = [] }) == (other with { Conditions = [] }) && Conditions.SequenceEqual(other.Conditions);
}
