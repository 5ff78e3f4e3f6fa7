using System.Text.Json;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Selecting;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Controllers.StatefulSets;

/// <summary>What the controller needs of a StatefulSet.</summary>
internal sealed record StatefulSetView : IWishView<StatefulSetView>
{
    /// <summary>Wished pods.</summary>
    public required int Replicas { get; init; }

    /// <summary>The ordinal of the first pod.</summary>
    public required int Start { get; init; }

    /// <summary>Whether pods do not wait for each other when they come and go.</summary>
    public required bool IsParallel { get; init; }

    /// <summary>Whether old pods stay until somebody deletes them.</summary>
    public required bool IsOnDelete { get; init; }

    /// <summary>Pods below this ordinal keep the old revision; null where the strategy says nothing at all.</summary>
    public required int? Partition { get; init; }

    /// <summary>How long a pod must be ready to count as available.</summary>
    public required TimeSpan MinReady { get; init; }

    /// <summary>How many old revisions are kept.</summary>
    public required int RevisionHistoryLimit { get; init; }

    /// <summary>The service that gives its pods names.</summary>
    public required string ServiceName { get; init; }

    /// <summary>The names of the volumes that each pod has for itself.</summary>
    public required IReadOnlyList<string> VolumeClaims { get; init; }

    /// <summary>Which pods are its own.</summary>
    public required LabelSelector Selector { get; init; }

    /// <summary>What tells its template from others.</summary>
    public required string TemplateHash { get; init; }

    /// <summary>What was last seen of it.</summary>
    public required StatefulSetStatus Status { get; init; }

    /// <inheritdoc/>
    public static StatefulSetView ReadWish(JsonElement spec)
    {
        var strategy = spec.At("updateStrategy");
        return new()
        {
            Replicas = (int)(spec.Number("replicas") ?? 1),
            Start = (int)(spec.Number("ordinals", "start") ?? 0),
            IsParallel = spec.Text("podManagementPolicy") == "Parallel",
            IsOnDelete = strategy.Text("type") == "OnDelete",
            Partition = strategy.At("rollingUpdate").ValueKind == JsonValueKind.Object ? (int)(strategy.Number("rollingUpdate", "partition") ?? 0) : null,
            MinReady = TimeSpan.FromSeconds(spec.Number("minReadySeconds") ?? 0),
            RevisionHistoryLimit = (int)(spec.Number("revisionHistoryLimit") ?? 10),
            ServiceName = spec.Text("serviceName"),
            VolumeClaims = spec.Items("volumeClaimTemplates").Select(static claim => claim.Text("metadata", "name")),
            Selector = Selectors.Read(spec.At("selector")),
            TemplateHash = Controllers.TemplateHash.Of(spec.At("template")),
            Status = new(),
        };
    }

    /// <inheritdoc/>
    public StatefulSetView Complete(ObjectMetadata metadata, JsonElement status) => this with { Status = StatefulSetStatus.Read(status) };
}
