using MeshRoll.Core.Rollouts;
using MeshRoll.Pipeline;

namespace MeshRoll.Restarting;

/// <summary>Counts how far restarting is.</summary>
internal sealed class RestartProgress
{
    private const int BarId = 7100;

    private readonly HashSet<(string, string, string, string)> _moving = [];
    private int _started;
    private int _passed;
    private int _failed;

    /// <summary>Workloads in all.</summary>
    public int Total { get; set; }

    /// <summary>The bar as it stands.</summary>
    public CommandProgress Bar => new(BarId, "Restarting workloads", Status, Total == 0 ? -1 : Math.Min(100, 100 * (_started + _passed) / Total));

    private string Status => $"{_started} of {Total} started, {_moving.Count} moving{(_passed > 0 ? $", {_passed} passed over" : "")}{(_failed > 0 ? $", {_failed} failed" : "")}";

    /// <summary>One was started.</summary>
    public void Started(MeshRollout rollout)
    {
        _started++;
        _moving.Add(KeyOf(rollout));
    }

    /// <summary>One was skipped or refused.</summary>
    public void Passed() => _passed++;

    /// <summary>One that moved has ended.</summary>
    public void Ended(MeshRollout rollout)
    {
        _moving.Remove(KeyOf(rollout));
        if (rollout.State is RolloutState.Failed or RolloutState.TimedOut) _failed++;
    }

    private static (string, string, string, string) KeyOf(MeshRollout rollout) => (rollout.Cluster, rollout.Namespace, rollout.Kind, rollout.Name);
}
