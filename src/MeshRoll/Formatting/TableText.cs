using System.Collections;
using System.Globalization;
using System.Management.Automation;

namespace MeshRoll.Formatting;

/// <summary>
/// The texts in the cells of the views. They take any object with the properties, so that what comes back from a job or a remote session looks
/// the same.
/// </summary>
public static class TableText
{
    /// <summary>A workload as kubectl users write it: <c>deploy/web</c>.</summary>
    public static string Workload(PSObject item) => $"{ShortKind(Text(item, "Kind"))}/{Text(item, "Name")}";

    /// <summary>Two counts: <c>2/3</c>.</summary>
    public static string Fraction(PSObject item, string part, string whole) => $"{Text(item, part)}/{Text(item, whole)}";

    /// <summary>The same, or nothing where neither is known.</summary>
    public static string FractionIfKnown(PSObject item, string part, string whole) => Value(item, whole) is null ? "" : Fraction(item, part, whole);

    /// <summary>Yes, no, or a question mark where it cannot be told.</summary>
    public static string Judgement(PSObject item, string name) => Value(item, name) switch
    {
        true => "yes",
        false => "no",
        _ => "?",
    };

    /// <summary>A revision's number, with an asterisk on the current one: <c>3 *</c>.</summary>
    public static string Revision(PSObject entry) => $"{Text(entry, "Revision")} {(Value(entry, "Current") is true ? "*" : " ")}";

    /// <summary>The values of a list, joined by commas; nothing for none.</summary>
    public static string List(PSObject item, string name) => Value(item, name) switch
    {
        string text => text,
        IEnumerable values => string.Join(", ", values.Cast<object?>().Select(value => Bare(value)?.ToString())),
        var other => other?.ToString() ?? "",
    };

    /// <summary>Counts by name: <c>1.26.4: 12, 1.27.1: 3</c>; nothing for none.</summary>
    public static string Counts(PSObject item, string name) => Value(item, name) switch
    {
        string text => text,
        IDictionary counts => string.Join(", ", counts.Keys.Cast<object>().Select(key => $"{key}: {Bare(counts[key])}").Order(StringComparer.Ordinal)),
        _ => "",
    };

    /// <summary>A count, or a question mark where it could not be read.</summary>
    public static string Of(PSObject item, string name) => Value(item, name)?.ToString() ?? "?";

    /// <summary>The values of a list, a line each.</summary>
    public static string Lines(PSObject item, string name) => Value(item, name) switch
    {
        string text => text,
        IEnumerable values => string.Join(Environment.NewLine, values.Cast<object?>().Select(value => Bare(value)?.ToString())),
        _ => "",
    };

    /// <summary>What is wrong, where something is; otherwise the rule that holds.</summary>
    public static string RuleOrConflict(PSObject item, string rule, string conflicts) => List(item, conflicts) is { Length: > 0 } wrong ? "! " + wrong : Text(item, rule);

    /// <summary>The namespace, or that it is the sum of all.</summary>
    public static string NamespaceOrTotal(PSObject migration) => Value(migration, "Total") is true ? "Total" : Text(migration, "Namespace");

    /// <summary>A span of time: <c>1m05s</c>; nothing where it is unknown.</summary>
    public static string Time(PSObject item, string name) => Value(item, name) is TimeSpan time ? Short(time) : "";

    /// <summary>A moment in the reader's own time.</summary>
    public static string LocalTime(PSObject item, string name) =>
        Moment(item, name) is { } time ? time.LocalDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) : "";

    /// <summary>The same to the minute.</summary>
    public static string LocalMinute(PSObject item, string name) =>
        Moment(item, name) is { } time ? time.LocalDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) : "";

    /// <summary>A moment of today in the reader's own time, to the millisecond: <c>14:03:27.250</c>.</summary>
    public static string LocalMoment(PSObject item, string name) =>
        Moment(item, name) is { } time ? time.LocalDateTime.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture) : "";

    /// <summary>A number of milliseconds, in few digits; nothing where there is none yet.</summary>
    public static string Milliseconds(PSObject item, string name) =>
        Value(item, name) is double number ? number.ToString(number < 10 ? "0.0" : "0", CultureInfo.InvariantCulture) : "";

    /// <summary>How long a rollout took, or has been moving: <c>1m05s</c>.</summary>
    public static string Duration(PSObject rollout)
    {
        if (Moment(rollout, "StartTime") is not { } start) return "";

        return Short((Moment(rollout, "EndTime") ?? DateTimeOffset.UtcNow) - start);
    }

    /// <summary>What is wrong with a rollout, a line for each finding, with the advice.</summary>
    public static string Findings(PSObject rollout)
    {
        if (Value(rollout, "Diagnosis") is not IEnumerable findings) return "";

        return string.Join(Environment.NewLine, findings.Cast<object>().Select(finding => Finding(PSObject.AsPSObject(finding))));
    }

    private static string Finding(PSObject finding)
    {
        var message = Text(finding, "Message");
        if (message.Length == 0) return finding.ToString();

        var about = Text(finding, "Object");
        return $"{(about.Length > 0 ? about + ": " : "")}{message} {Text(finding, "Advice")}".TrimEnd();
    }

    private static string ShortKind(string kind) => kind switch
    {
        "Deployment" => "deploy",
        "StatefulSet" => "sts",
        "DaemonSet" => "ds",
        "ReplicaSet" => "rs",
        _ => kind.ToLowerInvariant(),
    };

    private static string Short(TimeSpan duration) => duration switch
    {
        { TotalSeconds: < 0 } => "0s",
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{duration.Seconds}s"),
        { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{duration.Minutes}m{duration.Seconds:00}s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)duration.TotalHours}h{duration.Minutes:00}m"),
    };

    private static DateTimeOffset? Moment(PSObject item, string name) => Moments.Read(item.Properties[name]?.Value);

    private static string Text(PSObject item, string name) => Value(item, name)?.ToString() ?? "";

    private static object? Value(PSObject item, string name) => Bare(item.Properties[name]?.Value);

    private static object? Bare(object? value) => value is PSObject { BaseObject: not PSCustomObject and var inner } ? inner : value;
}
