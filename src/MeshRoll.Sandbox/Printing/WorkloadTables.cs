using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Selecting;
using static MeshRoll.Sandbox.Printing.TablePrinter;

namespace MeshRoll.Sandbox.Printing;

/// <summary>What owns pods, and what belongs to it.</summary>
internal static class WorkloadTables
{
    private static readonly TableColumn Desired = TableColumn.Number("Desired", "How many pods there should be.");
    private static readonly TableColumn Current = TableColumn.Number("Current", "How many pods there are.");
    private static readonly TableColumn ReadyCount = TableColumn.Number("Ready", "How many of its pods are ready.");
    private static readonly TableColumn ReadyShare = TableColumn.Text("Ready", "How many of the pods there should be are ready.");
    private static readonly TableColumn UpToDate = TableColumn.Number("Up-to-date", "How many pods are made from the newest template.");
    private static readonly TableColumn Available = TableColumn.Number("Available", "How many pods have been ready for long enough.");

    public static TablePrinter Deployments { get; } = new(
        [
            TableColumn.ObjectName, ReadyShare, UpToDate with { Type = "string" }, Available with { Type = "string" }, TableColumn.Age,
            TableColumn.Containers, TableColumn.Images, TableColumn.Selector,
        ],
        (item, now) =>
        [
            Name(item), Share(item), Count(item, "status", "updatedReplicas"), Count(item, "status", "availableReplicas"), Age(item, now),
            Containers(item, "name"), Containers(item, "image"), Selector(item),
        ]);

    public static TablePrinter ReplicaSets { get; } = new(
        [TableColumn.ObjectName, Desired, Current, ReadyCount, TableColumn.Age, TableColumn.Containers, TableColumn.Images, TableColumn.Selector],
        (item, now) =>
        [
            Name(item), Replicas(item), Count(item, "status", "replicas"), Count(item, "status", "readyReplicas"), Age(item, now),
            Containers(item, "name"), Containers(item, "image"), Selector(item),
        ]);

    public static TablePrinter StatefulSets { get; } = new(
        [TableColumn.ObjectName, ReadyShare, TableColumn.Age, TableColumn.Containers, TableColumn.Images],
        (item, now) => [Name(item), Share(item), Age(item, now), Containers(item, "name"), Containers(item, "image")]);

    public static TablePrinter DaemonSets { get; } = new(
        [
            TableColumn.ObjectName, Desired, Current, ReadyCount, UpToDate, Available, TableColumn.Text("Node Selector", "The labels of the nodes it runs on."),
            TableColumn.Age, TableColumn.Containers, TableColumn.Images, TableColumn.Selector,
        ],
        (item, now) =>
        [
            Name(item), Count(item, "status", "desiredNumberScheduled"), Count(item, "status", "currentNumberScheduled"), Count(item, "status", "numberReady"),
            Count(item, "status", "updatedNumberScheduled"), Count(item, "status", "numberAvailable"), Labels(item.At("spec", "template", "spec", "nodeSelector")),
            Age(item, now), Containers(item, "name"), Containers(item, "image"), Selector(item),
        ]);

    public static TablePrinter ControllerRevisions { get; } = new(
        [TableColumn.ObjectName, TableColumn.Text("Controller", "Whose revision it is."), TableColumn.Text("Revision", "Which revision it is."), TableColumn.Age],
        (item, now) => [Name(item), Controller(item), Count(item, "revision"), Age(item, now)]);

    public static TablePrinter Jobs { get; } = new(
        [
            TableColumn.ObjectName, TableColumn.Text("Completions", "How many of the wanted pods have succeeded."),
            TableColumn.Text("Duration", "How long it ran, or has been running."), TableColumn.Age, TableColumn.Containers, TableColumn.Images, TableColumn.Selector,
        ],
        (item, now) => [Name(item), Completions(item), Duration(item, now), Age(item, now), Containers(item, "name"), Containers(item, "image"), Selector(item)]);

    /// <summary>Argo Rollouts, by the printer columns of their definition.</summary>
    public static TablePrinter Rollouts { get; } = new(
        [TableColumn.ObjectName, Desired, Current, UpToDate, Available, TableColumn.Age with { Type = "date" }],
        (item, now) =>
        [
            Name(item), Shown(item, "spec", "replicas"), Shown(item, "status", "replicas"), Shown(item, "status", "updatedReplicas"),
            Shown(item, "status", "availableReplicas"), Age(item, now),
        ]);

    // Where nothing is wished, one pod is.
    private static long Replicas(JsonElement item) => item.Number("spec", "replicas") ?? 1;

    private static string Share(JsonElement item) => $"{item.Number("status", "readyReplicas") ?? 0}/{Replicas(item)}";

    private static TableCell Shown(JsonElement item, params ReadOnlySpan<string> path) => item.Number(path) is { } number ? number : TableCell.Nothing;

    private static string Containers(JsonElement item, string property) =>
        string.Join(',', item.Items("spec", "template", "spec", "containers").Select(container => container.Text(property)));

    private static string Selector(JsonElement item)
    {
        var selector = item.At("spec", "selector");
        return OrNone(LabelSelector.From(selector.ValueKind == JsonValueKind.Object ? JsonObject.Create(selector) : null).ToString());
    }

    private static string Controller(JsonElement item)
    {
        foreach (var owner in item.Items("metadata", "ownerReferences").Where(owner => owner.Flag("controller")))
        {
            var apiVersion = owner.Text("apiVersion");
            var slash = apiVersion.IndexOf('/', StringComparison.Ordinal);
            return $"{owner.Text("kind")}{(slash < 0 ? "" : "." + apiVersion[..slash])}".ToLowerInvariant() + "/" + owner.Text("name");
        }
        return "<none>";
    }

    private static string Completions(JsonElement job)
    {
        var succeeded = job.Number("status", "succeeded") ?? 0;
        if (job.Number("spec", "completions") is { } wanted) return $"{succeeded}/{wanted}";
        return job.Number("spec", "parallelism") is { } parallelism and > 1 ? $"{succeeded}/1 of {parallelism}" : $"{succeeded}/1";
    }

    private static string Duration(JsonElement job, DateTimeOffset now) =>
        job.Time("status", "startTime") is { } start ? HumanDuration.Of((job.Time("status", "completionTime") ?? now) - start) : "";
}
