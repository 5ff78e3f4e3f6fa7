using System.Text.Json;
using System.Text.Json.Serialization;
using MeshRoll.Core.Rollouts;

namespace MeshRoll.Core.Reports;

/// <summary>A report for machines: the figures, and every rollout with all that is known of it. Times are UTC, durations seconds.</summary>
internal static class JsonReport
{
    /// <summary>Counts up when a member changes its meaning or goes; new members do not count.</summary>
    private const string Schema = "meshroll.io/report/v1";

    /// <summary>Writes it, indented.</summary>
    public static void Write(RolloutReport report, Stream output)
    {
        var figures = new ReportFigures(report);
        JsonSerializer.Serialize(output, new()
        {
            Schema = Schema,
            Title = report.Title,
            WrittenAt = report.WrittenAt,
            StartTime = figures.Start,
            EndTime = figures.End,
            Clusters = figures.Clusters,
            Verdict = figures.Verdict,
            Complete = figures.Complete,
            Failed = figures.Failed,
            TimedOut = figures.TimedOut,
            Moving = figures.Moving,
            Skipped = figures.Skipped,
            PodsReplaced = figures.PodsReplaced,
            Remarks = report.Remarks,
            Notes = report.Notes,
            Waves = [.. report.Waves.Select(wave => new WaveDocument(wave.Name, [.. wave.Rollouts.Select(Describe)]))],
        }, ReportJson.Default.ReportDocument);
    }

    private static RolloutDocument Describe(MeshRollout rollout) => new()
    {
        Cluster = rollout.Cluster,
        Namespace = rollout.Namespace,
        Kind = rollout.Kind,
        Name = rollout.Name,
        State = rollout.State,
        Strategy = rollout.Strategy,
        Message = rollout.Message,
        Desired = rollout.Desired,
        Updated = rollout.Updated,
        Ready = rollout.Ready,
        Old = rollout.Old,
        LowestReady = ReportFigures.LowestReady(rollout),
        PreviousVersion = rollout.PreviousVersion,
        DesiredVersion = rollout.DesiredVersion,
        StartTime = rollout.StartTime,
        EndTime = rollout.EndTime,
        Seconds = ReportFigures.DurationOf(rollout)?.TotalSeconds,
        Diagnosis = [.. rollout.Diagnosis.Select(finding => new FindingDocument(finding.Id, finding.Severity, finding.Verdict, finding.Object, finding.Message, finding.Advice, finding.Evidence, finding.Log))],
        Timeline = rollout.Timeline,
    };
}

internal sealed record ReportDocument
{
    public string Schema { get; init; } = "";

    public string Title { get; init; } = "";

    public DateTimeOffset WrittenAt { get; init; }

    public DateTimeOffset? StartTime { get; init; }

    public DateTimeOffset? EndTime { get; init; }

    public IReadOnlyList<string> Clusters { get; init; } = [];

    public string Verdict { get; init; } = "";

    public int Complete { get; init; }

    public int Failed { get; init; }

    public int TimedOut { get; init; }

    public int Moving { get; init; }

    public int Skipped { get; init; }

    public int PodsReplaced { get; init; }

    public IReadOnlyList<string> Remarks { get; init; } = [];

    public IReadOnlyList<ReportNote> Notes { get; init; } = [];

    public IReadOnlyList<WaveDocument> Waves { get; init; } = [];
}

internal sealed record WaveDocument(string Name, IReadOnlyList<RolloutDocument> Rollouts);

internal sealed record RolloutDocument
{
    public string Cluster { get; init; } = "";

    public string Namespace { get; init; } = "";

    public string Kind { get; init; } = "";

    public string Name { get; init; } = "";

    public RolloutState State { get; init; }

    public string Strategy { get; init; } = "";

    public string Message { get; init; } = "";

    public int Desired { get; init; }

    public int Updated { get; init; }

    public int Ready { get; init; }

    public int Old { get; init; }

    public int? LowestReady { get; init; }

    public string PreviousVersion { get; init; } = "";

    public string? DesiredVersion { get; init; }

    public DateTimeOffset? StartTime { get; init; }

    public DateTimeOffset? EndTime { get; init; }

    public double? Seconds { get; init; }

    public IReadOnlyList<FindingDocument> Diagnosis { get; init; } = [];

    public IReadOnlyList<RolloutSample> Timeline { get; init; } = [];
}

internal sealed record FindingDocument(string Id, FindingSeverity Severity, FindingVerdict Verdict, string Object, string Message, string Advice, string Evidence, string Log);

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ReportDocument))]
internal sealed partial class ReportJson : JsonSerializerContext;
