using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Objects.Views;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Controllers.Endpoints;

/// <summary>The addresses and ports of a Service's pods, grouped by equal ports.</summary>
internal static class EndpointSubsets
{
    /// <summary>The subsets for these pods.</summary>
    public static JsonArray Of(StoredObject service, JsonElement spec, IEnumerable<StoredObject> pods)
    {
        var takesUnready = spec.Flag("publishNotReadyAddresses");
        var isHeadless = spec.Text("clusterIP") == "None";
        var groups = new SortedList<string, Group>(StringComparer.Ordinal);
        foreach (var pod in pods)
        {
            if (pod.As<PodView>().HasEnded || (pod.IsDeleting && !takesUnready)) continue;
            if (pod.As<PodView>().Address is not { Length: > 0 } address) continue;
            using var wish = pod.Wish.Parse();
            var root = wish.RootElement;

            var ports = Ports(spec, root);
            // A Service whose ports this pod does not have has no use for it; a headless one without ports does.
            if (ports.Count == 0 && !(isHeadless && !spec.Items("ports").Any())) continue;
            var key = ports.ToJsonString();
            if (!groups.TryGetValue(key, out var group)) groups[key] = group = new(ports);
            var isReady = takesUnready || pod.As<PodView>().IsReady;
            (isReady ? group.Ready : group.Unready)[address] = Address(service, pod, root, address);
        }
        return [.. groups.Values.Select(group => group.ToJson())];
    }

    /// <summary>Whether a pod's change means nothing to those who list addresses.</summary>
    public static bool LooksTheSame(StoredObject before, StoredObject after)
    {
        var (one, other) = (before.As<PodView>(), after.As<PodView>());
        return before.IsDeleting == after.IsDeleting && one.IsReady == other.IsReady && one.HasEnded == other.HasEnded && one.NodeName == other.NodeName
            && one.Address == other.Address;
    }

    private static JsonArray Ports(JsonElement spec, JsonElement pod)
    {
        var ports = new JsonArray();
        foreach (var port in spec.Items("ports"))
        {
            if (Number(port, pod) is not { } number) continue;
            var entry = new JsonObject();
            entry.SetUnlessEmpty("name", port.Text("name"));
            entry["port"] = number;
            entry["protocol"] = port.Text("protocol") is { Length: > 0 } protocol ? protocol : "TCP";
            entry.SetUnlessEmpty("appProtocol", port.Text("appProtocol"));
            ports.Add(entry);
        }
        return ports;
    }

    private static long? Number(JsonElement port, JsonElement pod)
    {
        var target = port.At("targetPort");
        if (target.ValueKind == JsonValueKind.Number) return port.Number("targetPort");
        if (target.ValueKind != JsonValueKind.String) return port.Number("port");
        foreach (var container in pod.Items("spec", "containers").Concat(pod.Items("spec", "initContainers").Where(container => container.Text("restartPolicy") == "Always")))
        {
            foreach (var offered in container.Items("ports"))
            {
                if (offered.Text("name") == target.GetString()) return offered.Number("containerPort");
            }
        }
        return null;
    }

    private static JsonObject Address(StoredObject service, StoredObject pod, JsonElement root, string address)
    {
        var entry = new JsonObject { ["ip"] = address };
        if (root.Text("spec", "subdomain") == service.Name) entry.SetUnlessEmpty("hostname", pod.Hostname);
        entry.SetUnlessEmpty("nodeName", pod.NodeName);
        entry["targetRef"] = new JsonObject { ["kind"] = "Pod", ["namespace"] = pod.Namespace, ["name"] = pod.Name, ["uid"] = pod.Uid };
        return entry;
    }

    private sealed class Group(JsonArray ports)
    {
        public SortedList<string, JsonObject> Ready { get; } = new(StringComparer.Ordinal);

        public SortedList<string, JsonObject> Unready { get; } = new(StringComparer.Ordinal);

        public JsonObject ToJson()
        {
            var subset = new JsonObject();
            if (Ready.Count > 0) subset["addresses"] = new JsonArray([.. Ready.Values]);
            if (Unready.Count > 0) subset["notReadyAddresses"] = new JsonArray([.. Unready.Values]);
            if (ports.Count > 0) subset["ports"] = ports;
            return subset;
        }
    }
}
