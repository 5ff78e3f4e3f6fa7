using System.Text.Json;
using MeshRoll.Sandbox.Objects;
using static MeshRoll.Sandbox.Printing.TablePrinter;

namespace MeshRoll.Sandbox.Printing;

/// <summary>Autoscalers of both versions: v2 lists metrics, v1 knows the processor only.</summary>
internal static class AutoscalerTable
{
    private const string Unknown = "<unknown>";

    /// <summary>The printer.</summary>
    public static TablePrinter Printer { get; } = new(
        [
            TableColumn.ObjectName, TableColumn.Text("Reference", "What it scales."), TableColumn.Text("Targets", "What it measures, and what that should be."),
            TableColumn.Text("MinPods", "The fewest pods."), TableColumn.Text("MaxPods", "The most pods."),
            TableColumn.Text("Replicas", "How many pods there are."), TableColumn.Age,
        ],
        (item, now) =>
        [
            Name(item), $"{item.Text("spec", "scaleTargetRef", "kind")}/{item.Text("spec", "scaleTargetRef", "name")}", Targets(item),
            item.Number("spec", "minReplicas") is { } least ? $"{least}" : "<unset>", Count(item, "spec", "maxReplicas"),
            Count(item, "status", "currentReplicas"), Age(item, now),
        ]);

    private static string Targets(JsonElement item)
    {
        const int Shown = 2;
        if (item.Number("spec", "targetCPUUtilizationPercentage") is { } processor)
        {
            return $"{Percent(item.Number("status", "currentCPUUtilizationPercentage"))}/{processor}%";
        }

        var current = item.Items("status", "currentMetrics").ToList();
        var targets = item.Items("spec", "metrics").Select((metric, i) => Target(metric, i < current.Count ? current[i] : default)).ToList();
        if (targets.Count == 0) return "<none>";
        var text = string.Join(", ", targets.Take(Shown));
        return targets.Count > Shown ? $"{text} + {targets.Count - Shown} more..." : text;
    }

    private static string Target(JsonElement metric, JsonElement status)
    {
        var source = metric.Text("type") switch
        {
            "Resource" => "resource",
            "ContainerResource" => "containerResource",
            "Pods" => "pods",
            "Object" => "object",
            "External" => "external",
            _ => null,
        };
        if (source is null) return "<unknown type>";

        var (wanted, measured) = (metric.At(source, "target"), status.At(source, "current"));
        if (source is "resource" or "containerResource" && wanted.At("averageValue").ValueKind == JsonValueKind.Undefined)
        {
            return $"{Percent(measured.Number("averageUtilization"))}/{(wanted.Number("averageUtilization") is { } share ? $"{share}%" : "<auto>")}";
        }
        var isAverage = wanted.At("averageValue").ValueKind != JsonValueKind.Undefined;
        var property = isAverage ? "averageValue" : "value";
        var value = measured.At(property) is { ValueKind: not JsonValueKind.Undefined } known ? known.ToString() : Unknown;
        return $"{value}/{wanted.At(property)}{(isAverage && source is "external" or "object" ? " (avg)" : "")}";
    }

    private static string Percent(long? share) => share is { } known ? $"{known}%" : Unknown;
}
