using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Selecting;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Controllers.Endpoints;

/// <summary>Lists the pods behind each Service that selects some, ready and not (pkg/controller/endpoint).</summary>
internal sealed class EndpointsController(Cluster cluster, PodIndex pods) : Controller(cluster, ApiResources.Services)
{
    private const string HeadlessLabel = "service.kubernetes.io/headless";

    private readonly SelectorIndex _selectors = new();

    /// <inheritdoc/>
    protected override void Observe(StoreChange change)
    {
        base.Observe(change);
        var stored = change.Object;
        if (stored.Resource == Resource) _selectors.Set(stored.Namespace, stored.Name, change.Type == ChangeType.Deleted ? null : SelectorIn(stored));
        else if (stored.Resource == ApiResources.Endpoints && change.Type == ChangeType.Deleted) Enqueue(stored.Namespace, stored.Name);
        else if (stored.Resource == ApiResources.Pods) ObservePod(change);
    }

    /// <inheritdoc/>
    protected override void Reconcile(StoredObject target)
    {
        using var document = JsonDocument.Parse(target.Json);
        var spec = document.RootElement.At("spec");
        var selector = Selectors.ReadMap(spec.At("selector"));
        // Without a selector, whoever wrote the Service writes its endpoints.
        if (selector.IsNothing || spec.Text("type") == "ExternalName") return;

        var subsets = EndpointSubsets.Of(target, spec, pods.Matching(target.Namespace, selector));
        var labels = new JsonObject();
        foreach (var (key, value) in target.Labels) labels[key] = value;
        if (spec.Text("clusterIP") == "None") labels[HeadlessLabel] = "";

        if (Cluster.Store.Find(ApiResources.Endpoints, target.Namespace, target.Name) is not { } present)
        {
            var body = new JsonObject { ["metadata"] = new JsonObject { ["name"] = target.Name, ["labels"] = labels } };
            if (subsets.Count > 0) body["subsets"] = subsets;
            Cluster.Create(ApiResources.Endpoints, target.Namespace, body);
            return;
        }
        var before = present.ToJson();
        if (JsonNode.DeepEquals(before["subsets"] ?? new JsonArray(), subsets) && JsonNode.DeepEquals(before.At("metadata", "labels") ?? new JsonObject(), labels)) return;
        Cluster.Write(present, json =>
        {
            json.Object("metadata")["labels"] = labels;
            if (subsets.Count > 0) json["subsets"] = subsets;
            else json.Remove("subsets");
        });
    }

    /// <inheritdoc/>
    protected override void Forget(string @namespace, string name)
    {
        if (Cluster.Store.Find(ApiResources.Endpoints, @namespace, name) is { IsDeleting: false } left) Cluster.Delete(left);
    }

    private void ObservePod(StoreChange change)
    {
        var pod = change.Object;
        if (change.Before is { } before && change.Type == ChangeType.Modified)
        {
            if (Selectors.SameLabels(before, pod) && EndpointSubsets.LooksTheSame(before, pod)) return;
            foreach (var service in _selectors.Matching(pod.Namespace, before.Labels)) Enqueue(pod.Namespace, service);
        }
        foreach (var service in _selectors.Matching(pod.Namespace, pod.Labels)) Enqueue(pod.Namespace, service);
    }

    private static LabelSelector SelectorIn(StoredObject service)
    {
        using var document = JsonDocument.Parse(service.Json);
        return Selectors.ReadMap(document.RootElement.At("spec", "selector"));
    }
}
