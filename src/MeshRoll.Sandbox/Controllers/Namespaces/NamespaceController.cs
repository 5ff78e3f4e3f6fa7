using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Controllers.Namespaces;

/// <summary>Furnishes new namespaces with what every pod needs, and empties those that are being deleted before they go.</summary>
/// <param name="cluster">The cluster.</param>
/// <param name="rootCertificate">What clients in pods are to trust, as PEM: the content of <c>kube-root-ca.crt</c>.</param>
internal sealed class NamespaceController(Cluster cluster, string rootCertificate) : Controller(cluster, ApiResources.Namespaces)
{
    private const string RootCertificates = "kube-root-ca.crt";
    private const string DefaultAccount = "default";

    private static readonly ApiResource[] Contents = [.. ApiResources.All.Where(resource => resource.Namespaced)];

    /// <inheritdoc/>
    protected override void Observe(StoreChange change)
    {
        base.Observe(change);
        var stored = change.Object;
        if (change.Type != ChangeType.Deleted || stored.Namespace.Length == 0) return;
        var isFurniture = (stored.Resource == ApiResources.ConfigMaps && stored.Name == RootCertificates)
            || (stored.Resource == ApiResources.ServiceAccounts && stored.Name == DefaultAccount)
            || ApiServerService.Is(stored);
        if (isFurniture || Cluster.Store.Find(Resource, "", stored.Namespace) is { IsDeleting: true }) Enqueue("", stored.Namespace);
    }

    /// <inheritdoc/>
    protected override void Reconcile(StoredObject target)
    {
        if (target.IsDeleting) Empty(target);
        else Furnish(target.Name);
    }

    private void Furnish(string name)
    {
        if (name == ApiServerService.Namespace) ApiServerService.Ensure(Cluster);
        if (Cluster.Store.Find(ApiResources.ServiceAccounts, name, DefaultAccount) is null)
            Cluster.Create(ApiResources.ServiceAccounts, name, new JsonObject { ["metadata"] = new JsonObject { ["name"] = DefaultAccount } });
        if (Cluster.Store.Find(ApiResources.ConfigMaps, name, RootCertificates) is not null) return;
        Cluster.Create(ApiResources.ConfigMaps, name, new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = RootCertificates,
                ["annotations"] = new JsonObject
                {
                    ["kubernetes.io/description"] = "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. "
                        + "No other usage is guaranteed across distributions of Kubernetes clusters.",
                },
            },
            ["data"] = new JsonObject { ["ca.crt"] = rootCertificate },
        });
    }

    private void Empty(StoredObject target)
    {
        var rest = 0;
        foreach (var resource in Contents)
        {
            foreach (var stored in Cluster.Store.List(resource, target.Name))
            {
                if (stored.IsDeleting || !Cluster.Delete(stored, new DeleteOptions { PropagationPolicy = "Background" }).Gone) rest++;
            }
        }
        if (rest == 0 && !target.HasFinalizers) Cluster.Store.Remove(target);
    }
}
