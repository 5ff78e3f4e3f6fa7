using System.Text.Json;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Printing;

/// <summary>Events as <c>kubectl get events</c> shows them.</summary>
internal static class EventTable
{
    /// <summary>The printer.</summary>
    public static TablePrinter Printer { get; } = new(
        [
            TableColumn.Text("Last Seen", "The time since it happened last."),
            TableColumn.Text("Type", "Normal or Warning."),
            TableColumn.Text("Reason", "What happened, in one word."),
            TableColumn.Text("Object", "To what it happened."),
            TableColumn.Wide("Subobject", "To which part of it."),
            TableColumn.Wide("Source", "Who says so."),
            TableColumn.Text("Message", "What happened."),
            TableColumn.Wide("First Seen", "The time since it happened first."),
            TableColumn.Wide("Count", "How often it happened."),
            TableColumn.ObjectName with { Priority = 1 },
        ],
        Row);

    private static TableCell[] Row(JsonElement item, DateTimeOffset now)
    {
        var first = item.Time("firstTimestamp") ?? item.Time("eventTime");
        var last = item.Time("series", "lastObservedTime") ?? item.Time("lastTimestamp") ?? first;
        return
        [
            HumanDuration.Since(last, now), item.Text("type"), item.Text("reason"), Object(item.At("involvedObject")), item.Text("involvedObject", "fieldPath"),
            Source(item), item.Text("message").Trim(), HumanDuration.Since(first, now), Count(item), TablePrinter.Name(item),
        ];
    }

    private static string Object(JsonElement involved)
    {
        var kind = involved.Text("kind").ToLowerInvariant();
        return involved.Text("name") is { Length: > 0 } name ? $"{kind}/{name}" : kind;
    }

    private static string Source(JsonElement item)
    {
        var component = First(item.Text("source", "component"), item.Text("reportingComponent"));
        var instance = First(item.Text("source", "host"), item.Text("reportingInstance"));
        return instance.Length == 0 ? component : $"{component}, {instance}";
    }

    // An event that happened once may say no number.
    private static long Count(JsonElement item) => item.Number("series", "count") ?? (item.Number("count") is { } count and > 0 ? count : 1);

    private static string First(string one, string other) => one.Length > 0 ? one : other;
}
