using MeshRoll.Core.Sidecars;

namespace MeshRoll.Core.Migration;

/// <summary>Counts the pods and workloads of one namespace, or of all.</summary>
internal sealed class MigrationTally(MigrationSides sides)
{
    private readonly List<DateTimeOffset> _moved = [];

    /// <summary>Pods by where they stand.</summary>
    public int Moved { get; private set; }

    /// <summary>Pods that are left.</summary>
    public int Left { get; private set; }

    /// <summary>Pods of neither side.</summary>
    public int Other { get; private set; }

    /// <summary>Pods that do not tell.</summary>
    public int Unknown { get; private set; }

    /// <summary>Workloads that have pods on the new side and none left.</summary>
    public int WorkloadsMoved { get; private set; }

    /// <summary>Workloads with pods left.</summary>
    public int WorkloadsLeft { get; private set; }

    /// <summary>Pods left whose workload cannot be restarted.</summary>
    public int NotRestartable { get; private set; }

    /// <summary>Pods left whose replacement would not be on the new side, as far as that is known.</summary>
    public int NotSwitched { get; private set; }

    /// <summary>What those would get instead, as the first of them tells.</summary>
    public string NotSwitchedReason { get; private set; } = "";

    /// <summary>When the oldest pod left was made.</summary>
    public DateTimeOffset? OldestLeft { get; private set; }

    /// <summary>When the first pod was made that has moved.</summary>
    public DateTimeOffset? FirstMoved => _moved.Count == 0 ? null : _moved.Min();

    /// <summary>Pods that have moved and were made since a time.</summary>
    public int MovedSince(DateTimeOffset since) => _moved.Count(made => made >= since);

    /// <summary>Counts a workload; gives how many of its pods are left.</summary>
    public int Add(GatheredWorkload gathered)
    {
        int moved = 0, left = 0;
        foreach (var sidecar in gathered.Sidecars)
        {
            switch (sides.PlaceOf(sidecar))
            {
                case MigrationPlace.Moved:
                    moved++;
                    if (sidecar.Created is { } made) _moved.Add(made);
                    break;
                case MigrationPlace.Left:
                    left++;
                    if (!(OldestLeft <= sidecar.Created)) OldestLeft = sidecar.Created ?? OldestLeft;
                    CountNotSwitched(sidecar);
                    break;
                case MigrationPlace.Unknown:
                    Unknown++;
                    break;
                default:
                    Other++;
                    break;
            }
        }
        (Moved, Left) = (Moved + moved, Left + left);
        if (left > 0) WorkloadsLeft++;
        else if (moved > 0) WorkloadsMoved++;
        if (!gathered.Workload.Restartable) NotRestartable += left;
        return left;
    }

    // Up to date means that a replacement would be what it is now, and that is the side it is to leave.
    private void CountNotSwitched(MeshSidecar sidecar)
    {
        var stays = sidecar.DesiredRevision is null && sidecar.DesiredVersion is null
            ? sidecar.Outdated == false
            : sides.To.Holds(sidecar.DesiredRevision, sidecar.DesiredVersion) == false;
        if (!stays) return;
        NotSwitched++;
        if (NotSwitchedReason.Length == 0) NotSwitchedReason = sidecar.Reason;
    }
}
