using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Sidecars;

/// <summary>A proxy found in a pod.</summary>
/// <param name="Mesh">Istio, Linkerd, Consul or Custom.</param>
/// <param name="Container">The container.</param>
/// <param name="Native">Whether it is an init container that stays (Kubernetes documentation, "Sidecar Containers").</param>
public sealed record FoundSidecar(string Mesh, Container Container, bool Native);

/// <summary>Finds the proxy containers of a pod, in both container lists.</summary>
public static class SidecarContainers
{
    /// <summary>Mesh of <c>istio-proxy</c>.</summary>
    public const string Istio = "Istio";

    /// <summary>Mesh of <c>linkerd-proxy</c>.</summary>
    public const string Linkerd = "Linkerd";

    /// <summary>Mesh of <c>consul-dataplane</c> and, before Consul on Kubernetes 1.0, <c>envoy-sidecar</c>.</summary>
    public const string Consul = "Consul";

    /// <summary>A container named by the user.</summary>
    public const string Custom = "Custom";

    /// <summary>The container Istio's injector adds.</summary>
    public const string IstioProxy = "istio-proxy";

    /// <summary>
    /// The proxies of a pod, in the order Istio, Linkerd, Consul; mostly none or one. With <paramref name="customContainer"/> only that container,
    /// which is a known mesh's where its name is.
    /// </summary>
    public static IReadOnlyList<FoundSidecar> Find(PodSpec spec, string? customContainer = null)
    {
        ArgumentNullException.ThrowIfNull(spec);
        List<FoundSidecar>? found = null;
        foreach (var container in spec.Containers) Consider(container, native: false);
        foreach (var container in spec.InitContainers)
        {
            // Any other init container ended before the pod's containers began.
            if (container.RestartPolicy == "Always") Consider(container, native: true);
        }
        if (found is null) return [];
        if (found.Count > 1) found.Sort(static (a, b) => Rank(a.Mesh).CompareTo(Rank(b.Mesh)));
        return found;

        void Consider(Container container, bool native)
        {
            var mesh = MeshOf(container.Name);
            if (customContainer is not null) mesh = container.Name == customContainer ? mesh ?? Custom : null;
            if (mesh is not null) (found ??= []).Add(new(mesh, container, native));
        }
    }

    /// <summary>The mesh whose injector uses this container name; null for any other container.</summary>
    public static string? MeshOf(string container)
    {
        ArgumentNullException.ThrowIfNull(container);
        return container switch
        {
            IstioProxy => Istio,
            "linkerd-proxy" => Linkerd,
            "consul-dataplane" or "envoy-sidecar" or "consul-connect-envoy-sidecar" => Consul,
            // A pod behind several Consul services has one proxy for each: consul-dataplane-<service>.
            _ when container.StartsWith("consul-dataplane-", StringComparison.Ordinal) || container.StartsWith("envoy-sidecar-", StringComparison.Ordinal) => Consul,
            _ => null,
        };
    }

    // A custom container is the only one looked for, so it is never ranked against others.
    private static int Rank(string mesh) => mesh switch { Istio => 0, Linkerd => 1, _ => 2 };
}
