using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Workloads;

namespace MeshRoll.Core.Plans.Making;

/// <summary>A workload that is to get its place in a plan.</summary>
/// <param name="Workload">It.</param>
/// <param name="Labels">Its labels.</param>
internal sealed record PlanCandidate(PlannedWorkload Workload, IReadOnlyDictionary<string, string> Labels);

/// <summary>The waves that were made, and what is to be said of them.</summary>
/// <param name="Waves">In order; without estimates.</param>
/// <param name="Findings">What was moved, or cannot be heeded.</param>
internal sealed record ArrangedWaves(IReadOnlyList<PlanWave> Waves, IReadOnlyList<MeshFinding> Findings);

/// <summary>
/// Which workload belongs to which wave: the canaries first, then by hand, namespace or label; and whatever comes after something else by its owner's word
/// gets a later step than that, in its own group where possible.
/// </summary>
internal static class WaveRules
{
    /// <summary>Arranges the candidates.</summary>
    /// <exception cref="InvalidRequestException"><c>MeshRoll.PlanCycle</c>: workloads that come after one another in a circle, which is named.</exception>
    public static ArrangedWaves Arrange(IReadOnlyList<PlanCandidate> candidates, PlanRequest request)
    {
        var byName = candidates.ToDictionary(candidate => candidate.Workload.Reference);
        List<MeshFinding> findings = [];
        foreach (var candidate in candidates)
        {
            foreach (var before in candidate.Workload.After.Where(before => !byName.ContainsKey(before)))
                findings.Add(Find(candidate, "AfterNotPlanned", FindingSeverity.Information, $"comes after {PlanNames.Write(before)}, which is not part of the plan: it is not waited for"));
        }
        List<WorkloadName> patterns = [.. request.Waves.Select(WorkloadName.Parse)];
        var keys = candidates.ToDictionary(candidate => candidate.Workload.Reference, candidate => KeyOf(candidate, request, patterns));
        var order = Order(keys.Values.Distinct(), request);
        var canaries = Canaries(candidates, byName, request.CanaryCount);
        var places = new Dictionary<WorkloadReference, (int Group, int Step)>();
        foreach (var candidate in InOrder(candidates, byName))
        {
            var workload = candidate.Workload.Reference;
            if (canaries.Contains(workload)) continue;
            var own = order[keys[workload]];
            var (group, step) = (own, 0);
            foreach (var before in candidate.Workload.After)
            {
                // What is not planned was said above; canaries go first anyhow.
                if (!places.TryGetValue(before, out var place)) continue;
                if (place.Group > group) (group, step) = (place.Group, place.Step + 1);
                else if (place.Group == group) step = Math.Max(step, place.Step + 1);
            }
            if (group > own) findings.Add(Find(candidate, "AfterMoved", FindingSeverity.Information, $"belongs to the wave '{keys[workload]}', but comes after something in '{order.First(known => known.Value == group).Key}': it was moved there"));
            places[workload] = (group, step);
        }

        List<PlanWave> waves = [];
        if (canaries.Count > 0) waves.Add(new() { Name = "canary", Settings = new() { Soak = request.CanarySoak }, Windows = request.CanaryWindows, Workloads = [.. candidates.Where(candidate => canaries.Contains(candidate.Workload.Reference)).Select(candidate => candidate.Workload)] });
        foreach (var wave in candidates.Where(candidate => places.ContainsKey(candidate.Workload.Reference)).GroupBy(candidate => places[candidate.Workload.Reference]).OrderBy(wave => wave.Key.Group).ThenBy(wave => wave.Key.Step))
        {
            var name = order.First(known => known.Value == wave.Key.Group).Key;
            waves.Add(new() { Name = wave.Key.Step == 0 ? name : $"{name}, step {wave.Key.Step + 1}", Workloads = [.. wave.Select(candidate => candidate.Workload)] });
        }
        return new(Named(waves), findings);
    }

    /// <summary>The smallest that nothing has to come before: little is at stake, and little is waited for.</summary>
    private static HashSet<WorkloadReference> Canaries(IReadOnlyList<PlanCandidate> candidates, Dictionary<WorkloadReference, PlanCandidate> byName, int count) =>
    [
        .. candidates.Select(candidate => candidate.Workload)
            .Where(workload => workload.Pods > 0 && !workload.After.Any(byName.ContainsKey))
            .OrderBy(workload => workload.Pods)
            .Take(count)
            .Select(workload => workload.Reference),
    ];

    private static string KeyOf(PlanCandidate candidate, PlanRequest request, List<WorkloadName> patterns)
    {
        if (patterns.Count > 0) return patterns.Find(pattern => pattern.IsMatch(candidate.Workload.Reference))?.ToString() ?? Rest;
        return request.GroupBy switch
        {
            WaveGrouping.Namespace => candidate.Workload.Namespace,
            WaveGrouping.Label => candidate.Labels.TryGetValue(request.Label, out var value) ? $"{request.Label}={value}" : $"without {request.Label}",
            _ => "all",
        };
    }

    private const string Rest = "the rest";

    private static Dictionary<string, int> Order(IEnumerable<string> keys, PlanRequest request)
    {
        List<string> wanted = request.Waves.Count > 0 ? [.. request.Waves.Select(WorkloadName.Parse).Select(name => name.ToString())]
            : [.. request.Order.Select(value => request.GroupBy == WaveGrouping.Label ? $"{request.Label}={value}" : value)];
        List<string> all = [.. keys];
        var isSorted = request.GroupBy == WaveGrouping.Label;
        return all
            .OrderBy(key => wanted.IndexOf(key) is >= 0 and var place ? place : int.MaxValue)
            // Those without the label were not thought of: they come last.
            .ThenBy(key => isSorted && key.StartsWith("without ", StringComparison.Ordinal))
            .ThenBy(key => isSorted ? key : "", StringComparer.Ordinal)
            .Select((key, place) => (key, place))
            .ToDictionary(pair => pair.key, pair => pair.place);
    }

    /// <summary>Each after all that it comes after.</summary>
    private static List<PlanCandidate> InOrder(IReadOnlyList<PlanCandidate> candidates, Dictionary<WorkloadReference, PlanCandidate> byName)
    {
        List<PlanCandidate> ordered = [];
        HashSet<WorkloadReference> done = [];
        // Not by recursion: a chain may be as long as the plan.
        Stack<(PlanCandidate Candidate, int Next)> path = new();
        HashSet<WorkloadReference> open = [];
        foreach (var start in candidates)
        {
            Enter(start);
            while (path.TryPop(out var place))
            {
                var (candidate, next) = place;
                if (next == candidate.Workload.After.Count)
                {
                    open.Remove(candidate.Workload.Reference);
                    if (done.Add(candidate.Workload.Reference)) ordered.Add(candidate);
                    continue;
                }
                path.Push((candidate, next + 1));
                if (byName.TryGetValue(candidate.Workload.After[next], out var before)) Enter(before);
            }
        }
        return ordered;

        void Enter(PlanCandidate candidate)
        {
            var name = candidate.Workload.Reference;
            if (done.Contains(name)) return;
            if (!open.Add(name))
            {
                List<WorkloadReference> circle = [.. path.Select(place => place.Candidate.Workload.Reference).Reverse().SkipWhile(workload => workload != name), name];
                throw new InvalidRequestException("MeshRoll.PlanCycle", $"These workloads come after one another in a circle ({AfterAnnotation.Key}): {string.Join(" after ", circle.Select(PlanNames.Write))}. Take the annotation off one of them.");
            }
            path.Push((candidate, 0));
        }
    }

    // A namespace may be called canary.
    private static List<PlanWave> Named(List<PlanWave> waves)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        List<PlanWave> named = [];
        foreach (var wave in waves)
        {
            var name = wave.Name;
            for (var i = 2; !names.Add(name); i++) name = $"{wave.Name} ({i})";
            named.Add(wave with { Name = name });
        }
        return named;
    }

    private static MeshFinding Find(PlanCandidate candidate, string id, FindingSeverity severity, string message) => PlanFindings.Of(candidate.Workload.Reference, id, severity, message);
}
