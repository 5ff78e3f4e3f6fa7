using System.Globalization;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Nodes;

/// <summary>The Node objects: healthy, and spread over three zones.</summary>
internal static class NodeObjects
{
    /// <summary><c>node-1</c>, <c>node-2</c> and so on.</summary>
    public static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"node-{number}");

    /// <summary>A node's address in its network.</summary>
    public static string AddressOf(int number) => string.Create(CultureInfo.InvariantCulture, $"192.168.{number / 250}.{(number % 250) + 1}");

    /// <summary>Describes a node.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="number">The how-manieth it is; decides addresses and zone.</param>
    /// <param name="options">What it can take.</param>
    /// <param name="now">Since when it is there.</param>
    public static JsonObject Describe(string name, int number, NodeOptions options, DateTimeOffset now)
    {
        var address = AddressOf(number);
        var range = string.Create(CultureInfo.InvariantCulture, $"10.{(number - 1) % 256}.0.0/16");
        var labels = new JsonObject
        {
            ["beta.kubernetes.io/arch"] = "amd64",
            ["beta.kubernetes.io/os"] = "linux",
            ["kubernetes.io/arch"] = "amd64",
            ["kubernetes.io/hostname"] = name,
            ["kubernetes.io/os"] = "linux",
            ["topology.kubernetes.io/region"] = "sandbox",
            ["topology.kubernetes.io/zone"] = string.Create(CultureInfo.InvariantCulture, $"sandbox-{((number - 1) % 3) + 1}"),
        };
        foreach (var (key, value) in options.Labels) labels[key] = value;
        return new()
        {
            ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = labels },
            ["spec"] = new JsonObject { ["podCIDR"] = range, ["podCIDRs"] = new JsonArray(range), ["providerID"] = $"sandbox://{name}" },
            ["status"] = new JsonObject
            {
                ["capacity"] = Room(options),
                ["allocatable"] = Room(options),
                ["conditions"] = new JsonArray(
                    Condition("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available", now),
                    Condition("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure", now),
                    Condition("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available", now),
                    Condition("Ready", "True", "KubeletReady", "kubelet is posting ready status", now)),
                ["addresses"] = new JsonArray(
                    new JsonObject { ["type"] = "InternalIP", ["address"] = address },
                    new JsonObject { ["type"] = "Hostname", ["address"] = name }),
                ["daemonEndpoints"] = new JsonObject { ["kubeletEndpoint"] = new JsonObject { ["Port"] = 10250 } },
                ["nodeInfo"] = new JsonObject
                {
                    ["machineID"] = Identity(number),
                    ["systemUUID"] = Identity(number),
                    ["bootID"] = Identity(number),
                    ["kernelVersion"] = "6.1.0",
                    ["osImage"] = "MeshRoll Sandbox",
                    ["containerRuntimeVersion"] = "containerd://1.7.20",
                    ["kubeletVersion"] = options.KubernetesVersion,
                    ["kubeProxyVersion"] = options.KubernetesVersion,
                    ["operatingSystem"] = "linux",
                    ["architecture"] = "amd64",
                },
            },
        };
    }

    private static string Identity(int number) => string.Create(CultureInfo.InvariantCulture, $"00000000-0000-4000-8000-{number:x12}");

    private static JsonObject Room(NodeOptions options) => new()
    {
        ["cpu"] = options.Cpu,
        ["ephemeral-storage"] = "500Gi",
        ["memory"] = options.Memory,
        ["pods"] = options.Pods.ToString(CultureInfo.InvariantCulture),
    };

    private static JsonObject Condition(string type, string status, string reason, string message, DateTimeOffset now) => new()
    {
        ["type"] = type,
        ["status"] = status,
        ["lastHeartbeatTime"] = JsonAccess.Timestamp(now),
        ["lastTransitionTime"] = JsonAccess.Timestamp(now),
        ["reason"] = reason,
        ["message"] = message,
    };
}
