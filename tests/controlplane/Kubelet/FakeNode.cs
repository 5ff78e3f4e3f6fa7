using System.Globalization;
using System.Text.Json.Nodes;

namespace MeshRoll.TestControlPlane.Kubelet;

/// <summary>The Node objects: large, healthy, and spread over three zones.</summary>
internal static class FakeNode
{
    public static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"node-{number}");

    public static string AddressOf(string name)
    {
        var number = int.TryParse(name.AsSpan(name.LastIndexOf('-') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : 1;
        return string.Create(CultureInfo.InvariantCulture, $"192.168.{number / 250}.{(number % 250) + 1}");
    }

    public static JsonObject Describe(int number, int pods, string kubeletVersion)
    {
        var name = NameOf(number);
        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Node",
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["labels"] = new JsonObject
                {
                    ["kubernetes.io/hostname"] = name,
                    ["kubernetes.io/os"] = "linux",
                    ["kubernetes.io/arch"] = "amd64",
                    ["topology.kubernetes.io/region"] = "test",
                    ["topology.kubernetes.io/zone"] = string.Create(CultureInfo.InvariantCulture, $"test-{((number - 1) % 3) + 1}"),
                },
            },
            ["status"] = new JsonObject
            {
                ["capacity"] = Room(pods),
                ["allocatable"] = Room(pods),
                ["addresses"] = new JsonArray(
                    new JsonObject { ["type"] = "InternalIP", ["address"] = AddressOf(name) },
                    new JsonObject { ["type"] = "Hostname", ["address"] = name }),
                ["conditions"] = new JsonArray(
                    Condition("MemoryPressure", "False", "KubeletHasSufficientMemory"),
                    Condition("DiskPressure", "False", "KubeletHasNoDiskPressure"),
                    Condition("PIDPressure", "False", "KubeletHasSufficientPID"),
                    Condition("Ready", "True", "KubeletReady")),
                ["nodeInfo"] = new JsonObject
                {
                    ["kubeletVersion"] = kubeletVersion,
                    ["kubeProxyVersion"] = kubeletVersion,
                    ["containerRuntimeVersion"] = "containerd://1.4.13",
                    ["operatingSystem"] = "linux",
                    ["architecture"] = "amd64",
                    ["osImage"] = "fixture",
                    ["kernelVersion"] = "5.10.0",
                    ["machineID"] = name,
                    ["systemUUID"] = name,
                    ["bootID"] = name,
                },
            },
        };
    }

    private static JsonObject Room(int pods) => new()
    {
        ["cpu"] = "100000",
        ["memory"] = "100Ti",
        ["ephemeral-storage"] = "100Ti",
        ["pods"] = pods.ToString(CultureInfo.InvariantCulture),
    };

    private static JsonObject Condition(string type, string status, string reason) => new()
    {
        ["type"] = type,
        ["status"] = status,
        ["reason"] = reason,
        ["lastHeartbeatTime"] = PodStatus.Now(),
        ["lastTransitionTime"] = PodStatus.Now(),
    };
}
