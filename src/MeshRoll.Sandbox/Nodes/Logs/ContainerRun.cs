using System.Text.Json;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Nodes.Logs;

/// <summary>One run of a container, as its pod's status tells it.</summary>
/// <param name="Container">The container's name.</param>
/// <param name="Image">Its image.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When it ended; null while it runs.</param>
/// <param name="ExitCode">How it ended; means nothing while it runs.</param>
/// <param name="Own">Lines the pod's annotation has for it.</param>
internal sealed record ContainerRun(string Container, string Image, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, int ExitCode, IReadOnlyList<string> Own)
{
    /// <summary>Whether it runs and is not well.</summary>
    public bool IsUnready { get; init; }

    /// <summary>Whether the pod's annotations speak of this very container.</summary>
    public bool IsMeant { get; init; }

    /// <summary>The run whose log is asked for: the present one, or the last where there is none, or with <paramref name="previous"/> the one before.</summary>
    /// <exception cref="ApiStatusException">There is none, said as the real server says it.</exception>
    public static ContainerRun Of(StoredObject pod, string container, bool previous)
    {
        using var document = JsonDocument.Parse(pod.Json);
        var root = document.RootElement;
        var status = root.Items("status", "containerStatuses").Concat(root.Items("status", "initContainerStatuses")).FirstOrDefault(entry => entry.Text("name") == container);
        var state = status.At("state");
        var before = status.At("lastState", "terminated");
        if (previous)
        {
            // A container that waits for its next try counts its last run as the previous one.
            return before.ValueKind == JsonValueKind.Object
                ? Ended(before)
                : throw ApiStatusException.BadRequest($"previous terminated container \"{container}\" in pod \"{pod.Name}\" not found");
        }
        if (state.Time("running", "startedAt") is { } since) return New(since, null, 0);
        if (state.At("terminated") is { ValueKind: JsonValueKind.Object } terminated) return Ended(terminated);
        if (before.ValueKind == JsonValueKind.Object) return Ended(before);
        var reason = state.Text("waiting", "reason") switch
        {
            "ErrImagePull" => "image can't be pulled",
            "ImagePullBackOff" => "trying and failing to pull image",
            "" => "ContainerCreating",
            var other => other,
        };
        throw ApiStatusException.BadRequest($"container \"{container}\" in pod \"{pod.Name}\" is waiting to start: {reason}");

        ContainerRun Ended(JsonElement end) => New(end.Time("startedAt") ?? default, end.Time("finishedAt"), (int)(end.Number("exitCode") ?? 0));

        ContainerRun New(DateTimeOffset started, DateTimeOffset? ended, int exitCode)
        {
            var own = root.At("metadata", "annotations", Pods.PodBehaviour.Prefix + Pods.PodBehaviour.LogName);
            var lines = own.ValueKind == JsonValueKind.String ? own.GetString()!.TrimEnd('\n').Split('\n') : [];
            return new(container, status.Text("image"), started, ended, exitCode, lines)
            {
                IsUnready = ended is null && status.At("ready").ValueKind == JsonValueKind.False,
                IsMeant = root.At("metadata", "annotations").Text(Pods.PodBehaviour.Prefix + Pods.PodBehaviour.FaultyContainerName) == container,
            };
        }
    }
}
