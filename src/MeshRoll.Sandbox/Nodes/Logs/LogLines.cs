using System.Globalization;
using MeshRoll.Sandbox.Api;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Nodes.Logs;

/// <summary>
/// What a container of some kind writes in a run. Nothing really runs, so these are the few lines in which such programs say that they begin, that they
/// are well and why they end; what an application has to say beyond that, the annotation <c>sandbox.meshroll.io/log</c> says.
/// </summary>
internal static class LogLines
{
    /// <summary>All lines of a run so far.</summary>
    public static IReadOnlyList<PodLogLine> Of(ContainerRun run)
    {
        var lines = new List<PodLogLine>();
        foreach (var text in Begin(run)) lines.Add(new(run.StartedAt, text));
        if (run.EndedAt is not { } ended) return lines;
        foreach (var text in End(run, ended)) lines.Add(new(ended, text));
        return lines;
    }

    private static IEnumerable<string> Begin(ContainerRun run) => run.Container switch
    {
        "istio-proxy" when run.IsMeant && run.Own.Count > 0 => [.. Istio(run.StartedAt, "info\tProxy role\ttype=sidecar", "info\tStarting proxy agent"), .. run.Own],
        "istio-proxy" when run.IsUnready => Istio(run.StartedAt, "info\tProxy role\ttype=sidecar", "info\tStarting proxy agent",
            "warn\tEnvoy proxy is NOT ready: config not received from XDS server (is Istiod running?): cds updates: 0 successful, 0 rejected; lds updates: 0 successful, 0 rejected"),
        "istio-proxy" => Istio(run.StartedAt, "info\tProxy role\ttype=sidecar", "info\tStarting proxy agent", "info\txdsproxy\tconnected to upstream XDS server", "info\tReadiness succeeded", "info\tEnvoy proxy is ready"),
        "istio-init" => ["* nat", "-N ISTIO_INBOUND", "-N ISTIO_REDIRECT", "COMMIT"],
        "discovery" => Istio(run.StartedAt, "info\tinitializing Istiod", "info\twebhook\tinitializing sidecar injector", "info\tads\tAll caches have been synced up, marking server ready"),
        "linkerd-proxy" => ["INFO ThreadId(01) linkerd2_proxy: release", "INFO ThreadId(01) linkerd2_proxy: Admin interface on 0.0.0.0:4191", "INFO ThreadId(02) daemon:identity: Certified identity"],
        "consul-dataplane" => ["[INFO]  consul-dataplane.server-connection-manager: connected to Consul server", "[INFO]  consul-dataplane: started consul-dataplane process"],
        _ => [$"starting {run.Image}", .. run.Own],
    };

    private static IEnumerable<string> End(ContainerRun run, DateTimeOffset at) => (run.Container, run.ExitCode) switch
    {
        ("istio-proxy" or "discovery", _) => Istio(at, "info\tStatus server has successfully terminated"),
        (_, 0) => ["finished"],
        // Who is killed for its memory has no last words.
        (_, 137) => [],
        var (_, code) => [string.Create(CultureInfo.InvariantCulture, $"fatal: cannot go on, ending with exit code {code}")],
    };

    private static IEnumerable<string> Istio(DateTimeOffset at, params string[] texts) => texts.Select(text => $"{JsonAccess.MicroTimestamp(at)}\t{text}");
}
