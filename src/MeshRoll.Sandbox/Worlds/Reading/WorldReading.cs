using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Worlds.Reading;

/// <summary>Reads a whole world, in the order in which later parts refer to earlier ones.</summary>
internal static class WorldReading
{
    /// <summary>The keys of a scenario, for whoever begins one.</summary>
    public static IReadOnlyList<string> Keys { get; } = ["name", "description", "kubernetesVersion", "nodes", "mesh", "namespaces", "startup", "faults", "objects"];

    public static SandboxWorld Read(DataNode root, ScenarioProblems problems)
    {
        if (MapReading.Of(root, "", "a scenario with its keys (" + string.Join(", ", Keys) + ")", problems) is not { } map) return new();
        var world = new SandboxWorld
        {
            Name = map.Text("name") ?? "",
            Description = map.Text("description") ?? "",
            KubernetesVersion = map.Text("kubernetesVersion", IsVersion, "a version such as 1.31.2"),
            Nodes = Nodes(map),
            Mesh = MeshReading.Read(map),
        };
        world = world with { Namespaces = NamespaceReading.Read(map, world.Mesh), Startup = Startup(map) };
        var faults = FaultReading.Read(map);
        world = world with
        {
            Faults = faults.Cluster,
            WireFaults = faults.Wire,
            Objects = Objects(map, problems),
        };
        map.End();
        return world;
    }

    private static bool IsVersion(string text) => Version.TryParse(text.TrimStart('v'), out _);

    private static IReadOnlyList<WorldNode> Nodes(MapReading world)
    {
        if (world.Value("nodes") is not { } value) return WorldNode.Some(WorldNode.DefaultCount);
        if (value.Kind == DataKind.Scalar) return WorldNode.Some(world.Number("nodes", 1, 5000) ?? 1);

        var nodes = new List<WorldNode>();
        foreach (var map in world.Maps("nodes", "a node with its keys (name, pods, cpu, memory, labels)"))
        {
            var standard = new WorldNode { Name = map.RequiredName() };
            if (standard.Name.Length > 0 && nodes.Any(other => other.Name == standard.Name)) map.Wrong("name", $"there is a node '{standard.Name}' already.");
            nodes.Add(standard with
            {
                Pods = map.Number("pods", 0) ?? standard.Pods,
                Cpu = map.Quantity("cpu", "4 or 500m") ?? standard.Cpu,
                Memory = map.Quantity("memory", "16Gi") ?? standard.Memory,
                Labels = map.Texts("labels"),
            });
            map.End();
        }
        if (value is { Kind: DataKind.List, Items.Count: 0 }) world.Wrong("nodes", "the list is empty; a world needs a node.");
        return nodes;
    }

    private static WorldStartup Startup(MapReading world)
    {
        if (world.Map("startup", "durations (ready, stop, pull)") is not { } map) return new();
        var startup = new WorldStartup { Ready = map.Duration("ready"), Stop = map.Duration("stop"), Pull = map.Duration("pull") };
        map.End();
        return startup;
    }

    private static List<JsonObject> Objects(MapReading world, ScenarioProblems problems)
    {
        var objects = new List<JsonObject>();
        foreach (var (node, path) in world.List("objects"))
        {
            // Read as a map for its errors only: the rest of the object is the kind's own business.
            if (MapReading.Of(node, path, "a Kubernetes object with apiVersion, kind and metadata", problems) is not { } map) continue;
            var (version, kind) = (map.RequiredText("apiVersion"), map.RequiredText("kind"));
            if (version.Length > 0 && kind.Length > 0 && ApiResources.OfKind(version, kind) is null)
            {
                var served = ApiResources.All.Select(resource => $"{resource.ApiVersion} {resource.Kind}").ToList();
                map.Wrong("kind", $"the sandbox has no {version} {kind}.{NearestWord.Suggest($"{version} {kind}", served)} It has {string.Join(", ", served)}.");
            }
            if (map.Map("metadata", "metadata with a name") is { } metadata) metadata.RequiredText("name");
            else if (!map.Has("metadata")) map.Wrong("the key 'metadata' is missing.");
            if (MapReading.Json(node) is JsonObject json) objects.Add(json);
        }
        return objects;
    }
}
