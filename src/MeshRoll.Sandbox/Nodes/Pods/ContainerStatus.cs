using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Nodes.Pods;

/// <summary>What the kubelet says about containers (core/v1 ContainerStatus), and reading it back.</summary>
internal static class ContainerStatus
{
    /// <summary>Writes one container's state.</summary>
    public static void Write(Utf8JsonWriter writer, ContainerReport container, string podUid)
    {
        var ran = !container.NeverRan;
        writer.WriteStartObject();
        writer.WriteString("name"u8, container.Name);
        writer.WriteStartObject("state"u8);
        WriteState(writer, container, podUid);
        writer.WriteEndObject();
        writer.WriteStartObject("lastState"u8);
        if (container.EndedBefore is { } before) WriteTerminated(writer, before, Id(container, podUid, container.Restarts - 1));
        writer.WriteEndObject();
        writer.WriteBoolean("ready"u8, container.IsReady);
        writer.WriteNumber("restartCount"u8, container.Restarts);
        writer.WriteString("image"u8, container.Image);
        writer.WriteString("imageID"u8, container.ImageId);
        if (ran) writer.WriteString("containerID"u8, Id(container, podUid, container.Restarts));
        writer.WriteBoolean("started"u8, container.IsStarted);
        writer.WriteEndObject();
    }

    private static void WriteState(Utf8JsonWriter writer, ContainerReport container, string podUid)
    {
        if (container.RunningSince is { } since)
        {
            writer.WriteStartObject("running"u8);
            writer.WriteString("startedAt"u8, JsonAccess.Timestamp(since));
        }
        else if (container.Ended is { } ended)
        {
            WriteTerminated(writer, ended, Id(container, podUid, container.Restarts));
            return;
        }
        else
        {
            writer.WriteStartObject("waiting"u8);
            writer.WriteString("reason"u8, container.WaitingReason);
            if (container.WaitingMessage.Length > 0) writer.WriteString("message"u8, container.WaitingMessage);
        }
        writer.WriteEndObject();
    }

    private static void WriteTerminated(Utf8JsonWriter writer, Termination ended, string id)
    {
        writer.WriteStartObject("terminated"u8);
        writer.WriteNumber("exitCode"u8, ended.ExitCode);
        writer.WriteString("reason"u8, ended.Reason);
        writer.WriteString("startedAt"u8, JsonAccess.Timestamp(ended.StartedAt));
        writer.WriteString("finishedAt"u8, JsonAccess.Timestamp(ended.FinishedAt));
        writer.WriteString("containerID"u8, id);
        writer.WriteEndObject();
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

    private static string Id(ContainerReport container, string podUid, int restarts) =>
        "containerd://" + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{podUid}/{container.Name}/{restarts}"))).ToLowerInvariant();
}
