using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Selecting;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Controllers.Jobs;

/// <summary>What the controller needs of a Job.</summary>
internal sealed record JobView : IObjectView<JobView>
{
    /// <summary>Pods at a time.</summary>
    public required int Parallelism { get; init; }

    /// <summary>Pods that must succeed; null where the first success ends it.</summary>
    public required int? Completions { get; init; }

    /// <summary>Failures that are forgiven.</summary>
    public required int BackoffLimit { get; init; }

    /// <summary>How long it may be active; null for as long as it takes.</summary>
    public required TimeSpan? ActiveDeadline { get; init; }

    /// <summary>How long it stays after its end; null for ever.</summary>
    public required TimeSpan? Lifetime { get; init; }

    /// <summary>Whether it shall have no pods for now.</summary>
    public required bool IsSuspended { get; init; }

    /// <summary>Whether its pods restart their containers themselves, which counts as failure too.</summary>
    public required bool RestartsContainers { get; init; }

    /// <summary>Which pods are its own.</summary>
    public required LabelSelector Selector { get; init; }

    /// <summary>What was last seen of it.</summary>
    public required JobStatus Status { get; init; }

    /// <inheritdoc/>
    public static JobView Read(JsonElement root)
    {
        var spec = root.At("spec");
        return new()
        {
            Parallelism = (int)(spec.Number("parallelism") ?? 1),
            // With neither set, one pod must succeed (batch/v1 defaults).
            Completions = (int?)spec.Number("completions") ?? (spec.Number("parallelism") is null ? 1 : null),
            BackoffLimit = (int)(spec.Number("backoffLimit") ?? 6),
            ActiveDeadline = spec.Number("activeDeadlineSeconds") is { } deadline ? TimeSpan.FromSeconds(deadline) : null,
            Lifetime = spec.Number("ttlSecondsAfterFinished") is { } lifetime ? TimeSpan.FromSeconds(lifetime) : null,
            IsSuspended = spec.Flag("suspend"),
            RestartsContainers = spec.Text("template", "spec", "restartPolicy") == "OnFailure",
            Selector = Selectors.Read(spec.At("selector")),
            Status = JobStatus.Read(root.At("status")),
        };
    }
}

/// <summary>The status of a Job.</summary>
internal sealed record JobStatus
{
    /// <summary>Pods that neither ended nor are about to.</summary>
    public int Active { get; init; }

    /// <summary>Those that are ready.</summary>
    public int Ready { get; init; }

    /// <summary>Pods that succeeded.</summary>
    public int Succeeded { get; init; }

    /// <summary>Pods that failed.</summary>
    public int Failed { get; init; }

    /// <summary>Pods that are about to end.</summary>
    public int Terminating { get; init; }

    /// <summary>Since when it works.</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>When it was complete.</summary>
    public DateTimeOffset? CompletionTime { get; init; }

    /// <summary>Complete, Failed, Suspended.</summary>
    public IReadOnlyList<Condition> Conditions { get; init; } = [];

    /// <summary>The condition with which it ended, or null.</summary>
    public Condition? End => Conditions.FirstOrDefault(condition => condition is { Type: "Complete" or "Failed", IsTrue: true });

    public static JobStatus Read(JsonElement status) => new()
    {
        Active = (int)(status.Number("active") ?? 0),
        Ready = (int)(status.Number("ready") ?? 0),
        Succeeded = (int)(status.Number("succeeded") ?? 0),
        Failed = (int)(status.Number("failed") ?? 0),
        Terminating = (int)(status.Number("terminating") ?? 0),
        StartTime = status.Time("startTime"),
        CompletionTime = status.Time("completionTime"),
        Conditions = Condition.ReadAll(status),
    };

    /// <summary>As the API has it.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject();
        Condition.WriteAll(json, Conditions);
        if (StartTime is { } started) json["startTime"] = JsonAccess.Timestamp(started);
        if (CompletionTime is { } completed) json["completionTime"] = JsonAccess.Timestamp(completed);
        json.SetUnlessZero("active", Active);
        json.SetUnlessZero("succeeded", Succeeded);
        json.SetUnlessZero("failed", Failed);
        json["terminating"] = Terminating;
        json["ready"] = Ready;
        json["uncountedTerminatedPods"] = new JsonObject();
        return json;
    }

    /// <summary>Whether nothing differs.</summary>
    public bool SameAs(JobStatus other) => (this with { Conditions = [] }) == (other with { Conditions = [] }) && Conditions.SequenceEqual(other.Conditions);
}
