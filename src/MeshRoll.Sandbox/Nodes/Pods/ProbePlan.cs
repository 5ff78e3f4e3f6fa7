using System.Globalization;
using System.Text.Json;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Nodes.Pods;

/// <summary>When a container is asked how it is, and what a bad answer is like.</summary>
/// <param name="InitialDelay">From its start to the first question.</param>
/// <param name="Period">From question to question.</param>
/// <param name="SuccessThreshold">Good answers in a row that make it well.</param>
/// <param name="Failure">What a bad answer says.</param>
internal sealed record ProbePlan(TimeSpan InitialDelay, TimeSpan Period, int SuccessThreshold, string Failure)
{
    /// <summary>When enough questions have been answered well by a container that is well from some time on.</summary>
    public DateTimeOffset SucceedsAt(DateTimeOffset started, DateTimeOffset well)
    {
        var first = started + InitialDelay;
        if (well > first) first += Period * Math.Ceiling((well - first) / Period);
        return first + (Period * (SuccessThreshold - 1));
    }

    internal static ProbePlan? Read(JsonElement probe)
    {
        if (probe.ValueKind != JsonValueKind.Object) return null;
        var period = probe.Number("periodSeconds") is > 0 and var seconds ? seconds : 10;
        var threshold = probe.Number("successThreshold") is > 0 and var count ? count : 1;
        return new(TimeSpan.FromSeconds(probe.Number("initialDelaySeconds") ?? 0), TimeSpan.FromSeconds(period), (int)threshold, FailureOf(probe));
    }

    private static string FailureOf(JsonElement probe)
    {
        if (probe.At("tcpSocket").ValueKind == JsonValueKind.Object)
        {
            var port = probe.At("tcpSocket", "port");
            return string.Create(CultureInfo.InvariantCulture, $"dial tcp {{0}}:{port}: connect: connection refused");
        }
        if (probe.At("grpc").ValueKind == JsonValueKind.Object) return "service unhealthy (responded with \"NOT_SERVING\")";
        return probe.At("exec").ValueKind == JsonValueKind.Object ? "command exited with 1" : "HTTP probe failed with statuscode: 503";
    }
}
