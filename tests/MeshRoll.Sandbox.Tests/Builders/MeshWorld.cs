using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Mesh;
using MeshRoll.Sandbox.Mesh.Istio;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Tests.Builders;

/// <summary>A cluster with a mesh but without controllers: the pods of istiods and the Endpoints of their services are made here.</summary>
internal sealed class MeshWorld
{
    public static readonly IstiodOptions Old = new() { Version = "1.26.4" };

    public static readonly IstiodOptions New = new() { Revision = "1-27", Version = "1.27.1" };

    public MeshWorld()
    {
        World = new();
        Mesh = new(Cluster);
        CreateNamespace("istio-system");
    }

    public NodeWorld World { get; }

    public Cluster Cluster => World.Cluster;

    public MeshSet Mesh { get; }

    public void CreateNamespace(string name, params (string Key, string Value)[] labels)
    {
        var body = new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } };
        foreach (var (key, value) in labels) body.Object("metadata", "labels")[key] = value;
        Cluster.Create(ApiResources.Namespaces, "", body);
    }

    public void Label(string @namespace, string key, string? value) =>
        Cluster.Change(Cluster.Store.Find(ApiResources.Namespaces, "", @namespace)!, json => json.Object("metadata", "labels")[key] = value);

    /// <summary>Installs an istiod with ready pods.</summary>
    public MeshWorld Install(IstiodOptions istiod)
    {
        Mesh.Istio.Install(istiod);
        var pods = new List<StoredObject>();
        for (var number = 1; number <= istiod.Replicas; number++)
        {
            if (Cluster.Store.Find(ApiResources.Pods, istiod.Namespace, $"{istiod.ServiceName}-{number}") is { } present)
            {
                pods.Add(present);
                continue;
            }
            var deployment = Cluster.Store.Find(ApiResources.Deployments, istiod.Namespace, istiod.ServiceName)!.ToJson();
            var pod = deployment.At("spec", "template")!.DeepClone().AsObject();
            pod.Object("metadata")["name"] = $"{istiod.ServiceName}-{number}";
            pods.Add(Cluster.Create(ApiResources.Pods, istiod.Namespace, pod));
        }
        World.Settle();
        Serve(istiod, [.. pods.Select(pod => pod.Name)]);
        return this;
    }

    /// <summary>Sets who stands behind an istiod's service.</summary>
    public void Serve(IstiodOptions istiod, params string[] pods)
    {
        if (Cluster.Store.Find(ApiResources.Endpoints, istiod.Namespace, istiod.ServiceName) is { } old) Cluster.Delete(old);
        var addresses = new JsonArray();
        foreach (var pod in pods) addresses.Add((JsonNode)new JsonObject { ["ip"] = "10.16.0.9", ["targetRef"] = new JsonObject { ["kind"] = "Pod", ["namespace"] = istiod.Namespace, ["name"] = pod } });
        var subsets = pods.Length == 0 ? new JsonArray() : [new JsonObject { ["addresses"] = addresses, ["ports"] = new JsonArray(new JsonObject { ["port"] = 15017 }) }];
        Cluster.Create(ApiResources.Endpoints, istiod.Namespace, new JsonObject { ["metadata"] = new JsonObject { ["name"] = istiod.ServiceName }, ["subsets"] = subsets });
    }

    /// <summary>Makes a pod and returns it as it came out.</summary>
    public JsonObject Create(PodBuilder pod, string @namespace = "shop") => Cluster.Create(ApiResources.Pods, @namespace, pod).ToJson();

    /// <summary>The image of a new pod's proxy; null when it has none.</summary>
    public string? Injected(PodBuilder pod, string @namespace = "shop") => ProxyOf(Create(pod, @namespace))?.Text("image");

    public static JsonObject? ProxyOf(JsonObject pod) =>
        pod.Items("spec", "containers").Concat(pod.Items("spec", "initContainers")).SingleOrDefault(container => container.Text("name") == "istio-proxy");
}
