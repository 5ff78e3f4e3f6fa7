using System.Text.Json;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Printing;

/// <summary>Prints the objects of one kind as rows of a table, with the columns of the real API server (1.20 to 1.30 where they agree).</summary>
internal sealed class TablePrinter
{
    private static readonly TablePrinter Default = new([TableColumn.ObjectName, TableColumn.Age], (item, now) => [Name(item), Age(item, now)]);

    private readonly Func<JsonElement, DateTimeOffset, TableCell[]> _row;

    /// <param name="columns">The columns.</param>
    /// <param name="row">Makes the cells of an object at a moment: one for each column.</param>
    public TablePrinter(IReadOnlyList<TableColumn> columns, Func<JsonElement, DateTimeOffset, TableCell[]> row)
    {
        Columns = columns;
        _row = row;
    }

    /// <summary>The columns, in their order.</summary>
    public IReadOnlyList<TableColumn> Columns { get; }

    /// <summary>The printer of a kind; kinds without one of their own show name and age.</summary>
    public static TablePrinter For(string group, string kind) => Known.Printers.GetValueOrDefault((group, kind), Default);

    /// <summary>An object's cells.</summary>
    public IReadOnlyList<TableCell> Cells(JsonElement item, DateTimeOffset now) => _row(item, now);

    internal static TableCell Name(JsonElement item) => item.Text("metadata", "name");

    internal static TableCell Age(JsonElement item, DateTimeOffset now) => HumanDuration.Since(item.Time("metadata", "creationTimestamp"), now);

    internal static TableCell Count(JsonElement item, params ReadOnlySpan<string> path) => item.Number(path) ?? 0;

    internal static string OrNone(string text) => text.Length == 0 ? "<none>" : text;

    /// <summary>The number of entries of a list or map.</summary>
    internal static int Entries(JsonElement listOrMap) => listOrMap.ValueKind switch
    {
        JsonValueKind.Array => listOrMap.GetArrayLength(),
        JsonValueKind.Object => listOrMap.EnumerateObject().Count(),
        _ => 0,
    };

    /// <summary>A map of labels as <c>a=1,b=2</c>, by key.</summary>
    internal static string Labels(JsonElement labels) => labels.ValueKind != JsonValueKind.Object ? "<none>" : OrNone(string.Join(
        ',', labels.EnumerateObject().Select(label => $"{label.Name}={label.Value}").Order(StringComparer.Ordinal)));

    // A class of its own, so that it is made when it is asked and not while the printers in it are being made.
    private static class Known
    {
        public static readonly Dictionary<(string Group, string Kind), TablePrinter> Printers = new()
        {
            [("", "Pod")] = PodTable.Printer,
            [("", "Namespace")] = CoreTables.Namespaces,
            [("", "Node")] = CoreTables.Nodes,
            [("", "Service")] = CoreTables.Services,
            [("", "Endpoints")] = CoreTables.Endpoints,
            [("", "ConfigMap")] = CoreTables.ConfigMaps,
            [("", "Secret")] = CoreTables.Secrets,
            [("", "ServiceAccount")] = CoreTables.ServiceAccounts,
            [("", "ResourceQuota")] = CoreTables.ResourceQuotas,
            [("", "Event")] = EventTable.Printer,
            [("apps", "Deployment")] = WorkloadTables.Deployments,
            [("apps", "ReplicaSet")] = WorkloadTables.ReplicaSets,
            [("apps", "StatefulSet")] = WorkloadTables.StatefulSets,
            [("apps", "DaemonSet")] = WorkloadTables.DaemonSets,
            [("apps", "ControllerRevision")] = WorkloadTables.ControllerRevisions,
            [("batch", "Job")] = WorkloadTables.Jobs,
            [("argoproj.io", "Rollout")] = WorkloadTables.Rollouts,
            [("autoscaling", "HorizontalPodAutoscaler")] = AutoscalerTable.Printer,
            [("policy", "PodDisruptionBudget")] = PolicyTables.PodDisruptionBudgets,
            [("rbac.authorization.k8s.io", "Role")] = RbacTables.Roles,
            [("rbac.authorization.k8s.io", "ClusterRole")] = RbacTables.Roles,
            [("rbac.authorization.k8s.io", "RoleBinding")] = RbacTables.Bindings,
            [("rbac.authorization.k8s.io", "ClusterRoleBinding")] = RbacTables.Bindings,
            [("coordination.k8s.io", "Lease")] = PolicyTables.Leases,
            [("admissionregistration.k8s.io", "MutatingWebhookConfiguration")] = PolicyTables.WebhookConfigurations,
            [("admissionregistration.k8s.io", "ValidatingWebhookConfiguration")] = PolicyTables.WebhookConfigurations,
        };
    }
}
