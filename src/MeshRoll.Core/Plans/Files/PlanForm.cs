namespace MeshRoll.Core.Plans.Files;

/// <summary>The fields that a map of a plan's file may hold.</summary>
internal sealed record PlanForm(string Name, IReadOnlyList<string> Fields)
{
    private static readonly string[] Pace =
        ["strategy", "maxConcurrent", "delay", "podDelay", "stopAfterFailures", "soak", "timeout", "maxPodsInTransition", "force", "allowDowntime", "ignoreAutoscaler"];

    /// <summary>The file.</summary>
    public static PlanForm Plan { get; } = new("the plan itself", ["apiVersion", "kind", "metadata", "settings", "windows", "freezes", "exclude", "readiness", "findings", "waves"]);

    /// <summary><c>metadata</c>.</summary>
    public static PlanForm Metadata { get; } = new("'metadata'", ["name", "id", "created", "cluster", "leaseNamespace"]);

    /// <summary><c>settings</c>.</summary>
    public static PlanForm Settings { get; } = new("'settings'", Pace);

    /// <summary>An item of <c>waves</c>.</summary>
    public static PlanForm Wave { get; } = new("a wave", ["name", .. Pace, "windows", "estimate", "workloads"]);

    /// <summary>An item of <c>workloads</c>.</summary>
    public static PlanForm Workload { get; } = new("a workload", ["workload", "pods", "sidecars", "desiredVersion", "desiredRevision", "after", "estimate", "uid", "generation"]);

    /// <summary>An item of <c>findings</c>.</summary>
    public static PlanForm Finding { get; } = new("a finding", ["id", "severity", "workload", "message", "advice"]);

    /// <summary>An item of <c>readiness</c>.</summary>
    public static PlanForm Readiness { get; } = new("an item of 'readiness'", ["id", "severity", "why", "notChecked", "count", "workloads"]);

    /// <summary>The fields, for messages.</summary>
    public string Allowed => string.Join(", ", Fields);

    /// <summary>Where a field is allowed that stands in the wrong place; empty for nowhere.</summary>
    public static string WhereAllowed(string field) => string.Join(" or ", new[] { Plan, Metadata, Settings, Wave, Workload, Finding, Readiness }.Where(form => form.Fields.Contains(field)).Select(form => form.Name));
}
