using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Selecting;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Controllers.ReplicaSets;

/// <summary>What the controllers need of a ReplicaSet.</summary>
internal sealed record ReplicaSetView : IWishView<ReplicaSetView>
{
    /// <summary>metadata.generation.</summary>
    public required long Generation { get; init; }

    /// <summary>Wished pods.</summary>
    public required int Replicas { get; init; }

    /// <summary>How long a pod must be ready to count as available.</summary>
    public required TimeSpan MinReady { get; init; }

    /// <summary>Which pods are its own.</summary>
    public required LabelSelector Selector { get; init; }

    /// <summary>Labels that its pods get.</summary>
    public required IReadOnlyDictionary<string, string> TemplateLabels { get; init; }

    /// <summary>Annotations; a Deployment keeps its books there.</summary>
    public required IReadOnlyDictionary<string, string> Annotations { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>What was last seen of its pods.</summary>
    public required ReplicaSetStatus Status { get; init; }

    /// <summary>The available pods that will still be there when it has been brought to its size: the status may be older than a scaling down.</summary>
    public int Available => Math.Min(Status.Available, Replicas);

    /// <summary>The pods it may have at this moment: those it was told to take away are still there until it has noticed.</summary>
    public int Held => Status.ObservedGeneration >= Generation ? Replicas : Math.Max(Replicas, Status.Replicas);

    /// <summary>A number in an annotation, or null.</summary>
    public int? Number(string annotation) =>
        Annotations.TryGetValue(annotation, out var text) && int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <inheritdoc/>
    public static ReplicaSetView ReadWish(JsonElement spec)
    {
        return new()
        {
            Generation = 0,
            Replicas = (int)(spec.Number("replicas") ?? 1),
            MinReady = TimeSpan.FromSeconds(spec.Number("minReadySeconds") ?? 0),
            Selector = Selectors.Read(spec.At("selector")),
            TemplateLabels = spec.Map("template", "metadata", "labels"),
            Annotations = new Dictionary<string, string>(),
            Created = default,
            Status = new(),
        };
    }

    /// <inheritdoc/>
    public ReplicaSetView Complete(ObjectMetadata metadata, JsonElement status) => this with
    {
        Generation = metadata.Generation,
        Annotations = metadata.Annotations,
        Created = metadata.Created,
        Status = ReplicaSetStatus.Read(status),
    };
}

/// <summary>The status of a ReplicaSet.</summary>
internal sealed record ReplicaSetStatus
{
    /// <summary>Pods that have neither ended nor are about to.</summary>
    public int Replicas { get; init; }

    /// <summary>Those that have all labels of the template.</summary>
    public int FullyLabeled { get; init; }

    /// <summary>Those that are ready.</summary>
    public int Ready { get; init; }

    /// <summary>Those that have been ready for long enough.</summary>
    public int Available { get; init; }

    /// <summary>The generation that was looked at.</summary>
    public long ObservedGeneration { get; init; }

    /// <summary>At most ReplicaFailure.</summary>
    public IReadOnlyList<Condition> Conditions { get; init; } = [];

    public static ReplicaSetStatus Read(JsonElement status) => new()
    {
        Replicas = (int)(status.Number("replicas") ?? 0),
        FullyLabeled = (int)(status.Number("fullyLabeledReplicas") ?? 0),
        Ready = (int)(status.Number("readyReplicas") ?? 0),
        Available = (int)(status.Number("availableReplicas") ?? 0),
        ObservedGeneration = status.Number("observedGeneration") ?? 0,
        Conditions = Condition.ReadAll(status),
    };

    /// <summary>As the API has it: zeros are left out but for the first.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["replicas"] = Replicas };
        json.SetUnlessZero("fullyLabeledReplicas", FullyLabeled);
        json.SetUnlessZero("readyReplicas", Ready);
        json.SetUnlessZero("availableReplicas", Available);
        json.SetUnlessZero("observedGeneration", ObservedGeneration);
        Condition.WriteAll(json, Conditions);
        return json;
    }

    /// <summary>Whether nothing differs.</summary>
    public bool SameAs(ReplicaSetStatus other) => (this with { Conditions = [] }) == (other with { Conditions = [] }) && Conditions.SequenceEqual(other.Conditions);
}
