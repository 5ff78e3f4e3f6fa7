using System.Text.Json;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Printing;

/// <summary>Pods as <c>kubectl get pods</c> shows them.</summary>
internal static class PodTable
{
    /// <summary>The printer.</summary>
    public static TablePrinter Printer { get; } = new(
        [
            TableColumn.ObjectName,
            TableColumn.Text("Ready", "How many of its containers are ready."),
            TableColumn.Text("Status", "What its containers are doing, in one word."),
            TableColumn.Text("Restarts", "How often its containers were restarted, and when last."),
            TableColumn.Age,
            TableColumn.Wide("IP", "The address of the pod."),
            TableColumn.Wide("Node", "The node it runs on."),
            TableColumn.Wide("Nominated Node", "The node on which room is being made for it."),
            TableColumn.Wide("Readiness Gates", "How many of its readiness gates are open."),
        ],
        Row);

    private static TableCell[] Row(JsonElement pod, DateTimeOffset now)
    {
        var summary = PodSummary.Of(pod);
        var restarts = summary.Restarts > 0 && summary.LastRestart is { } last
            ? $"{summary.Restarts} ({HumanDuration.Since(last, now)} ago)"
            : $"{summary.Restarts}";
        return
        [
            TablePrinter.Name(pod), $"{summary.Ready}/{summary.Containers}", summary.Status, restarts, TablePrinter.Age(pod, now),
            TablePrinter.OrNone(Address(pod.At("status"))), TablePrinter.OrNone(pod.Text("spec", "nodeName")),
            TablePrinter.OrNone(pod.Text("status", "nominatedNodeName")), Gates(pod),
        ];
    }

    private static string Address(JsonElement status)
    {
        foreach (var address in status.Items("podIPs")) return address.Text("ip");
        return status.Text("podIP");
    }

    private static string Gates(JsonElement pod)
    {
        var gates = pod.Items("spec", "readinessGates").ToList();
        return gates.Count == 0 ? "<none>" : $"{gates.Count(gate => PodSummary.HasCondition(pod, gate.Text("conditionType")))}/{gates.Count}";
    }
}
