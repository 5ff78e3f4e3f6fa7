using System.Text.Json;
using MeshRoll.Sandbox.Admission;
using MeshRoll.Sandbox.Mesh.Webhooks;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Mesh.Istio;

/// <summary>
/// Plays the injector in an istiod pod: the pod's label tells its revision, the revision's ConfigMap what is injected. So an upgrade in place, a service
/// that selects another revision's pods, or a webhook that points elsewhere changes what new pods get, as with the real one.
/// </summary>
internal sealed class IstioInjector(Cluster cluster) : IInjector
{
    private readonly Dictionary<string, (StoredObject Map, InjectorConfig Config)> _known = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public bool Is(StoredObject pod) => pod.Labels.GetValueOrDefault("app") == "istiod";

    /// <inheritdoc/>
    public bool IsTrusted(StoredObject pod, string authority)
    {
        return cluster.Store.Find(ApiResources.Secrets, pod.Namespace, MeshAuthority.SecretName) is not { } secret || secret.As<Secret>().Authority == authority;
    }

    /// <inheritdoc/>
    public void Inject(StoredObject injector, string path, AdmissionRequest request)
    {
        if (!path.StartsWith("/inject", StringComparison.Ordinal)) throw new WebhookFailure("failed to call webhook: the server could not find the requested resource");
        if (request.Resource != ApiResources.Pods) return;
        var config = ConfigOf(injector);
        if (InjectionPolicy.Wants(request.Object, request.Namespace, config)) SidecarInjection.Apply(request.Object, request.Namespace, config, WorkloadOf(request));
    }

    /// <summary>The ConfigMap that a pod of istiod injects by; null where there is none.</summary>
    public StoredObject? MapOf(StoredObject istiod)
    {
        var revision = istiod.Labels.GetValueOrDefault("istio.io/rev") ?? IstiodOptions.DefaultRevision;
        var name = "istio-sidecar-injector" + (revision is IstiodOptions.DefaultRevision or "" ? "" : "-" + revision);
        return cluster.Store.Find(ApiResources.ConfigMaps, istiod.Namespace, name);
    }

    private InjectorConfig ConfigOf(StoredObject istiod)
    {
        var map = MapOf(istiod) ?? throw WebhookFailure.Refused("no sidecar injector configuration");
        if (_known.TryGetValue(map.Uid, out var known) && known.Map == map) return known.Config;
        try
        {
            var config = InjectorConfig.Read(map);
            _known[map.Uid] = (map, config);
            return config;
        }
        catch (JsonException)
        {
            throw WebhookFailure.Refused($"could not parse the values of {map.Name}");
        }
    }

    /// <summary>The workload a pod belongs to, by its owners: the Deployment rather than its ReplicaSet.</summary>
    private string WorkloadOf(AdmissionRequest request)
    {
        var owner = request.Object["metadata"].Items("ownerReferences").FirstOrDefault(reference => reference.Flag("controller"));
        if (owner is null) return request.Object.Text("metadata", "name") ?? "";
        var name = owner.Text("name") ?? "";
        if (owner.Text("kind") != "ReplicaSet" || cluster.Store.FindByUid(owner.Text("uid") ?? "") is not { } set) return name;
        return cluster.Store.FindByUid(set.ControllerUid) is { } deployment ? deployment.Name : name;
    }

    /// <summary>The authority in istiod's Secret.</summary>
    private sealed record Secret(string Authority) : IObjectView<Secret>
    {
        public static Secret Read(JsonElement root) => new(MeshAuthority.Decode(root.Text("data", MeshAuthority.SecretKey)));
    }
}
