using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Api;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Worlds.Building;

/// <summary>
/// Brings a world up as one that has been running for days: its past is played in virtual time, with the real controllers and the real injection, so
/// that at the end everything is as it would be. A workload is made at its age, while its namespace is marked for the revision that is to inject it;
/// at the end the namespaces are marked as the data say they are today.
/// </summary>
/// <param name="cluster">The cluster, empty and not started.</param>
/// <param name="components">What else takes part.</param>
internal sealed class WorldBuilder(Cluster cluster, IWorldComponents components)
{
    /// <summary>From the start of the cluster to the oldest workload.</summary>
    private static readonly TimeSpan Lead = TimeSpan.FromHours(2);

    /// <summary>How long the world may take to calm down; what has not come up by then never will.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    private static readonly string[] AlwaysThere = ["default", "kube-node-lease", "kube-public", "kube-system"];

    private readonly Dictionary<WorldRevision, string> _installed = [];
    private SandboxWorld _world = new();
    private DateTimeOffset _present;

    /// <summary>Builds a world.</summary>
    /// <param name="world">Its data.</param>
    /// <param name="present">The time at which it is to begin.</param>
    /// <exception cref="SandboxException">An object of it is refused.</exception>
    public void Build(SandboxWorld world, DateTimeOffset present)
    {
        (_world, _present) = (world, present);
        (components.RecordsEvents, components.IsInstant) = (false, true);
        var steps = PastStep.Of(world);
        // What the components have planned since they were put together would otherwise wait for the present, and all the past with it.
        cluster.Simulation.Settle(TimeSpan.Zero);
        cluster.Simulation.SetTime(present - Lead - (steps.Count > 0 ? steps[0].Age : TimeSpan.Zero));

        foreach (var node in world.Nodes) components.AddNode(node);
        foreach (var home in Namespaces()) Create(ApiResources.Namespaces, "", home, $"Namespace {home.Text("metadata", "name")}");
        Settle();
        foreach (var revision in world.Mesh?.Revisions ?? []) Install(revision, revision.Version);
        foreach (var step in steps) Play(step);
        BringToToday();
        (components.RecordsEvents, components.IsInstant) = (true, false);
        components.AddFaults(world);
    }

    private IEnumerable<JsonObject> Namespaces()
    {
        var mesh = _world.Mesh is { } one ? one.Revisions.Select(revision => revision.Namespace ?? DefaultNamespace(one.Kind)) : [];
        foreach (var name in AlwaysThere.Concat(mesh).Concat(_world.Namespaces.Select(home => home.Name)).Distinct())
        {
            var data = _world.Namespaces.FirstOrDefault(home => home.Name == name) ?? new() { Name = name };
            var labels = WorkloadManifest.Map(data.Labels);
            labels["kubernetes.io/metadata.name"] = name;
            yield return new() { ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = labels, ["annotations"] = WorkloadManifest.Map(data.Annotations) } };
        }
    }

    /// <summary>Where a mesh lives that does not say.</summary>
    public static string DefaultNamespace(WorldMeshKind mesh) => mesh switch
    {
        WorldMeshKind.Linkerd => "linkerd",
        WorldMeshKind.Consul => "consul",
        _ => "istio-system",
    };

    private void Install(WorldRevision revision, string version)
    {
        if (_installed.GetValueOrDefault(revision) == version) return;
        // One that has no pods today injected its workloads when it still had some.
        var working = revision with { Replicas = Math.Max(1, revision.Replicas) };
        Guarded($"the mesh's revision {revision.Name}", () => components.InstallMesh(_world.Mesh!, working, version));
        _installed[revision] = version;
        Settle();
    }

    private void Play(PastStep step)
    {
        // Time only goes on: what is made late in its turn is that much younger.
        var begin = _present - step.Age;
        if (begin > cluster.Now) cluster.Simulation.SetTime(begin);
        if (step.Origin is { Revision: { } revision, Version: { } version }) Install(revision, version);
        Mark(step.Home, metadata => InjectionMarks.SetPast(metadata, _world.Mesh, step.Home, step.Origin.Revision));
        foreach (var workload in step.Workloads)
        {
            var (resource, mesh) = (WorkloadManifest.ResourceOf(workload.Kind), _world.Mesh?.Kind ?? WorldMeshKind.Istio);
            Create(resource, step.Home.Name, WorkloadManifest.Of(workload, step.Home.Name, mesh), $"{resource.Kind} {step.Home.Name}/{workload.Name}");
            foreach (var (kind, companion) in Companions.Of(workload)) Create(kind, step.Home.Name, companion, $"{kind.Kind} {step.Home.Name}/{workload.Name}");
        }
        Settle();
    }

    private void BringToToday()
    {
        foreach (var revision in _world.Mesh?.Revisions ?? []) Install(revision, revision.Version);
        foreach (var (tag, revision) in Tags()) Guarded($"the mesh's tag {tag}", () => components.SetTag(_world.Mesh!, tag, revision));
        foreach (var home in _world.Namespaces)
        {
            Mark(home, metadata => InjectionMarks.SetToday(metadata, _world.Mesh, home));
            if (home.Quota is { } pods) Create(ApiResources.ResourceQuotas, home.Name, Quota(pods), $"ResourceQuota {home.Name}/pods");
            foreach (var workload in home.Workloads.Where(workload => workload.Paused)) Pause(home, workload);
        }
        foreach (var json in _world.Objects) CreateGiven(json);
        foreach (var revision in _world.Mesh?.Revisions.Where(revision => revision.Replicas == 0) ?? [])
            Guarded($"the mesh's revision {revision.Name}", () => components.InstallMesh(_world.Mesh!, revision, revision.Version));
        Settle();
        if (cluster.Now < _present) cluster.Simulation.SetTime(_present);
    }

    private IEnumerable<(string Tag, WorldRevision Revision)> Tags()
    {
        if (_world.Mesh is not { } mesh) yield break;
        foreach (var (tag, name) in mesh.Tags)
        {
            if (mesh.Own(name) is { } revision) yield return (tag, revision);
        }
        if (!mesh.Tags.ContainsKey(WorldRevision.DefaultName) && mesh.Revisions.FirstOrDefault(revision => revision is { Default: true, IsNameless: false }) is { } standard)
            yield return (WorldRevision.DefaultName, standard);
    }

    private void Pause(WorldNamespace home, WorldWorkload workload)
    {
        var resource = WorkloadManifest.ResourceOf(workload.Kind);
        if (cluster.Store.Find(resource, home.Name, workload.Name) is { } stored) cluster.Change(stored, json => json.Object("spec")["paused"] = true);
    }

    private void Mark(WorldNamespace home, Action<JsonObject> mark)
    {
        if (cluster.Store.Find(ApiResources.Namespaces, "", home.Name) is not { } stored) return;
        cluster.Change(stored, json => mark(json.Object("metadata")));
    }

    private static JsonObject Quota(int pods) => new()
    {
        ["metadata"] = new JsonObject { ["name"] = "pods" },
        ["spec"] = new JsonObject { ["hard"] = new JsonObject { ["pods"] = pods.ToString(System.Globalization.CultureInfo.InvariantCulture) } },
    };

    private void CreateGiven(JsonObject given)
    {
        // The world's data may be used for another sandbox.
        var json = given.DeepClone().AsObject();
        var resource = ApiResources.OfKind(json.Text("apiVersion") ?? "", json.Text("kind") ?? "")
            ?? throw Refused($"{json.Text("kind")} {json.Text("metadata", "name")}", $"the sandbox has no {json.Text("apiVersion")} {json.Text("kind")}", null);
        var @namespace = resource.Namespaced ? json.Text("metadata", "namespace") ?? "default" : "";
        Create(resource, @namespace, json, $"{resource.Kind} {(@namespace.Length > 0 ? @namespace + "/" : "")}{json.Text("metadata", "name")}");
    }

    // As a client's object would be held: else a template that a client writes back unchanged would differ from it by an empty map.
    private StoredObject Create(ApiResource resource, string @namespace, JsonObject json, string what) => Guarded(what, () =>
    {
        ClientObject.Tidy(resource, json);
        return cluster.Create(resource, @namespace, json);
    });

    private T Guarded<T>(string what, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (ApiStatusException e)
        {
            throw Refused(what, e.Message, e);
        }
    }

    private void Guarded(string what, Action work) => Guarded(what, () =>
    {
        work();
        return true;
    });

    private SandboxException Refused(string what, string why, Exception? inner) =>
        new("MeshRoll.SandboxScenarioInvalid", $"The world '{_world.Name}' cannot be built: {what} is refused: {why.TrimEnd('.')}. Correct it in the scenario.", inner);

    private void Settle()
    {
        var left = _present - cluster.Now;
        if (left >= TimeSpan.Zero) cluster.Simulation.Settle(left < Patience ? left : Patience);
    }
}
