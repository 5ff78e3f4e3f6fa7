using System.Globalization;
using System.Text.Json.Nodes;

namespace MeshRoll.TestControlPlane.Kubelet;

/// <summary>
/// One pod's status as the kubelet keeps it: phase and conditions follow from the containers' reports by the rules of the
/// pod lifecycle documentation. The condition PodScheduled is the scheduler's and is never touched.
/// </summary>
internal sealed class PodStatus
{
    private readonly PodView _pod;
    private readonly string _address;
    private readonly string _startTime = Now();
    private readonly Dictionary<string, (bool Holds, string Since)> _conditions = [];

    public PodStatus(PodView pod, string address)
    {
        _pod = pod;
        _address = address;
        Init = [.. pod.InitContainers.Select(container => new ContainerReport(container, pod.Uid))];
        Main = [.. pod.Containers.Select(container => new ContainerReport(container, pod.Uid))];
        for (var i = 0; i < Main.Length; i++)
        {
            Main[i] = Main[i].Waits(Init.Length > 0 ? "PodInitializing" : "ContainerCreating");
        }

        for (var i = 0; i < Init.Length; i++)
        {
            Init[i] = Init[i].Waits("PodInitializing");
        }
    }

    public ContainerReport[] Init { get; }

    public ContainerReport[] Main { get; }

    private bool Initialized => Init.All(container => container.EndedWell);

    public static string Now() => DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A strategic merge patch of the status subresource. It names the UID, so a successor of the same name stays untouched.</summary>
    public JsonObject ToPatch() => new()
    {
        ["metadata"] = new JsonObject { ["uid"] = _pod.Uid },
        ["status"] = new JsonObject
        {
            ["phase"] = Phase(),
            ["hostIP"] = FakeNode.AddressOf(_pod.NodeName),
            ["podIP"] = _address,
            ["podIPs"] = new JsonArray(new JsonObject { ["ip"] = _address }),
            ["startTime"] = _startTime,
            ["conditions"] = Conditions(),
            ["initContainerStatuses"] = Statuses(Init),
            ["containerStatuses"] = Statuses(Main),
        },
    };

    private static JsonArray? Statuses(ContainerReport[] reports)
        => reports.Length == 0 ? null : [.. reports.Select(report => report.ToStatus())];

    private string Phase()
    {
        if (!Initialized)
        {
            return !_pod.RestartsAlways && Init.Any(container => container.Ended is { ExitCode: not 0 }) ? "Failed" : "Pending";
        }

        if (!_pod.RestartsAlways && Main.All(container => container.Ended is not null))
        {
            return Main.All(container => container.EndedWell) ? "Succeeded" : "Failed";
        }

        return Main.Any(container => container.NeverRan) ? "Pending" : "Running";
    }

    private JsonArray Conditions()
    {
        var unready = Main.Where(container => !container.Ready).Select(container => container.Container.Name).ToArray();
        var incomplete = Init.Where(container => !container.EndedWell).Select(container => container.Container.Name).ToArray();
        var done = Phase() == "Succeeded";
        return
        [
            Condition("Initialized", incomplete.Length == 0, "ContainersNotInitialized", "containers with incomplete status", incomplete, done),
            Condition("Ready", unready.Length == 0, "ContainersNotReady", "containers with unready status", unready, done),
            Condition("ContainersReady", unready.Length == 0, "ContainersNotReady", "containers with unready status", unready, done),
        ];
    }

    private JsonObject Condition(string type, bool holds, string reason, string message, string[] containers, bool done)
    {
        if (!_conditions.TryGetValue(type, out var known) || known.Holds != holds)
        {
            known = (holds, Now());
            _conditions[type] = known;
        }

        // Null removes what an earlier patch has set.
        return new JsonObject
        {
            ["type"] = type,
            ["status"] = holds ? "True" : "False",
            ["lastTransitionTime"] = known.Since,
            ["reason"] = done ? "PodCompleted" : holds ? null : reason,
            ["message"] = holds || done ? null : $"{message}: [{string.Join(' ', containers)}]",
        };
    }
}
