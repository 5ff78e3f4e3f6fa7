using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Sidecars;
using static MeshRoll.Core.Preflight.ReadinessSign;

namespace MeshRoll.Core.Preflight.Rules;

/// <summary>Whether an old pod ends without dropping what is on its way.</summary>
internal static partial class ShutdownRules
{
    private const string ProxyConfig = "proxy.istio.io/config";
    private const string LinkerdWait = "config.alpha.linkerd.io/proxy-wait-before-exit-seconds";
    private const string ConsulGrace = "consul.hashicorp.com/sidecar-proxy-lifecycle-shutdown-grace-period-seconds";
    private const int ShortGrace = 10;
    private const int DrainSeconds = 10;

    private static readonly string[] s_longProtocols = ["grpc", "http2", "ws", "wss", "tcp", "mysql", "mongo", "redis", "amqp", "kafka"];

    /// <summary>Neither the application nor the proxy waits before it closes.</summary>
    public static IEnumerable<ReadinessSign> NoDrain(ReadinessSubject subject)
    {
        if (!subject.Serves || subject.Containers.Any(container => container.At("lifecycle", "preStop").Is())) return [];
        if (OwnDrain(subject) is > 5) return [];
        if (subject.Mesh == SidecarContainers.Istio && !subject.Proxy.Is) return [NotChecked(subject.Proxy.Problem)];
        if (subject.Mesh == SidecarContainers.Istio && subject.Proxy.Value!.DrainSeconds > 5) return [];
        return
        [
            .. subject.Containers.Take(1).Select(container => new ReadinessSign($"container {container.Text("name")} has no preStop, and no proxy setting makes connections drain")
            {
                Fix = Pause(subject, container),
            }),
        ];
    }

    /// <summary>A preStop that outlasts the time a pod has.</summary>
    public static IEnumerable<ReadinessSign> PreStopTooLong(ReadinessSubject subject)
    {
        foreach (var container in subject.Containers)
        {
            if (PreStopSeconds(container) is not { } wait || wait < subject.GracePeriod) continue;
            yield return new($"preStop of container {container.Text("name")} waits {wait} s, and the pod has {subject.GracePeriod} s to end (terminationGracePeriodSeconds)")
            {
                Fix = ReadinessFix.OfPods(subject, new() { ["terminationGracePeriodSeconds"] = wait + 20 }),
            };
        }
    }

    /// <summary>Little time to end.</summary>
    public static IEnumerable<ReadinessSign> GracePeriodShort(ReadinessSubject subject)
    {
        if (subject.GracePeriod >= ShortGrace) yield break;
        yield return new($"terminationGracePeriodSeconds is {subject.GracePeriod}")
        {
            Severity = subject.GracePeriod == 0 ? FindingSeverity.Error : FindingSeverity.Warning,
            Fix = ReadinessFix.OfPods(subject, new() { ["terminationGracePeriodSeconds"] = 30 }),
        };
    }

    /// <summary>Connections that last longer than a pod has to end.</summary>
    public static IEnumerable<ReadinessSign> LongConnections(ReadinessSubject subject)
    {
        var names = subject.Containers.SelectMany(container => container.Items("ports")).Select(port => port.Text("name") ?? "")
            .Concat((subject.Services.Value ?? []).SelectMany(service => service.Json.Items("spec", "ports")).Select(port => port.Text("appProtocol") ?? port.Text("name") ?? ""));
        var found = names.FirstOrDefault(name => s_longProtocols.Any(protocol => name.Equals(protocol, StringComparison.OrdinalIgnoreCase) || name.StartsWith(protocol + "-", StringComparison.OrdinalIgnoreCase)));
        if (found is null || OwnDrain(subject) is not null || subject.GracePeriod > 60) yield break;
        yield return new($"port {found} carries connections that last, and pods have {subject.GracePeriod} s to end them")
        {
            Advice = "Let clients reconnect (gRPC: MAX_CONNECTION_AGE), or give pods more time to end.",
        };
    }

    /// <summary>Linkerd ends with the first signal, whatever the application still does.</summary>
    public static IEnumerable<ReadinessSign> LinkerdEndsEarly(ReadinessSubject subject)
    {
        if (subject.Mesh != SidecarContainers.Linkerd || subject.NativeSidecar || subject.Annotation(LinkerdWait) is not null) return [];
        return subject.Containers.Select(PreStopSeconds).Max() is not { } wait ? []
            : [new($"the application waits {wait} s in preStop, and Linkerd's proxy ends at once") { Fix = ReadinessFix.OfPodAnnotation(subject, LinkerdWait, (wait + 5).ToString(CultureInfo.InvariantCulture)) }];
    }

    /// <summary>Consul ends with the first signal unless its lifecycle is managed.</summary>
    public static IEnumerable<ReadinessSign> ConsulEndsEarly(ReadinessSubject subject)
    {
        if (subject.Mesh != SidecarContainers.Consul || subject.NativeSidecar || subject.Annotation(ConsulGrace) is not null || !subject.Serves) return [];
        return [new("Consul's proxy ends at once, before the application has answered what is on its way") { Fix = ReadinessFix.OfPodAnnotation(subject, ConsulGrace, "15") }];
    }

    // A pod that has no more time than the pause takes would be killed in the middle of it.
    private static ReadinessFix? Pause(ReadinessSubject subject, JsonElement container) =>
        ReadinessFix.OfContainer(
            subject, container,
            new() { ["lifecycle"] = new JsonObject { ["preStop"] = new JsonObject { ["exec"] = new JsonObject { ["command"] = new JsonArray("sleep", $"{DrainSeconds}") } } } },
            subject.GracePeriod <= DrainSeconds ? new() { ["terminationGracePeriodSeconds"] = 30 } : null) is { } fix
            ? fix with { Caution = "The image needs a command sleep." }
            : null;

    /// <summary>How long a preStop waits at least; null for none, or where it cannot be seen.</summary>
    internal static int? PreStopSeconds(JsonElement container)
    {
        var hook = container.At("lifecycle", "preStop");
        if (hook.Number("sleep", "seconds") is { } seconds) return seconds;
        var command = string.Join(' ', hook.Items("exec", "command").Select(word => word.GetString()));
        return Sleep().Match(command) is { Success: true } sleep ? int.Parse(sleep.Groups[1].Value, CultureInfo.InvariantCulture) : null;
    }

    /// <summary>What the pod itself asks of its proxy.</summary>
    private static int? OwnDrain(ReadinessSubject subject)
    {
        if (subject.Mesh == SidecarContainers.Linkerd) return int.TryParse(subject.Annotation(LinkerdWait), out var wait) ? wait : null;
        if (subject.Mesh == SidecarContainers.Consul) return int.TryParse(subject.Annotation(ConsulGrace), out var grace) ? grace : null;
        return subject.Annotation(ProxyConfig) is { } config ? ProxyConfigText.DrainSeconds(config) : null;
    }

    [GeneratedRegex(@"(?:^|[\s;&(])sleep\s+(\d+)s?\b")]
    private static partial Regex Sleep();
}
