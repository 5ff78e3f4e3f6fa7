using MeshRoll.Core.Restarts.Marks;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Plans.Leasing;

/// <summary>What to do about a plan's Lease.</summary>
internal abstract record LeaseStep
{
    private LeaseStep() { }

    /// <summary>There is none: make it.</summary>
    public sealed record Create : LeaseStep;

    /// <summary>It is this run's: renew it.</summary>
    public sealed record Renew : LeaseStep;

    /// <summary>Its holder is gone: take it.</summary>
    /// <param name="Because">How that is known.</param>
    public sealed record Take(string Because) : LeaseStep;

    /// <summary>Somebody holds it.</summary>
    /// <param name="By">Who.</param>
    /// <param name="For">How long at least until it may be taken.</param>
    public sealed record Wait(string By, TimeSpan For) : LeaseStep;
}

/// <summary>
/// Whose is a plan's Lease? Clocks of different machines are not compared: a Lease is stale when it has not changed for as long as it is held, by the
/// watcher's own measure (k8s.io/client-go, tools/leaderelection, which does the same).
/// </summary>
internal static class LeaseRules
{
    /// <summary>How long it is held without being renewed.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromSeconds(60);

    /// <summary>How often it is renewed.</summary>
    public static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(10);

    /// <summary>Not renewed for so long, a run stops writing: before anybody else may take the Lease, and with time to take back what it was at.</summary>
    public static readonly TimeSpan StopAfter = TimeSpan.FromSeconds(35);

    /// <summary>Two clocks of a machine run apart by so much between two renewals, when nobody sets one of them.</summary>
    private static readonly TimeSpan Drift = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Whether a run may still write, so long after it asked for its last renewal. By both clocks: the monotonic one does not go on while a machine sleeps
    /// (CLOCK_MONOTONIC), and the one on the wall may be set: forwards it looks as if the machine had slept, backwards it might hide that. The next renewal tells.
    /// </summary>
    public static bool IsSure(TimeSpan elapsed, TimeSpan onTheWall) => elapsed < StopAfter && onTheWall < StopAfter && onTheWall > elapsed - Drift;

    /// <summary>Decides.</summary>
    /// <param name="found">As the server has it; null for none.</param>
    /// <param name="me">This run.</param>
    /// <param name="unchangedFor">How long it has been seen without a change.</param>
    /// <param name="runs">The runs of this machine.</param>
    public static LeaseStep Decide(Lease? found, LeaseHolder me, TimeSpan unchangedFor, IRunRegistry runs)
    {
        if (found is null) return new LeaseStep.Create();
        var holder = found.Spec.HolderIdentity;
        if (holder.Length == 0) return new LeaseStep.Take("nobody holds it");
        if (holder == me.ToString()) return new LeaseStep.Renew();
        if (LeaseHolder.Parse(holder) is { } other && !other.MayRun(found.Spec.AcquireTime ?? DateTimeOffset.MaxValue, runs)) return new LeaseStep.Take($"{holder} has ended without giving it back");
        var held = TimeSpan.FromSeconds(Math.Clamp(found.Spec.LeaseDurationSeconds ?? (int)Duration.TotalSeconds, 1, 3600));
        return unchangedFor >= held ? new LeaseStep.Take($"{holder} was not heard of for {held.TotalSeconds:0} s") : new LeaseStep.Wait(holder, held - unchangedFor);
    }
}

/// <summary>Who holds a Lease: user and machine, process, and the run within it; <c>ann@build-7/4711/3f9a02c71b5e</c>.</summary>
internal sealed record LeaseHolder(string By, int Process, string Run)
{
    /// <summary>Reads one; null when it is not of our form.</summary>
    public static LeaseHolder? Parse(string text) =>
        text.Split('/') is [{ Length: > 0 } by, var process, { Length: > 0 } run] && int.TryParse(process, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var id) ? new(by, id, run) : null;

    /// <summary>False when it was a process of this machine that is certainly gone.</summary>
    public bool MayRun(DateTimeOffset since, IRunRegistry runs) => runs.MayRun(new() { Run = Run, Strategy = "", By = By, Process = Process, Since = since, Beat = since });

    /// <summary>As it stands in the Lease.</summary>
    public override string ToString() => $"{By}/{Process}/{Run}";
}
