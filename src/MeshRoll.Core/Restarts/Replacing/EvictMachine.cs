using MeshRoll.Core.Restarts.Marks;

namespace MeshRoll.Core.Restarts.Replacing;

/// <summary>
/// Pods are evicted while all but <see cref="ReplacementOrder.MaxUnavailable"/> of those wanted serve without the one that goes; and the last one that
/// serves stays until another does, unless downtime is allowed. The count is never touched, but for one that a dead run left raised.
/// </summary>
internal sealed class EvictMachine(ReplacementOrder order) : ReplacementMachine(order)
{
    /// <inheritdoc/>
    protected override int Floor(ReplacementSight sight, RestartMark mark) => Math.Max(Order.AllowDowntime ? 0 : 1, sight.Desired - Order.MaxUnavailable);

    /// <inheritdoc/>
    protected override int Parallel(RestartMark mark) => Order.MaxUnavailable;

    /// <inheritdoc/>
    protected override int Wanted(ReplacementSight sight, RestartMark mark) => sight.Desired;

    /// <inheritdoc/>
    protected override ReplacementStep.Set Begin(ReplacementSight sight, RestartMark? dead, DateTimeOffset now) =>
        new(Order.Mark with { Beat = now }, dead is null ? null : MarkRules.ReplicasToRestore(dead, sight.Desired));

    /// <inheritdoc/>
    protected override string? Disturbance(ReplacementSight sight, RestartMark mark) => sight.Desired == 0 ? "was scaled to no pods while they were being replaced" : null;
}
