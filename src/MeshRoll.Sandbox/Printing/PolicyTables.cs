using System.Text.Json;
using MeshRoll.Sandbox.Objects;
using static MeshRoll.Sandbox.Printing.TablePrinter;

namespace MeshRoll.Sandbox.Printing;

/// <summary>Disruption budgets, leases and webhooks.</summary>
internal static class PolicyTables
{
    public static TablePrinter PodDisruptionBudgets { get; } = new(
        [
            TableColumn.ObjectName, TableColumn.Text("Min Available", "The fewest pods that must be there."),
            TableColumn.Text("Max Unavailable", "The most pods that may be missing."),
            TableColumn.Number("Allowed Disruptions", "How many pods may be evicted now."), TableColumn.Age,
        ],
        (item, now) => [Name(item), Limit(item, "minAvailable"), Limit(item, "maxUnavailable"), Count(item, "status", "disruptionsAllowed"), Age(item, now)]);

    public static TablePrinter Leases { get; } = new(
        [TableColumn.ObjectName, TableColumn.Text("Holder", "Who holds it."), TableColumn.Age],
        (item, now) => [Name(item), item.Text("spec", "holderIdentity"), Age(item, now)]);

    public static TablePrinter WebhookConfigurations { get; } = new(
        [TableColumn.ObjectName, TableColumn.Number("Webhooks", "How many webhooks it has."), TableColumn.Age],
        (item, now) => [Name(item), Entries(item.At("webhooks")), Age(item, now)]);

    // A number or a percentage.
    private static string Limit(JsonElement item, string name) => item.At("spec", name) is { ValueKind: not JsonValueKind.Undefined } limit ? limit.ToString() : "N/A";
}
