using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Sidecars;

/// <summary>What a pod is to its mesh.</summary>
public enum PodMeshRole
{
    /// <summary>No proxy of its own; perhaps in an ambient mesh.</summary>
    None,

    /// <summary>An application with a sidecar.</summary>
    Sidecar,

    /// <summary>A gateway or waypoint: a proxy that is its own workload.</summary>
    Gateway,

    /// <summary>gRPC that speaks to the control plane itself: the container is there, Envoy is not.</summary>
    ProxylessGrpc,
}

/// <summary>Tells applications, gateways and proxyless gRPC apart, from labels, annotations and containers.</summary>
public static class PodMeshRoles
{
    private const string Templates = "inject.istio.io/templates";

    /// <summary>
    /// The role of a pod, or of the pods a template makes. Sources: Istio documentation, "Installing Gateways", "Kubernetes Gateway API",
    /// "Resource Annotations", "gRPC Proxyless Service Mesh"; Consul documentation, "Annotations and labels".
    /// A pod in ambient mode (ambient.istio.io/redirection) has no proxy container and so no role here.
    /// </summary>
    public static PodMeshRole Of(ObjectMeta metadata, PodSpec spec, IReadOnlyList<FoundSidecar> proxies)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(proxies);
        if (proxies.Count == 0) return PodMeshRole.None;
        return proxies[0].Mesh switch
        {
            SidecarContainers.Istio when IsProxylessGrpc(metadata) => PodMeshRole.ProxylessGrpc,
            SidecarContainers.Istio when IsGateway(metadata) || IsProxyAlone(metadata, spec) => PodMeshRole.Gateway,
            SidecarContainers.Consul when metadata.Annotations.ContainsKey("consul.hashicorp.com/gateway-kind") => PodMeshRole.Gateway,
            _ => PodMeshRole.Sidecar,
        };
    }

    /// <summary>Whether labels or annotations mark an Istio gateway.</summary>
    public static bool IsGateway(ObjectMeta metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        var labels = metadata.Labels;
        // Made for a Gateway of the Kubernetes Gateway API, waypoints included.
        if (labels.ContainsKey("gateway.networking.k8s.io/gateway-name") || labels.ContainsKey("istio.io/gateway-name")) return true;
        if (labels.ContainsKey("gateway.istio.io/managed")) return true;
        // Made by an IstioOperator: IngressGateways, EgressGateways.
        if (labels.TryGetValue("operator.istio.io/component", out var component) && component.EndsWith("Gateways", StringComparison.Ordinal)) return true;
        // The gateways Istio's own manifests have made since its beginning.
        if (labels.TryGetValue("istio", out var istio) && istio.EndsWith("gateway", StringComparison.Ordinal)) return true;
        // Made by the gateway chart, or by hand after the same documentation.
        return HasTemplate(metadata, static name => name is "gateway" or "kube-gateway" or "waypoint");
    }

    private static bool IsProxylessGrpc(ObjectMeta metadata) => HasTemplate(metadata, static name => name is "grpc-agent" or "grpc-simple");

    // A proxy that nobody injected and that serves no application.
    private static bool IsProxyAlone(ObjectMeta metadata, PodSpec spec) =>
        spec.Containers.Count == 1 && spec.Containers[0].Name == SidecarContainers.IstioProxy && !metadata.Annotations.ContainsKey(IstioStatus.Annotation);

    private static bool HasTemplate(ObjectMeta metadata, Func<string, bool> isWanted)
    {
        if (!metadata.Annotations.TryGetValue(Templates, out var templates)) return false;
        foreach (var name in templates.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (isWanted(name)) return true;
        }
        return false;
    }
}
