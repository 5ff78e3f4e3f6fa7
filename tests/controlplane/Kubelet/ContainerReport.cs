using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace MeshRoll.TestControlPlane.Kubelet;

/// <summary>What the kubelet says about one container at one moment. Times are RFC 3339, UTC, as the API wants them.</summary>
internal sealed record ContainerReport(ContainerSpec Container, string PodUid)
{
    public (string Reason, string Message)? WaitingFor { get; private init; }

    public string? RunningSince { get; private init; }

    public Termination? Ended { get; private init; }

    public Termination? EndedBefore { get; private init; }

    public bool Ready { get; private init; }

    public int Restarts { get; private init; }

    public bool EndedWell => Ended is { ExitCode: 0 };

    /// <summary>It has not run at all yet, so the whole pod is still Pending.</summary>
    public bool NeverRan => WaitingFor is not null && EndedBefore is null;

    public ContainerReport Waits(string reason, string message = "")
        => this with { WaitingFor = (reason, message), RunningSince = null, EndedBefore = Ended ?? EndedBefore, Ended = null, Ready = false };

    public ContainerReport Runs(string now, bool ready)
        => this with { WaitingFor = null, RunningSince = RunningSince ?? now, EndedBefore = Ended ?? EndedBefore, Ended = null, Ready = ready };

    public ContainerReport Ends(string now, int exitCode) => this with
    {
        WaitingFor = null,
        RunningSince = null,
        Ready = false,
        Ended = new Termination(exitCode, exitCode switch { 0 => "Completed", 137 => "OOMKilled", _ => "Error" }, RunningSince ?? now, now),
    };

    public ContainerReport Restarted() => this with { Restarts = Restarts + 1 };

    /// <summary>An init container that has done its work counts as ready.</summary>
    public ContainerReport Succeeds(string now) => Ends(now, 0) with { Ready = true };

    public JsonObject ToStatus()
    {
        var identity = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{PodUid}/{Container.Name}/{Restarts}")));
        var ran = !NeverRan;
        return new JsonObject
        {
            ["name"] = Container.Name,
            ["image"] = Container.Image,
            ["imageID"] = ran ? ImageId(Container.Image) : string.Empty,
            ["containerID"] = ran ? $"containerd://{identity}" : null,
            ["ready"] = Ready,
            ["started"] = RunningSince is not null,
            ["restartCount"] = Restarts,
            ["state"] = State(),
            ["lastState"] = EndedBefore is { } before ? Describe(before) : new JsonObject(),
        };
    }

    private static string ImageId(string image)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(image)));
        var tag = image.LastIndexOf(':');
        var repository = tag > image.LastIndexOf('/') ? image[..tag] : image;
        return image.Contains('@', StringComparison.Ordinal) ? image : $"{repository}@sha256:{digest}";
    }

    private static JsonObject Describe(Termination ended) => new()
    {
        ["terminated"] = new JsonObject
        {
            ["exitCode"] = ended.ExitCode,
            ["reason"] = ended.Reason,
            ["startedAt"] = ended.StartedAt,
            ["finishedAt"] = ended.FinishedAt,
        },
    };

    private JsonObject State()
    {
        if (Ended is { } ended)
        {
            return Describe(ended);
        }

        if (RunningSince is not null)
        {
            return new JsonObject { ["running"] = new JsonObject { ["startedAt"] = RunningSince } };
        }

        var (reason, message) = WaitingFor ?? ("ContainerCreating", string.Empty);
        var waiting = new JsonObject { ["reason"] = reason };
        if (message.Length > 0)
        {
            waiting["message"] = message;
        }

        return new JsonObject { ["waiting"] = waiting };
    }

    internal sealed record Termination(int ExitCode, string Reason, string StartedAt, string FinishedAt);
}
