using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Nodes.Pods;

/// <summary>What the kubelet says about containers (core/v1 ContainerStatus), and reading it back.</summary>
internal static class ContainerStatus
{
    /// <summary>Writes one container's state.</summary>
    public static JsonObject Write(ContainerLife container, string podUid, string imageId)
    {
        var ran = !container.NeverRan;
        var status = new JsonObject
        {
            ["name"] = container.Plan.Name,
            ["state"] = State(container),
            ["lastState"] = container.EndedBefore is { } before ? Terminated(before, Id(container, podUid, container.Restarts - 1)) : new JsonObject(),
            ["ready"] = container.IsReady,
            ["restartCount"] = container.Restarts,
            ["image"] = container.Plan.Image,
            ["imageID"] = ran ? imageId : "",
        };
        if (ran) status["containerID"] = Id(container, podUid, container.Restarts);
        status["started"] = container.IsStarted;
        return status;

        JsonObject State(ContainerLife life)
        {
            if (life.RunningSince is { } since) return new() { ["running"] = new JsonObject { ["startedAt"] = JsonAccess.Timestamp(since) } };
            if (life.Ended is { } ended) return Terminated(ended, Id(life, podUid, life.Restarts));
            var waiting = new JsonObject { ["reason"] = life.WaitingReason };
            if (life.WaitingMessage.Length > 0) waiting["message"] = life.WaitingMessage;
            return new() { ["waiting"] = waiting };
        }
    }

    /// <summary>Reads back what a status says about containers; false where it says nothing.</summary>
    public static bool Adopt(JsonObject status, IEnumerable<ContainerLife> init, IEnumerable<ContainerLife> main)
    {
        var found = false;
        Each("initContainerStatuses", init);
        Each("containerStatuses", main);
        return found;

        void Each(string list, IEnumerable<ContainerLife> lives)
        {
            var entries = status.Items(list).ToDictionary(entry => entry.Text("name") ?? "", StringComparer.Ordinal);
            foreach (var life in lives)
            {
                if (!entries.TryGetValue(life.Plan.Name, out var entry)) continue;
                found = true;
                life.Adopt(
                    (int)(entry.Number("restartCount") ?? 0),
                    entry.Time("state", "running", "startedAt"),
                    entry.Flag("ready"),
                    entry.Flag("started"),
                    Read(entry.At("state", "terminated")),
                    Read(entry.At("lastState", "terminated")));
            }
        }
    }

    private static Termination? Read(JsonNode? terminated) => terminated is null
        ? null
        : new((int)(terminated.Number("exitCode") ?? 0), terminated.Time("startedAt") ?? default, terminated.Time("finishedAt") ?? default, terminated.Text("reason") ?? "");

    private static JsonObject Terminated(Termination ended, string id) => new()
    {
        ["terminated"] = new JsonObject
        {
            ["exitCode"] = ended.ExitCode,
            ["reason"] = ended.Reason,
            ["startedAt"] = JsonAccess.Timestamp(ended.StartedAt),
            ["finishedAt"] = JsonAccess.Timestamp(ended.FinishedAt),
            ["containerID"] = id,
        },
    };

    private static string Id(ContainerLife container, string podUid, int restarts) =>
        "containerd://" + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{podUid}/{container.Plan.Name}/{restarts}"))).ToLowerInvariant();
}
