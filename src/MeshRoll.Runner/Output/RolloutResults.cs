using System.Globalization;
using MeshRoll.Core.Rollouts;
using MeshRoll.Runner.Options;

namespace MeshRoll.Runner.Output;

/// <summary>The final rollouts, on standard output.</summary>
internal static class RolloutResults
{
    internal static void Write(TextWriter writer, OutputFormat format, IEnumerable<MeshRollout> rollouts)
    {
        if (format == OutputFormat.Json)
        {
            var array = new JsonArrayWriter<MeshRollout>(writer, RunnerJson.Default.MeshRollout);
            foreach (var rollout in rollouts) array.Add(rollout);
            array.End();
            return;
        }
        var table = new Table(writer, "NAMESPACE", "WORKLOAD", "STATE", "UPDATED", "READY", "TIME", "MESSAGE");
        foreach (var rollout in rollouts)
        {
            table.Add(rollout.Namespace, $"{rollout.Kind.ToLowerInvariant()}/{rollout.Name}", $"{rollout.State}",
                $"{rollout.Updated}/{rollout.Desired}", $"{rollout.Ready}", Took(rollout), rollout.Message);
        }
        table.Flush();
    }

    /// <summary>What the states amount to.</summary>
    internal static int ExitCodeOf(IReadOnlyCollection<MeshRollout> rollouts)
    {
        if (rollouts.Any(static rollout => rollout.State == RolloutState.Failed || rollout.Diagnosis.Any(static finding => finding.Severity == FindingSeverity.Error)
            && rollout.State == RolloutState.Complete)) return ExitCode.WorkloadFailed;
        return rollouts.Any(static rollout => rollout.State == RolloutState.TimedOut) ? ExitCode.TimedOut : ExitCode.Done;
    }

    private static string Took(MeshRollout rollout) => rollout is { StartTime: { } start, EndTime: { } end }
        ? string.Create(CultureInfo.InvariantCulture, $"{(end - start).TotalSeconds:0.0}s") : "";
}
