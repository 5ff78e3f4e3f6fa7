using MeshRoll.Core.Workloads;

namespace MeshRoll.Core.Plans.Files;

/// <summary>A workload of a plan's file and where it stands.</summary>
/// <param name="Workload">Which.</param>
/// <param name="Line">Its line.</param>
/// <param name="Wave">Its wave's name.</param>
/// <param name="WaveIndex">Its wave's place.</param>
internal sealed record PlacedWorkload(PlannedWorkload Workload, int Line, string Wave, int WaveIndex);

/// <summary>Whether the waves of a plan make sense together: each workload once, and none before what it comes after.</summary>
internal static class PlanOrder
{
    /// <summary>Refuses waves that overlap or are in the wrong order.</summary>
    /// <exception cref="PlanFileException">Names both places.</exception>
    public static void Check(string file, IReadOnlyList<PlacedWorkload> placed)
    {
        Dictionary<WorkloadReference, PlacedWorkload> seen = [];
        foreach (var place in placed)
        {
            if (seen.TryAdd(place.Workload.Reference, place)) continue;
            var first = seen[place.Workload.Reference];
            throw PlanFileException.At(file, place.Line, first.WaveIndex == place.WaveIndex
                ? $"{place.Workload} stands in the wave '{place.Wave}' twice (first in line {first.Line})."
                : $"the waves '{first.Wave}' and '{place.Wave}' overlap: {place.Workload} stands in line {first.Line} already. Each workload belongs to one wave.");
        }
        foreach (var place in placed)
        {
            foreach (var before in place.Workload.After)
            {
                // What is not part of the plan was done before, or is somebody else's.
                if (!seen.TryGetValue(before, out var earlier) || earlier.WaveIndex < place.WaveIndex) continue;
                throw PlanFileException.At(file, place.Line, $"{place.Workload} comes after {earlier.Workload}, which stands in {(earlier.WaveIndex == place.WaveIndex ? "the same wave" : $"the later wave '{earlier.Wave}'")} (line {earlier.Line}); it needs an earlier wave.");
            }
        }
    }
}
