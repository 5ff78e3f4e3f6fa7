using System.Text.Json;
using MeshRoll.Sandbox.Objects;
using static MeshRoll.Sandbox.Printing.TablePrinter;

namespace MeshRoll.Sandbox.Printing;

/// <summary>Namespaces, nodes, services and what is kept in the core group besides.</summary>
internal static class CoreTables
{
    private const string RolePrefix = "node-role.kubernetes.io/";

    public static TablePrinter Namespaces { get; } = new(
        [TableColumn.ObjectName, TableColumn.Text("Status", "Whether it is active."), TableColumn.Age],
        (item, now) => [Name(item), item.Text("status", "phase"), Age(item, now)]);

    public static TablePrinter Nodes { get; } = new(
        [
            TableColumn.ObjectName, TableColumn.Text("Status", "Whether it is ready."), TableColumn.Text("Roles", "What it is for."), TableColumn.Age,
            TableColumn.Text("Version", "The version of its kubelet."), TableColumn.Wide("Internal-IP", "Its address inside."),
            TableColumn.Wide("External-IP", "Its address outside."), TableColumn.Wide("OS-Image", "Its operating system."),
            TableColumn.Wide("Kernel-Version", "Its kernel."), TableColumn.Wide("Container-Runtime", "What runs its containers."),
        ],
        (item, now) =>
        [
            Name(item), NodeStatus(item), Roles(item), Age(item, now), NodeInfo(item, "kubeletVersion"), NodeAddress(item, "InternalIP"), NodeAddress(item, "ExternalIP"),
            OrUnknown(NodeInfo(item, "osImage")), OrUnknown(NodeInfo(item, "kernelVersion")), OrUnknown(NodeInfo(item, "containerRuntimeVersion")),
        ]);

    public static TablePrinter Services { get; } = new(
        [
            TableColumn.ObjectName, TableColumn.Text("Type", "How it is reached."), TableColumn.Text("Cluster-IP", "Its address inside the cluster."),
            TableColumn.Text("External-IP", "Its addresses outside the cluster."), TableColumn.Text("Port(s)", "Its ports."), TableColumn.Age,
            TableColumn.Wide("Selector", "The labels of the pods behind it."),
        ],
        (item, now) =>
        [
            Name(item), item.Text("spec", "type"), OrNone(item.Text("spec", "clusterIP")), ExternalAddress(item), Ports(item), Age(item, now),
            Labels(item.At("spec", "selector")),
        ]);

    public static TablePrinter Endpoints { get; } = new(
        [TableColumn.ObjectName, TableColumn.Text("Endpoints", "The first addresses that are ready."), TableColumn.Age],
        (item, now) => [Name(item), Addresses(item), Age(item, now)]);

    public static TablePrinter ConfigMaps { get; } = new(
        [TableColumn.ObjectName, TableColumn.Text("Data", "How many entries it has."), TableColumn.Age],
        (item, now) => [Name(item), Entries(item.At("data")) + Entries(item.At("binaryData")), Age(item, now)]);

    public static TablePrinter Secrets { get; } = new(
        [TableColumn.ObjectName, TableColumn.Text("Type", "What it is for."), TableColumn.Text("Data", "How many entries it has."), TableColumn.Age],
        (item, now) => [Name(item), item.Text("type"), Entries(item.At("data")), Age(item, now)]);

    public static TablePrinter ServiceAccounts { get; } = new(
        [TableColumn.ObjectName, TableColumn.Text("Secrets", "How many secrets it has."), TableColumn.Age],
        (item, now) => [Name(item), Entries(item.At("secrets")), Age(item, now)]);

    public static TablePrinter ResourceQuotas { get; } = new(
        [
            TableColumn.ObjectName, TableColumn.Age, TableColumn.Text("Request", "What is used of what may be requested."),
            TableColumn.Text("Limit", "What is used of the limits."),
        ],
        (item, now) => [Name(item), Age(item, now), Used(item, limits: false), Used(item, limits: true)]);

    private static string OrUnknown(string text) => text.Length == 0 ? "<unknown>" : text;

    private static string NodeInfo(JsonElement node, string name) => node.Text("status", "nodeInfo", name);

    private static string NodeStatus(JsonElement node)
    {
        var ready = node.Items("status", "conditions").FirstOrDefault(condition => condition.Text("type") == "Ready").Text("status");
        var status = ready switch { "" => "Unknown", "True" => "Ready", _ => "NotReady" };
        return node.Flag("spec", "unschedulable") ? status + ",SchedulingDisabled" : status;
    }

    private static string Roles(JsonElement node)
    {
        if (node.At("metadata", "labels") is not { ValueKind: JsonValueKind.Object } labels) return "<none>";
        return OrNone(string.Join(',', labels.EnumerateObject().Select(Role).Where(role => role.Length > 0).Distinct().Order(StringComparer.Ordinal)));
    }

    private static string Role(JsonProperty label)
    {
        if (label.Name.StartsWith(RolePrefix, StringComparison.Ordinal)) return label.Name[RolePrefix.Length..];
        return label.Name == "kubernetes.io/role" ? label.Value.ToString() : "";
    }

    private static string NodeAddress(JsonElement node, string type) =>
        OrNone(node.Items("status", "addresses").FirstOrDefault(address => address.Text("type") == type).Text("address"));

    private static string ExternalAddress(JsonElement service)
    {
        var own = service.At("spec", "externalIPs") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Select(address => address.ToString()).ToList() : [];
        switch (service.Text("spec", "type"))
        {
            case "ExternalName": return service.Text("spec", "externalName");
            case "LoadBalancer":
                var given = service.Items("status", "loadBalancer", "ingress").Select(entry => entry.Text("ip") is { Length: > 0 } ip ? ip : entry.Text("hostname"));
                var all = given.Where(address => address.Length > 0).Concat(own).ToList();
                return all.Count == 0 ? "<pending>" : string.Join(',', all);
            default: return OrNone(string.Join(',', own));
        }
    }

    private static string Ports(JsonElement service) => OrNone(string.Join(',', service.Items("spec", "ports").Select(port =>
    {
        var protocol = port.Text("protocol") is { Length: > 0 } named ? named : "TCP";
        var nodePort = port.Number("nodePort") is { } number and > 0 ? $":{number}" : "";
        return $"{port.Number("port")}{nodePort}/{protocol}";
    })));

    // Three addresses are shown, of the others how many they are.
    private static string Addresses(JsonElement endpoints)
    {
        const int Shown = 3;
        if (!endpoints.Items("subsets").Any()) return "<none>";
        var all = endpoints.Items("subsets").SelectMany(OfSubset).ToList();
        var text = string.Join(',', all.Take(Shown));
        return all.Count > Shown ? $"{text} + {all.Count - Shown} more..." : text;

        static IEnumerable<string> OfSubset(JsonElement subset)
        {
            var addresses = subset.Items("addresses").Select(address => address.Text("ip")).ToList();
            var ports = subset.Items("ports").Select(port => port.Number("port") ?? 0).ToList();
            if (ports.Count == 0) return addresses;
            return ports.SelectMany(port => addresses.Select(address => address.Contains(':', StringComparison.Ordinal) ? $"[{address}]:{port}" : $"{address}:{port}"));
        }
    }

    private static string Used(JsonElement quota, bool limits)
    {
        if (quota.At("status", "hard") is not { ValueKind: JsonValueKind.Object } hard) return "";
        var entries = hard.EnumerateObject().Where(entry => entry.Name.StartsWith("limits.", StringComparison.Ordinal) == limits);
        return string.Join(", ", entries.OrderBy(entry => entry.Name, StringComparer.Ordinal).Select(entry =>
        {
            var used = quota.At("status", "used", entry.Name).ToString();
            return $"{entry.Name}: {(used.Length == 0 ? "0" : used)}/{entry.Value}";
        }));
    }
}
