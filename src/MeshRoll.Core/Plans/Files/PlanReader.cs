using System.Globalization;
using MeshRoll.Core.Plans.Windows;
using MeshRoll.Core.Restarts.Strategies;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Workloads;

namespace MeshRoll.Core.Plans.Files;

/// <summary>Reads a plan from the text of its file, strictly: what this version does not know it must not pass over.</summary>
internal sealed class PlanReader
{
    private readonly string _file;
    private readonly List<PlacedWorkload> _placed = [];

    private PlanReader(string file) => _file = file;

    /// <summary>The plan.</summary>
    /// <exception cref="PlanFileException">It is none; names file, line and what is allowed.</exception>
    public static MeshRolloutPlan Read(string file, string text) => new PlanReader(file).ReadPlan(PlanNodeReader.Read(file, text));

    private MeshRolloutPlan ReadPlan(PlanNode root)
    {
        CheckVersion(root);
        var plan = PlanSection.Of(_file, root, "the plan", PlanForm.Plan);
        var kind = plan.Required("kind", MeshRolloutPlan.Kind);
        if (kind != MeshRolloutPlan.Kind) throw plan.Invalid("kind", $"is '{kind}'; it is {MeshRolloutPlan.Kind}");
        var metadata = plan.Section("metadata", "'metadata'", PlanForm.Metadata);
        List<PlanWave> waves = [.. plan.Sections("waves", "a wave", PlanForm.Wave).Select(ReadWave)];
        if (waves.Count == 0) throw plan.Invalid("it restarts nothing: 'waves' is a list of waves, each with 'name' and 'workloads'.");
        PlanOrder.Check(_file, _placed);
        return new()
        {
            Name = metadata.Required("name", "a name for people"),
            Id = ReadId(metadata),
            Created = metadata.ParsedValue("created", Moment),
            Cluster = metadata.Text("cluster") ?? "",
            LeaseNamespace = metadata.Text("leaseNamespace") ?? waves[0].Workloads[0].Namespace,
            Settings = ReadSettings(plan.Section("settings", "'settings'", PlanForm.Settings)),
            Windows = plan.List("windows", MaintenanceWindow.Parse),
            Freezes = plan.List("freezes", FreezePeriod.Parse),
            Exclude = plan.List("exclude", Exclusion),
            Readiness = plan.Has("readiness") ? [.. plan.Sections("readiness", "an item of 'readiness'", PlanForm.Readiness).Select(ReadReadiness)] : null,
            Findings = [.. plan.Sections("findings", "a finding", PlanForm.Finding).Select(ReadFinding)],
            Waves = waves,
            File = _file,
        };
    }

    // First of all: a newer form may hold anything.
    private void CheckVersion(PlanNode root)
    {
        var (_, line, version) = root.Fields.Find(field => field.Name == "apiVersion");
        if (version is null) throw PlanFileException.At(_file, root.Line, $"it has no 'apiVersion: {MeshRolloutPlan.ApiVersion}', as plans have.");
        if (version.Text == MeshRolloutPlan.ApiVersion) return;
        throw PlanFileException.At(_file, line, version.Text.StartsWith("meshroll.io/v", StringComparison.Ordinal)
            ? $"its form is {version.Text}, of another version of MeshRoll; this one reads {MeshRolloutPlan.ApiVersion}. Update MeshRoll, or make the plan anew."
            : $"'apiVersion' is '{Wording.Line(version.Text, 60)}'; it is {MeshRolloutPlan.ApiVersion}.");
    }

    private static string ReadId(PlanSection metadata)
    {
        const string Allowed = "1 to 40 of a-z, 0-9 and -, and another for each plan";
        var id = metadata.Required("id", Allowed);
        return PlanId.IsValid(id) ? id : throw metadata.Invalid("id", $"is '{Wording.Line(id, 60)}'; it has {Allowed}");
    }

    private PlanWave ReadWave(PlanSection wave, int index)
    {
        var name = wave.Required("name", "a name that no other wave of the plan has");
        List<PlannedWorkload> workloads = [];
        foreach (var section in wave.Sections("workloads", "a workload", PlanForm.Workload))
        {
            var workload = ReadWorkload(section);
            workloads.Add(workload);
            _placed.Add(new(workload, section.Line, name, index));
        }
        if (workloads.Count == 0) throw wave.Invalid($"the wave '{name}' has no workloads; leave it out.");
        if (_placed.Exists(placed => placed.Wave == name && placed.WaveIndex != index)) throw wave.Invalid("name", $"is '{name}', as that of a wave above; each has its own");
        return new() { Name = name, Settings = ReadSettings(wave), Windows = wave.List("windows", MaintenanceWindow.Parse), Estimate = wave.Duration("estimate"), Workloads = workloads };
    }

    private static PlannedWorkload ReadWorkload(PlanSection section)
    {
        var name = section.Required("workload", PlanNames.Form);
        if (PlanNames.Read(name) is not { } workload) throw section.Invalid("workload", $"is '{Wording.Line(name, 80)}'; it is {PlanNames.Form}, with one of {WorkloadKinds.Allowed}");
        return new()
        {
            Namespace = workload.Namespace,
            Kind = workload.Kind,
            Name = workload.Name,
            Pods = section.Number("pods", 0, 1_000_000) ?? 0,
            Sidecars = section.List("sidecars", text => text),
            DesiredVersion = section.Text("desiredVersion"),
            DesiredRevision = section.Text("desiredRevision"),
            After = section.List("after", text => PlanNames.Read(text, workload.Namespace) ?? throw new InvalidRequestException("MeshRoll.PlanInvalid", $"'{Wording.Line(text, 80)}' is no workload; 'after' has {PlanNames.Form}.")),
            Estimate = section.Duration("estimate"),
            Uid = section.Text("uid") ?? "",
            Generation = section.Number("generation", 0, int.MaxValue),
        };
    }

    private static PlanSettings ReadSettings(PlanSection from) => new()
    {
        Strategy = from.ParsedValue("strategy", Strategy),
        MaxConcurrent = from.Number("maxConcurrent", 0, 100_000),
        Delay = from.Duration("delay"),
        PodDelay = from.Duration("podDelay"),
        StopAfterFailures = from.Number("stopAfterFailures", 0, 100_000),
        Soak = from.Duration("soak"),
        Timeout = from.Duration("timeout"),
        MaxPodsInTransition = from.Number("maxPodsInTransition", 0, 100_000),
        Force = from.Flag("force"),
        AllowDowntime = from.Flag("allowDowntime"),
        IgnoreAutoscaler = from.Flag("ignoreAutoscaler"),
    };

    private static PlanReadiness ReadReadiness(PlanSection entry)
    {
        var names = entry.List("workloads", text => PlanNames.ReadAny(text) is { } workload ? PlanNames.Write(workload) : throw new InvalidRequestException("MeshRoll.PlanInvalid", $"'{Wording.Line(text, 80)}' is no workload; 'workloads' has {PlanNames.Form}."));
        var notChecked = entry.Text("notChecked") ?? "";
        var count = entry.Number("count", 0, int.MaxValue);
        if (notChecked.Length == 0 && count is null) throw entry.Invalid("an item of 'readiness' needs 'count', or 'notChecked' with the reason.");
        if (notChecked.Length > 0 && (count ?? names.Count) > 0) throw entry.Invalid("notChecked", "excludes 'count' and 'workloads': what was not checked is neither well nor ill");
        if (count < names.Count) throw entry.Invalid("count", $"is {count}, and {names.Count} workloads are named");
        return new()
        {
            Id = entry.Required("id", "the rule"),
            Severity = entry.ParsedValue("severity", Severity) ?? FindingSeverity.Warning,
            Why = entry.Text("why") ?? "",
            NotChecked = notChecked,
            Count = count ?? 0,
            Workloads = names,
        };
    }

    private static MeshFinding ReadFinding(PlanSection finding)
    {
        var workload = finding.Text("workload") is { } name ? PlanNames.ReadAny(name) ?? throw finding.Invalid("workload", $"is '{Wording.Line(name, 80)}'; it is {PlanNames.Form}") : null;
        return new()
        {
            Id = finding.Required("id", "what was found"),
            Severity = finding.ParsedValue("severity", Severity) ?? FindingSeverity.Warning,
            Namespace = workload?.Namespace ?? "",
            Kind = workload?.Kind ?? "",
            Name = workload?.Name ?? "",
            Object = workload?.ShortName ?? "",
            Message = finding.Required("message", "a sentence"),
            Advice = finding.Text("advice") ?? "",
        };
    }

    private static string Exclusion(string text)
    {
        WorkloadName.Parse(text);
        return text;
    }

    private static RestartStrategy Strategy(string text) => OneOf<RestartStrategy>(text, "strategy");

    private static FindingSeverity Severity(string text) => OneOf<FindingSeverity>(text, "severity");

    // Not by number, which Enum.Parse would take.
    private static T OneOf<T>(string text, string what) where T : struct, Enum =>
        Enum.GetNames<T>().Contains(text) ? Enum.Parse<T>(text) : throw new InvalidRequestException("MeshRoll.PlanInvalid", $"'{Wording.Line(text, 60)}' is no {what}: it is one of {string.Join(", ", Enum.GetNames<T>())}.");

    private static DateTimeOffset Moment(string text) =>
        DateTimeOffset.TryParseExact(text, "yyyy-MM-dd'T'HH:mm:ssK", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment)
            ? moment
            : throw new InvalidRequestException("MeshRoll.PlanInvalid", $"'{Wording.Line(text, 60)}' is no time such as 2026-11-22T06:40:00Z.");
}
