using MeshRoll.Core.Restarts.Marks;

namespace MeshRoll.Core.Restarts.Replacing;

/// <summary>
/// The count is raised first, in the same write as the mark that holds the original; a serving pod goes only while as many as the original serve without
/// it; then the count is restored, in the same write that takes the mark away. While the added pods do not come up, no old pod is touched.
/// </summary>
internal sealed class SurgeMachine(ReplacementOrder order, int surge) : ReplacementMachine(order)
{
    /// <inheritdoc/>
    protected override int Floor(ReplacementSight sight, RestartMark mark) => mark.Replicas ?? sight.Desired;

    /// <inheritdoc/>
    protected override int Parallel(RestartMark mark) => mark.Surge;

    /// <inheritdoc/>
    protected override int Wanted(ReplacementSight sight, RestartMark mark) => mark.Replicas ?? sight.Desired;

    /// <inheritdoc/>
    protected override ReplacementStep.Set Begin(ReplacementSight sight, RestartMark? dead, DateTimeOffset now)
    {
        // What a dead run has raised already stays raised: its pods may be serving by now.
        if (dead is not null && MarkRules.ReplicasToRestore(dead, sight.Desired) is { } original) return new(Order.Mark with { Beat = now, Replicas = original, Surge = dead.Surge }, null);
        return new(Order.Mark with { Beat = now, Replicas = sight.Desired, Surge = surge }, sight.Desired + surge);
    }

    /// <inheritdoc/>
    protected override string? Disturbance(ReplacementSight sight, RestartMark mark) => sight.Desired == mark.RaisedReplicas
        ? null
        : $"its count was set to {sight.Desired} by somebody else (an autoscaler?) while it was raised from {mark.Replicas} to {mark.RaisedReplicas}; {sight.Desired} stays, and nothing more is replaced";
}
