using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Core.Rollouts;
using static MeshRoll.Core.Preflight.ReadinessSign;

namespace MeshRoll.Core.Preflight.Rules;

/// <summary>Whether the cluster can tell when a new pod serves, and lets it get there.</summary>
internal static class ProbeRules
{
    /// <summary>A start that was never seen is taken for one of so many seconds.</summary>
    private const int UnseenStart = 30;

    // Where proxies answer for themselves: Istio's 15020, 15021 and 15090, Linkerd's 4191, Consul's 20000.
    private static readonly int[] s_proxyPorts = [15020, 15021, 15090, 4191, 20000];

    /// <summary>No readiness probe: a pod counts as ready as soon as its process runs.</summary>
    public static IEnumerable<ReadinessSign> NoReadinessProbe(ReadinessSubject subject)
    {
        foreach (var container in subject.Containers.Where(container => !container.At("readinessProbe").Is()))
        {
            // Beside others that have one, it is a helper's.
            if (subject.Containers.Any(other => other.At("readinessProbe").Is())) continue;
            var port = container.Items("ports").Select(item => item.Number("containerPort")).FirstOrDefault();
            yield return new($"container {container.Text("name")} has no readiness probe")
            {
                Severity = subject.Serves ? FindingSeverity.Error : FindingSeverity.Warning,
                Advice = port is null ? "Add a readiness probe that asks what the container serves." : "",
                Fix = port is not { } number ? null : Probe(subject, container, number),
            };
        }
    }

    /// <summary>A readiness probe that is content before the application is.</summary>
    public static IEnumerable<ReadinessSign> ReadyTooEarly(ReadinessSubject subject)
    {
        foreach (var container in subject.Containers)
        {
            if (container.At("readinessProbe") is not { ValueKind: JsonValueKind.Object } probe) continue;
            if (Tricked(probe) is not { } trick) continue;
            yield return new($"the readiness probe of container {container.Text("name")} {trick}") { Advice = "Let it ask the application for what it serves." };
        }

        string? Tricked(JsonElement probe)
        {
            var command = string.Join(' ', probe.Items("exec", "command").Select(word => word.GetString()));
            if (command is "true" or "/bin/true" or "sh -c true" or "sh -c exit 0") return $"runs '{command}', which always succeeds";
            var port = probe.Number("httpGet", "port") ?? probe.Number("tcpSocket", "port") ?? probe.Number("grpc", "port");
            if (port is { } asked && s_proxyPorts.Contains(asked)) return $"asks port {asked}, which is the proxy's and not the application's";
            if (probe.At("tcpSocket").Is() && (probe.Number("initialDelaySeconds") ?? 0) == 0 && (subject.Json.Number("spec", "minReadySeconds") ?? 0) == 0)
                return "only opens a connection, which works before the application can answer, without any delay";
            return null;
        }
    }

    /// <summary>A liveness probe that kills a pod before it has started.</summary>
    public static IEnumerable<ReadinessSign> LivenessKillsStart(ReadinessSubject subject)
    {
        var seen = SlowestStart(subject);
        foreach (var container in subject.Containers)
        {
            if (container.At("livenessProbe") is not { ValueKind: JsonValueKind.Object } probe || container.At("startupProbe").Is()) continue;
            var patience = Patience(probe);
            // Times are written in whole seconds: a start may have taken one more.
            if (seen is { } start ? start + 1 < patience * 0.8 : patience >= UnseenStart) continue;
            var known = seen is { } took ? $"its slowest pod took {Seconds(took)} to get ready" : "how long it starts is not known";
            yield return new($"the liveness probe of container {container.Text("name")} gives up after {Seconds(patience)}, there is no startup probe, and {known}")
            {
                Severity = seen > patience ? FindingSeverity.Error : FindingSeverity.Warning,
                Fix = ReadinessFix.OfContainer(subject, container, new() { ["startupProbe"] = StartupProbe(probe) }),
            };
        }
    }

    /// <summary>A progress deadline that a healthy start misses.</summary>
    public static IEnumerable<ReadinessSign> DeadlineTooShort(ReadinessSubject subject)
    {
        if (subject.Json.Number("spec", "progressDeadlineSeconds") is not { } deadline) yield break;
        var minReady = subject.Json.Number("spec", "minReadySeconds") ?? 0;
        var allowed = subject.Containers.Select(container => container.At("startupProbe")).Where(probe => probe.Is()).Select(Patience).DefaultIfEmpty(0).Max();
        var firstReady = subject.Containers.Max(container => container.Number("readinessProbe", "initialDelaySeconds"));
        var need = minReady + Math.Max(Math.Max(allowed, firstReady ?? 0), (int)Math.Ceiling(SlowestStart(subject) ?? 0));
        if (need < deadline) yield break;
        yield return new($"progressDeadlineSeconds is {deadline}, and a pod may need {Seconds(need)} until it counts (startup, delays, minReadySeconds)")
        {
            Fix = ReadinessFix.OfSpec(subject, new() { ["progressDeadlineSeconds"] = need * 2 }),
        };
    }

    /// <summary>Pods that are not ready before anything was restarted.</summary>
    public static IEnumerable<ReadinessSign> NotReadyAlready(ReadinessSubject subject) => Unless(subject.Pods, pods =>
    {
        var ready = pods.Count(pod => pod.Status.Conditions.Any(condition => condition is { Type: "Ready", Status: "True" }));
        if (subject.Replicas == 0 || ready >= subject.Replicas) return [];
        return [new($"{ready} of {subject.Replicas} pods are ready") { Severity = ready == 0 ? FindingSeverity.Error : FindingSeverity.Warning, Advice = "Get-MeshRolloutDiagnosis tells why." }];
    });

    /// <summary>How long the slowest pod took from the start of its containers to being ready, as far as that is still to be seen: of pods that never restarted.</summary>
    internal static double? SlowestStart(ReadinessSubject subject)
    {
        double? slowest = null;
        foreach (var pod in subject.Pods.Value ?? [])
        {
            if (pod.Status.ContainerStatuses.Any(status => status.RestartCount > 0)) continue;
            var ready = pod.Status.Conditions.FirstOrDefault(condition => condition is { Type: "Ready", Status: "True" })?.LastTransitionTime;
            var started = pod.Status.ContainerStatuses.Select(status => status.State.Running?.StartedAt).Max();
            // A pod that was unready in between says nothing of its start.
            if (ready is not { } end || started is not { } begin || end < begin || end - begin > TimeSpan.FromHours(1)) continue;
            slowest = Math.Max(slowest ?? 0, (end - begin).TotalSeconds);
        }
        return slowest;
    }

    // Where the application answers only its owner knows: a wrong path, applied, is a rollout that never ends.
    private static ReadinessFix? Probe(ReadinessSubject subject, JsonElement container, int port) =>
        ReadinessFix.OfContainer(subject, container, new() { ["readinessProbe"] = new JsonObject { ["httpGet"] = new JsonObject { ["path"] = "/ready", ["port"] = port }, ["periodSeconds"] = 5 } }) is { } fix
            ? fix with { Caution = $"The path /ready on port {port} is a guess: see that the application answers there.", IsGuess = true }
            : null;

    private static int Patience(JsonElement probe) =>
        (probe.Number("initialDelaySeconds") ?? 0) + ((probe.Number("periodSeconds") ?? 10) * (probe.Number("failureThreshold") ?? 3));

    // The same question, asked for five minutes.
    private static JsonObject StartupProbe(JsonElement liveness)
    {
        var probe = JsonObject.Create(liveness)!.DeepClone().AsObject();
        probe.Remove("initialDelaySeconds");
        probe["periodSeconds"] = 5;
        probe["failureThreshold"] = 60;
        probe["successThreshold"] = 1;
        return probe;
    }

    private static string Seconds(double seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.#} s");
}
