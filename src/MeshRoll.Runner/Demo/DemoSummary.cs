using System.Globalization;
using MeshRoll.Runner.Output;
using MeshRoll.Sandbox.Observing;

namespace MeshRoll.Runner.Demo;

/// <summary>What the demo's restart did to each workload, as the sandbox itself saw it.</summary>
internal sealed class DemoSummary
{
    private readonly List<Course> _courses;

    /// <summary>Sums up a restart.</summary>
    /// <param name="workloads">The workloads that were to be restarted.</param>
    /// <param name="stillOutdated">Those of them that are outdated afterwards.</param>
    /// <param name="timeline">Everything since just before the restart.</param>
    internal DemoSummary(IReadOnlyList<WatchedWorkload> workloads, IReadOnlyList<WatchedWorkload> stillOutdated, IReadOnlyList<SandboxTimelineEntry> timeline)
    {
        var entries = timeline.ToLookup(entry => (entry.Namespace, entry.Kind, entry.Name));
        var left = stillOutdated.Select(watched => watched.Workload).ToHashSet();
        _courses = [.. workloads.Select(watched =>
        {
            var (workload, floor) = watched;
            List<SandboxTimelineEntry> course = [.. entries[(workload.Namespace, workload.Kind, workload.Name)]];
            return course.Count == 0
                ? new Course(watched, 0, 0, false)
                : new Course(watched, Replaced(course), course.Min(entry => entry.Ready), !left.Contains(workload));
        })];
    }

    /// <summary>Whether every workload is up to date and kept the pods ready that its owner wants.</summary>
    internal bool AllWell => _courses.Count > 0 && _courses.TrueForAll(course => course.Done && course.Kept);

    /// <summary>Writes a line for each workload, and what they come to.</summary>
    internal void Write(TextWriter writer, TimeSpan took)
    {
        var table = new Table(writer, "NAMESPACE", "WORKLOAD", "PODS REPLACED", "LOWEST READY", "MUST STAY READY", "KEPT");
        foreach (var course in _courses)
        {
            var workload = course.Watched.Workload;
            table.Add(workload.Namespace, $"{workload.Kind.ToLowerInvariant()}/{workload.Name}", Text(course.Replaced), Text(course.Lowest), Text(course.Watched.Floor), course.Kept ? "yes" : "NO");
        }
        table.Flush();
        var verdict = AllWell ? "No workload ever had fewer ready pods than its owner allows: nobody noticed." : $"NOT WELL: {Complaint()}.";
        writer.WriteLine();
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{_courses.Count(course => course.Done)} workloads restarted, {_courses.Sum(course => course.Replaced)} pods replaced, in {took.TotalSeconds:0.0} s. {verdict}"));
    }

    private string Complaint() => _courses.Count == 0
        ? "there was nothing to restart"
        : string.Join(", ", _courses.Where(course => !course.Done || !course.Kept).Select(course =>
            $"{course.Watched.Workload.Namespace} {course.Watched.Workload.ShortName} {(course.Done ? "had too few ready pods" : "is outdated still")}"));

    // Old pods that went; or, as an Argo Rollout is restarted without a new template, each pod that began to go.
    private static int Replaced(List<SandboxTimelineEntry> course) => Math.Max(
        course.Max(entry => entry.Old) - course[^1].Old,
        course.Zip(course.Skip(1), (before, after) => Math.Max(0, after.Terminating - before.Terminating)).Sum());

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>How one workload went through the restart.</summary>
    private sealed record Course(WatchedWorkload Watched, int Replaced, int Lowest, bool Done)
    {
        public bool Kept => Lowest >= Watched.Floor;
    }
}
