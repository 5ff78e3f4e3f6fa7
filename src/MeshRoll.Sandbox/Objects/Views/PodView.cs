using System.Globalization;
using System.Text.Json;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Objects.Views;

/// <summary>What controllers, scheduler, kubelet and observers need of a pod.</summary>
internal sealed record PodView : IStoredView<PodView>
{
    private const string DeletionCostAnnotation = "controller.kubernetes.io/pod-deletion-cost";

    /// <summary>The node; empty while unscheduled.</summary>
    public required string NodeName { get; init; }

    /// <summary>Pending, Running, Succeeded, Failed.</summary>
    public required string Phase { get; init; }

    /// <summary>Whether the condition Ready is True.</summary>
    public required bool IsReady { get; init; }

    /// <summary>Since when the condition Ready is as it is.</summary>
    public required DateTimeOffset? ReadySince { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Restarts of its busiest container.</summary>
    public required int Restarts { get; init; }

    /// <summary>The template its ReplicaSet made it from (label pod-template-hash), or empty.</summary>
    public required string TemplateHash { get; init; }

    /// <summary>The revision its StatefulSet or DaemonSet made it from (label controller-revision-hash), or empty.</summary>
    public required string RevisionHash { get; init; }

    /// <summary>Its address; empty before it has one.</summary>
    public string Address { get; init; } = "";

    /// <summary>How dear its deletion is when there are too many (annotation controller.kubernetes.io/pod-deletion-cost); dearer ones stay.</summary>
    public int DeletionCost { get; init; }

    /// <summary>Whether it neither ended nor is on its way out.</summary>
    public required bool IsActive { get; init; }

    /// <summary>Whether it ended for good.</summary>
    public bool HasEnded => Phase is "Succeeded" or "Failed";

    /// <summary>Whether it has been ready for so long.</summary>
    public bool IsAvailable(TimeSpan minimum, DateTimeOffset now) => IsReady && (minimum == TimeSpan.Zero || (ReadySince is { } since && since + minimum <= now));

    /// <inheritdoc/>
    public static PodView Read(StoredObject stored)
    {
        var (phase, ready, restarts, address) = ("", false, 0, "");
        DateTimeOffset? since = null;
        if (stored.Status is { } kept)
        {
            using var document = JsonDocument.Parse(kept.Json);
            var status = document.RootElement;
            phase = Known(status.Text("phase"));
            foreach (var condition in status.Items("conditions"))
            {
                if (condition.At("type") is not { ValueKind: JsonValueKind.String } type || !type.ValueEquals("Ready"u8)) continue;
                ready = condition.Text("status") == "True";
                since = condition.Time("lastTransitionTime");
            }
            address = status.Text("podIP");
            foreach (var container in status.Items("containerStatuses")) restarts = Math.Max(restarts, (int)(container.Number("restartCount") ?? 0));
        }
        return Of(stored, stored.NodeName, phase, ready, since, restarts, address);
    }

    /// <summary>The view of a pod whose node and status say this.</summary>
    public static PodView Of(StoredObject stored, string nodeName, string phase, bool isReady, DateTimeOffset? readySince, int restarts, string address) =>
        new()
        {
            NodeName = nodeName,
            Phase = phase,
            IsReady = isReady,
            ReadySince = readySince,
            Created = stored.Metadata.Created,
            Restarts = restarts,
            TemplateHash = stored.Labels.GetValueOrDefault("pod-template-hash", ""),
            RevisionHash = stored.Labels.GetValueOrDefault("controller-revision-hash", ""),
            Address = address,
            DeletionCost = int.TryParse(stored.Metadata.Annotations.GetValueOrDefault(DeletionCostAnnotation), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var cost) ? cost : 0,
            IsActive = phase is not ("Succeeded" or "Failed") && !stored.IsDeleting,
        };

    // The same few words for ten thousand pods.
    private static string Known(string phase) => phase switch { "Pending" => "Pending", "Running" => "Running", "Succeeded" => "Succeeded", "Failed" => "Failed", _ => phase };
}
