using System.Text.Json;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Printing;

/// <summary>
/// A pod in a few figures: the rules behind the columns READY, STATUS and RESTARTS of <c>kubectl get pods</c>
/// (kubernetes pkg/printers/internalversion, printPod).
/// </summary>
/// <param name="Ready">Containers that are ready; native sidecars count.</param>
/// <param name="Containers">Containers that should be; native sidecars count.</param>
/// <param name="Status">One word.</param>
/// <param name="Restarts">Restarts of the containers; while the pod is still initialising, of its init containers.</param>
/// <param name="LastRestart">When the last container ended that was restarted.</param>
internal sealed record PodSummary(int Ready, int Containers, string Status, long Restarts, DateTimeOffset? LastRestart)
{
    /// <summary>Reads the figures from a pod.</summary>
    public static PodSummary Of(JsonElement pod)
    {
        var (spec, status) = (pod.At("spec"), pod.At("status"));
        var reading = new Reading { Status = status.Text("reason") is { Length: > 0 } reason ? reason : status.Text("phase") };
        if (HasCondition(pod, "PodScheduled", "SchedulingGated")) reading.Status = "SchedulingGated";

        var sidecars = spec.Items("initContainers").Where(container => container.Text("restartPolicy") == "Always").Select(container => container.Text("name")).ToHashSet();
        var initCount = spec.Items("initContainers").Count();
        var isInitialising = ReadInitContainers(status, sidecars, initCount, ref reading);
        if (!isInitialising || HasCondition(pod, "Initialized")) ReadContainers(pod, ref reading);
        if (pod.Text("metadata", "deletionTimestamp").Length > 0) reading.Status = status.Text("reason") == "NodeLost" ? "Unknown" : "Terminating";

        return new(reading.Ready, spec.Items("containers").Count() + sidecars.Count, reading.Status, reading.Restarts, reading.LastRestart);
    }

    /// <summary>Whether a condition of the pod is true.</summary>
    public static bool HasCondition(JsonElement pod, string type) =>
        pod.Items("status", "conditions").Any(condition => condition.Text("type") == type && condition.Text("status") == "True");

    private static bool HasCondition(JsonElement pod, string type, string reason) =>
        pod.Items("status", "conditions").Any(condition => condition.Text("type") == type && condition.Text("reason") == reason);

    // The first init container that is neither done nor a running sidecar decides what the pod is doing.
    private static bool ReadInitContainers(JsonElement status, HashSet<string> sidecars, int count, ref Reading reading)
    {
        var index = 0;
        foreach (var container in status.Items("initContainerStatuses"))
        {
            var isSidecar = sidecars.Contains(container.Text("name"));
            reading.CountRestarts(container, isSidecar);
            var (terminated, waiting) = (container.At("state", "terminated"), container.At("state", "waiting"));
            var isEnded = terminated.ValueKind == JsonValueKind.Object;
            if (isEnded && terminated.Number("exitCode") is 0 or null)
            {
                index++;
                continue;
            }
            if (isSidecar && container.Flag("started"))
            {
                if (container.Flag("ready")) reading.Ready++;
                index++;
                continue;
            }
            if (isEnded) reading.Status = "Init:" + EndReason(terminated);
            else if (waiting.Text("reason") is { Length: > 0 } reason and not "PodInitializing") reading.Status = "Init:" + reason;
            else reading.Status = $"Init:{index}/{count}";
            return true;
        }
        return false;
    }

    // Backwards, so that the first container with something to say has the last word.
    private static void ReadContainers(JsonElement pod, ref Reading reading)
    {
        reading.KeepSidecarRestarts();
        var hasRunning = false;
        foreach (var container in pod.Items("status", "containerStatuses").Reverse())
        {
            reading.CountRestarts(container, isSidecar: false);
            var state = container.At("state");
            if (state.Text("waiting", "reason") is { Length: > 0 } waiting) reading.Status = waiting;
            else if (state.At("terminated") is { ValueKind: JsonValueKind.Object } terminated) reading.Status = EndReason(terminated);
            else if (container.Flag("ready") && state.At("running").ValueKind == JsonValueKind.Object)
            {
                hasRunning = true;
                reading.Ready++;
            }
        }
        if (reading.Status == "Completed" && hasRunning) reading.Status = HasCondition(pod, "Ready") ? "Running" : "NotReady";
    }

    private static string EndReason(JsonElement terminated)
    {
        if (terminated.Text("reason") is { Length: > 0 } reason) return reason;
        return terminated.Number("signal") is { } signal and not 0 ? $"Signal:{signal}" : $"ExitCode:{terminated.Number("exitCode") ?? 0}";
    }

    private struct Reading
    {
        private long _sidecarRestarts;
        private DateTimeOffset? _lastSidecarRestart;

        public int Ready { get; set; }

        public string Status { get; set; }

        public long Restarts { get; private set; }

        public DateTimeOffset? LastRestart { get; private set; }

        public void CountRestarts(JsonElement container, bool isSidecar)
        {
            var (restarts, ended) = (container.Number("restartCount") ?? 0, container.Time("lastState", "terminated", "finishedAt"));
            Restarts += restarts;
            LastRestart = Later(LastRestart, ended);
            if (!isSidecar) return;
            _sidecarRestarts += restarts;
            _lastSidecarRestart = Later(_lastSidecarRestart, ended);
        }

        public void KeepSidecarRestarts() => (Restarts, LastRestart) = (_sidecarRestarts, _lastSidecarRestart);

        private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) => one is null || other > one ? other ?? one : one;
    }
}
