using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Nodes.Pods;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Tests.Builders;

/// <summary>Pods, a few words at a time.</summary>
internal sealed class PodBuilder
{
    private readonly JsonObject _pod;

    public PodBuilder(string name = "web") => _pod = new JsonObject
    {
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = new JsonObject { ["containers"] = new JsonArray { Container("app", "shop/web:1") } },
    };

    public JsonObject Spec => _pod.Object("spec");

    public JsonObject App => Spec.Items("containers").First();

    public static JsonObject Container(string name, string image) => new() { ["name"] = name, ["image"] = image };

    public static implicit operator JsonObject(PodBuilder builder) => builder._pod;

    public PodBuilder Annotated(string name, string value)
    {
        _pod.Object("metadata", "annotations")[name.Contains('/', StringComparison.Ordinal) ? name : PodBehaviour.Prefix + name] = value;
        return this;
    }

    public PodBuilder Labelled(string name, string value)
    {
        _pod.Object("metadata", "labels")[name] = value;
        return this;
    }

    public PodBuilder Init(string name = "setup", bool sidecar = false)
    {
        var container = Container(name, $"shop/{name}:1");
        if (sidecar) container["restartPolicy"] = "Always";
        Spec.List("initContainers").Add((JsonNode)container);
        return this;
    }

    public PodBuilder With(string name, string image)
    {
        Spec.List("containers").Add((JsonNode)Container(name, image));
        return this;
    }

    public PodBuilder Image(string image)
    {
        App["image"] = image;
        return this;
    }

    public PodBuilder RestartPolicy(string policy)
    {
        Spec["restartPolicy"] = policy;
        return this;
    }

    public PodBuilder Requests(string cpu, string memory)
    {
        App["resources"] = new JsonObject { ["requests"] = new JsonObject { ["cpu"] = cpu, ["memory"] = memory } };
        return this;
    }

    public PodBuilder Probe(string kind, int initialDelay = 0, int period = 10, int successThreshold = 1, string container = "app")
    {
        var all = Spec.Items("containers").Concat(Spec.Items("initContainers"));
        all.Single(entry => entry.Text("name") == container)[kind] = new JsonObject
        {
            ["httpGet"] = new JsonObject { ["path"] = "/", ["port"] = 8080 },
            ["initialDelaySeconds"] = initialDelay,
            ["periodSeconds"] = period,
            ["successThreshold"] = successThreshold,
        };
        return this;
    }

    public PodBuilder Set(Action<JsonObject> change)
    {
        change(_pod);
        return this;
    }
}
