using System.Globalization;
using MeshRoll.Core.Rollouts;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace MeshRoll.Core.Plans.Files;

/// <summary>
/// Writes a plan as YAML: a line for each fact, always in the same order, so that two plans can be compared by any tool. The same plan always gives the same text.
/// </summary>
internal sealed class PlanWriter
{
    private readonly Emitter _emitter;

    private PlanWriter(TextWriter writer) => _emitter = new(writer, new EmitterSettings(bestIndent: 2, bestWidth: int.MaxValue, isCanonical: false, maxSimpleKeyLength: 1024, skipAnchorName: true, indentSequences: true, newLine: "\n"));

    /// <summary>The text of the file.</summary>
    public static string Write(MeshRolloutPlan plan)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        text.Write($"# {Wording.Count(plan.Workloads, "workload")} with {Wording.Count(plan.Pods, "pod")} in {Wording.Count(plan.Waves.Count, "wave")}{(plan.Estimate is { } estimate ? $", about {Wording.Duration(estimate)}" : "")}.\n");
        text.Write("# Waves may be changed by hand; Test-MeshRolloutPlan tells whether it still makes sense.\n");
        new PlanWriter(text).WritePlan(plan);
        return text.ToString();
    }

    /// <summary>A duration as <see cref="DurationText"/> reads it, exactly: <c>1h30m</c>, <c>90s</c> is <c>1m30s</c>, <c>0s</c>.</summary>
    public static string Duration(TimeSpan duration)
    {
        var text = new System.Text.StringBuilder();
        foreach (var (amount, unit) in new[] { (duration.Days, "d"), (duration.Hours, "h"), (duration.Minutes, "m"), (duration.Seconds, "s"), (duration.Milliseconds, "ms") })
        {
            if (amount > 0) text.Append(CultureInfo.InvariantCulture, $"{amount}{unit}");
        }
        return text.Length == 0 ? "0s" : text.ToString();
    }

    private void WritePlan(MeshRolloutPlan plan)
    {
        _emitter.Emit(new StreamStart());
        _emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        Map(() =>
        {
            Field("apiVersion", MeshRolloutPlan.ApiVersion);
            Field("kind", MeshRolloutPlan.Kind);
            Name("metadata");
            Map(() =>
            {
                Field("name", plan.Name);
                Field("id", plan.Id);
                Field("created", plan.Created?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
                Field("cluster", plan.Cluster.Length == 0 ? null : plan.Cluster);
                Field("leaseNamespace", plan.LeaseNamespace);
            });
            if (plan.Settings != new PlanSettings())
            {
                Name("settings");
                Map(() => Settings(plan.Settings));
            }
            Texts("windows", plan.Windows.Select(window => window.ToString()));
            Texts("freezes", plan.Freezes.Select(freeze => freeze.ToString()));
            Texts("exclude", plan.Exclude);
            if (plan.Readiness is { Count: 0 }) Nothing("readiness");
            else List("readiness", plan.Readiness ?? [], Readiness);
            List("findings", plan.Findings, Finding);
            List("waves", plan.Waves, Wave);
        });
        _emitter.Emit(new DocumentEnd(isImplicit: true));
        _emitter.Emit(new StreamEnd());
    }

    private void Wave(PlanWave wave)
    {
        Field("name", wave.Name);
        Settings(wave.Settings);
        Texts("windows", wave.Windows.Select(window => window.ToString()));
        Field("estimate", wave.Estimate);
        List("workloads", wave.Workloads, Workload);
    }

    private void Workload(PlannedWorkload workload)
    {
        Field("workload", workload.ToString());
        Field("pods", Number(workload.Pods));
        Texts("sidecars", workload.Sidecars, SequenceStyle.Flow);
        Field("desiredVersion", workload.DesiredVersion);
        Field("desiredRevision", workload.DesiredRevision);
        Texts("after", workload.After.Select(PlanNames.Write));
        Field("estimate", workload.Estimate);
        Field("uid", workload.Uid.Length == 0 ? null : workload.Uid);
        Field("generation", workload.Generation is { } generation ? Number(generation) : null);
    }

    private void Readiness(PlanReadiness readiness)
    {
        Field("id", readiness.Id);
        Field("severity", readiness.Severity.ToString());
        Field("why", readiness.Why.Length == 0 ? null : readiness.Why);
        if (readiness.NotChecked.Length > 0)
        {
            Field("notChecked", readiness.NotChecked);
            return;
        }
        Field("count", Number(readiness.Count));
        Texts("workloads", readiness.Workloads);
    }

    private void Finding(MeshFinding finding)
    {
        Field("id", finding.Id);
        Field("severity", finding.Severity.ToString());
        Field("workload", finding.Name.Length == 0 ? null : PlanNames.Write(new(finding.Namespace, finding.Kind, finding.Name)));
        Field("message", finding.Message);
        Field("advice", finding.Advice.Length == 0 ? null : finding.Advice);
    }

    private void Settings(PlanSettings settings)
    {
        Field("strategy", settings.Strategy?.ToString());
        Field("maxConcurrent", settings.MaxConcurrent is { } concurrent ? Number(concurrent) : null);
        Field("delay", settings.Delay);
        Field("podDelay", settings.PodDelay);
        Field("stopAfterFailures", settings.StopAfterFailures is { } failures ? Number(failures) : null);
        Field("soak", settings.Soak);
        Field("timeout", settings.Timeout);
        Field("maxPodsInTransition", settings.MaxPodsInTransition is { } pods ? Number(pods) : null);
        Field("force", settings.Force);
        Field("allowDowntime", settings.AllowDowntime);
        Field("ignoreAutoscaler", settings.IgnoreAutoscaler);
    }

    private void List<T>(string name, IReadOnlyList<T> items, Action<T> write)
    {
        if (items.Count == 0) return;
        Name(name);
        _emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, SequenceStyle.Block));
        foreach (var item in items) Map(() => write(item));
        _emitter.Emit(new SequenceEnd());
    }

    // What was looked for and not found, told from what nobody looked for.
    private void Nothing(string name)
    {
        Name(name);
        _emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, SequenceStyle.Flow));
        _emitter.Emit(new SequenceEnd());
    }

    private void Texts(string name, IEnumerable<string> texts, SequenceStyle style = SequenceStyle.Block)
    {
        if (!texts.Any()) return;
        Name(name);
        _emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, style));
        foreach (var text in texts) Text(text);
        _emitter.Emit(new SequenceEnd());
    }

    private void Map(Action fields)
    {
        _emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true, MappingStyle.Block));
        fields();
        _emitter.Emit(new MappingEnd());
    }

    private void Field(string name, TimeSpan? value) => Field(name, value is { } duration ? Duration(duration) : null);

    private void Field(string name, bool? value) => Field(name, value is { } flag ? flag ? "true" : "false" : null, isPlain: true);

    private void Field(string name, string? value, bool isPlain = false)
    {
        if (value is null) return;
        Name(name);
        if (isPlain) Plain(value);
        else Text(value);
    }

    private void Name(string name) => Plain(name);

    // What other readers would take for something else than a text is quoted.
    private void Text(string text)
    {
        var isPlain = text.Length > 0 && text == text.Trim() && !text.Contains('\n', StringComparison.Ordinal) && text is not ("true" or "false" or "null" or "~" or "yes" or "no" or "on" or "off");
        _emitter.Emit(new Scalar(AnchorName.Empty, TagName.Empty, text, isPlain ? ScalarStyle.Any : ScalarStyle.DoubleQuoted, isPlainImplicit: true, isQuotedImplicit: true));
    }

    private void Plain(string text) => _emitter.Emit(new Scalar(AnchorName.Empty, TagName.Empty, text, ScalarStyle.Plain, isPlainImplicit: true, isQuotedImplicit: false));

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
