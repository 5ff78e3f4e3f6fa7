using System.Text.Json;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Sidecars;
using static MeshRoll.Core.Preflight.ReadinessSign;

namespace MeshRoll.Core.Preflight.Rules;

/// <summary>Whether requests find the new pods, and the application its proxy.</summary>
internal static class TrafficRules
{
    private const string ProxyConfig = "proxy.istio.io/config";

    /// <summary>The application may start before its proxy does.</summary>
    public static IEnumerable<ReadinessSign> ProxyNotAwaited(ReadinessSubject subject)
    {
        if (subject.NativeSidecar) return [];
        if (subject.Mesh == SidecarContainers.Linkerd && subject.Annotation("config.linkerd.io/proxy-await") == "disabled")
            return [new("config.linkerd.io/proxy-await is disabled: the application starts before its proxy") { Fix = ReadinessFix.OfPodAnnotation(subject, "config.linkerd.io/proxy-await", "enabled") }];
        if (subject.Mesh != SidecarContainers.Istio) return [];
        if (subject.Annotation(ProxyConfig) is { } own && ProxyConfigText.HoldsApplication(own) is { } wish)
            return wish ? [] : [new("the pod's annotation proxy.istio.io/config switches holdApplicationUntilProxyStarts off") { Advice = "Take it out of the annotation." }];
        return Unless(subject.Proxy, proxy => proxy.HoldsApplication ? [] : [new ReadinessSign("holdApplicationUntilProxyStarts is off in the mesh, and the pod does not ask for it")
        {
            Fix = subject.Annotation(ProxyConfig) is null ? ReadinessFix.OfPodAnnotation(subject, ProxyConfig, "holdApplicationUntilProxyStarts: true") : null,
            Advice = subject.Annotation(ProxyConfig) is null ? "" : "Add holdApplicationUntilProxyStarts: true to the annotation proxy.istio.io/config.",
        }]);
    }

    /// <summary>Services with nobody behind them.</summary>
    public static IEnumerable<ReadinessSign> ServiceWithoutEndpoints(ReadinessSubject subject) => Unless(subject.Services, services => services.SelectMany(service =>
    {
        if (subject.Replicas == 0) return [];
        var name = service.Json.Text("metadata", "name");
        return service.ReadyAddresses switch
        {
            null => [NotChecked($"the endpoints of service {name} cannot be read")],
            0 => [new ReadinessSign($"service {name} selects its pods and has no ready address") { Advice = "Check the service's ports and the readiness of the pods.", About = ("Service", name ?? "") }],
            _ => Enumerable.Empty<ReadinessSign>(),
        };
    }));

    /// <summary>Routes that do not try again elsewhere.</summary>
    public static IEnumerable<ReadinessSign> NoRetries(ReadinessSubject subject)
    {
        if (subject.Mesh != SidecarContainers.Istio || subject.Routes is not { } routes || subject.Services is not { Is: true, Value.Count: > 0 }) return [];
        var names = subject.Services.Value!.Select(service => service.Json.Text("metadata", "name") ?? "").ToList();
        return Unless(routes, found => found.SelectMany(route => Judge(route, names, subject.Workload.Namespace)));
    }

    private static IEnumerable<ReadinessSign> Judge(JsonElement route, List<string> services, string @namespace)
    {
        var (kind, name) = (route.Text("kind") ?? "", route.Text("metadata", "name") ?? "");
        if (kind == "DestinationRule")
        {
            if (!IsMeant(route.Text("spec", "host")) || route.At("spec", "trafficPolicy", "outlierDetection").Is()) yield break;
            yield return new($"DestinationRule {name} has no outlierDetection: a pod that fails keeps its share of the requests") { Severity = FindingSeverity.Information, About = (kind, name), Advice = "Add trafficPolicy.outlierDetection." };
            yield break;
        }
        foreach (var rule in route.Items("spec", "http"))
        {
            if (!rule.Items("route").Any(target => IsMeant(target.Text("destination", "host")))) continue;
            if (rule.Number("retries", "attempts") is 0)
                yield return new($"VirtualService {name} switches retries off (attempts: 0)") { About = (kind, name), Advice = "Leave retries out for the mesh's own, or give it attempts." };
            else if (!rule.At("retries").Is())
                yield return new($"VirtualService {name} says nothing of retries: the mesh's own are used") { Severity = FindingSeverity.Information, About = (kind, name), Advice = "Give it retries with perTryTimeout, where requests may be repeated." };
        }

        bool IsMeant(string? host) => host is not null && services.Exists(service => host == service || host == $"{service}.{@namespace}" || host.StartsWith($"{service}.{@namespace}.svc", StringComparison.Ordinal));
    }
}
