using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Nodes.Scheduling;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Selecting;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Controllers.DaemonSets;

/// <summary>What the controller needs of a DaemonSet.</summary>
internal sealed record DaemonSetView : IObjectView<DaemonSetView>
{
    /// <summary>Whether old pods stay until somebody deletes them.</summary>
    public required bool IsOnDelete { get; init; }

    /// <summary>How many nodes may have two pods at a time.</summary>
    public required IntOrPercent MaxSurge { get; init; }

    /// <summary>How many nodes may be without an available pod at a time.</summary>
    public required IntOrPercent MaxUnavailable { get; init; }

    /// <summary>How long a pod must be ready to count as available.</summary>
    public required TimeSpan MinReady { get; init; }

    /// <summary>How many old revisions are kept.</summary>
    public required int RevisionHistoryLimit { get; init; }

    /// <summary>Which nodes its pods may run on.</summary>
    public required PodPlacement Placement { get; init; }

    /// <summary>Which pods are its own.</summary>
    public required LabelSelector Selector { get; init; }

    /// <summary>What tells its template from others.</summary>
    public required string TemplateHash { get; init; }

    /// <summary>The number of its template (an annotation, of old); empty where there is none.</summary>
    public required string TemplateGeneration { get; init; }

    /// <summary>What was last seen of it.</summary>
    public required DaemonSetStatus Status { get; init; }

    /// <summary>Whether a new pod comes before the old one goes.</summary>
    public bool Surges => !IsOnDelete && MaxSurge.Value > 0;

    /// <inheritdoc/>
    public static DaemonSetView Read(JsonElement root)
    {
        var spec = root.At("spec");
        var rolling = spec.At("updateStrategy", "rollingUpdate");
        var placement = PodPlacement.Read(spec.At("template", "spec"));
        return new()
        {
            IsOnDelete = spec.Text("updateStrategy", "type") == "OnDelete",
            MaxSurge = IntOrPercent.Read(rolling.At("maxSurge")) ?? new(0, IsPercent: false),
            MaxUnavailable = IntOrPercent.Read(rolling.At("maxUnavailable")) ?? new(1, IsPercent: false),
            MinReady = TimeSpan.FromSeconds(spec.Number("minReadySeconds") ?? 0),
            RevisionHistoryLimit = (int)(spec.Number("revisionHistoryLimit") ?? 10),
            Placement = placement with { Tolerations = [.. placement.Tolerations, .. DaemonPods.Tolerations(spec.Flag("template", "spec", "hostNetwork"))] },
            Selector = Selectors.Read(spec.At("selector")),
            TemplateHash = Controllers.TemplateHash.Of(spec.At("template")),
            TemplateGeneration = root.Text("metadata", "annotations", "deprecated.daemonset.template.generation"),
            Status = DaemonSetStatus.Read(root.At("status")),
        };
    }
}

/// <summary>The status of a DaemonSet; it counts nodes, not pods.</summary>
internal sealed record DaemonSetStatus
{
    /// <summary>Nodes that should have a pod and have one.</summary>
    public int Current { get; init; }

    /// <summary>Nodes that should have none and have one.</summary>
    public int Misscheduled { get; init; }

    /// <summary>Nodes that should have one.</summary>
    public int Desired { get; init; }

    /// <summary>Those whose pod is ready.</summary>
    public int Ready { get; init; }

    /// <summary>The generation that was looked at.</summary>
    public long ObservedGeneration { get; init; }

    /// <summary>Those whose pod has the present template.</summary>
    public int Updated { get; init; }

    /// <summary>Those whose pod has been ready for long enough.</summary>
    public int Available { get; init; }

    /// <summary>The other ones.</summary>
    public int Unavailable { get; init; }

    public static DaemonSetStatus Read(JsonElement status) => new()
    {
        Current = (int)(status.Number("currentNumberScheduled") ?? 0),
        Misscheduled = (int)(status.Number("numberMisscheduled") ?? 0),
        Desired = (int)(status.Number("desiredNumberScheduled") ?? 0),
        Ready = (int)(status.Number("numberReady") ?? 0),
        ObservedGeneration = status.Number("observedGeneration") ?? 0,
        Updated = (int)(status.Number("updatedNumberScheduled") ?? 0),
        Available = (int)(status.Number("numberAvailable") ?? 0),
        Unavailable = (int)(status.Number("numberUnavailable") ?? 0),
    };

    /// <summary>As the API has it: zeros are left out where it does.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["currentNumberScheduled"] = Current,
            ["numberMisscheduled"] = Misscheduled,
            ["desiredNumberScheduled"] = Desired,
            ["numberReady"] = Ready,
        };
        json.SetUnlessZero("observedGeneration", ObservedGeneration);
        json.SetUnlessZero("updatedNumberScheduled", Updated);
        json.SetUnlessZero("numberAvailable", Available);
        json.SetUnlessZero("numberUnavailable", Unavailable);
        return json;
    }
}
