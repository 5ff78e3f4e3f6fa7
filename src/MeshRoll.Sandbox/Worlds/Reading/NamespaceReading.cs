namespace MeshRoll.Sandbox.Worlds.Reading;

/// <summary>Reads the namespaces of a world.</summary>
internal static class NamespaceReading
{
    public static List<WorldNamespace> Read(MapReading world, WorldMesh? mesh)
    {
        var namespaces = new List<WorldNamespace>();
        foreach (var map in world.Maps("namespaces", "a namespace with its keys (name, revision, workloads, …)"))
        {
            var name = map.RequiredName();
            if (name.Length > 0 && namespaces.Any(other => other.Name == name)) map.Wrong("name", $"there is a namespace '{name}' already. Put all its workloads under one.");
            namespaces.Add(new()
            {
                Name = name,
                Revision = Revision(map, mesh),
                Injection = Injection(map, mesh),
                Labels = map.Texts("labels"),
                Annotations = map.Texts("annotations"),
                Quota = Quota(map),
                Workloads = WorkloadReading.Read(map, name, mesh),
            });
            map.End();
        }
        return namespaces;
    }

    private static string? Revision(MapReading map, WorldMesh? mesh)
    {
        if (map.Text("revision") is not { } revision) return null;
        if (mesh is null) map.Wrong("revision", "the world has no mesh. Give it one (key 'mesh'), or leave this out.");
        else if (mesh.Kind != WorldMeshKind.Istio) map.Wrong("revision", $"only Istio has revisions, and the mesh is {mesh.Kind}. Write 'injection: enabled' instead.");
        else if (mesh.Find(revision) is null) map.Wrong("revision", $"the mesh has no revision and no tag '{revision}'.{NearestWord.Suggest(revision, Known(mesh))} There are {string.Join(", ", Known(mesh))}.");
        return revision.Length == 0 ? WorldRevision.DefaultName : revision;
    }

    private static WorldInjection Injection(MapReading map, WorldMesh? mesh)
    {
        var injection = map.OneOf<WorldInjection>("injection", lowercase: true) ?? WorldInjection.None;
        if (injection != WorldInjection.Enabled) return injection;
        if (mesh is null) map.Wrong("injection", "the world has no mesh. Give it one (key 'mesh'), or leave this out.");
        else if (mesh is { Kind: WorldMeshKind.Istio, Revisions.Count: > 0, DefaultRevision: null }) map.Wrong("injection", "no revision is the default one, so nothing would be injected. Write 'revision' instead, or 'default: true' at a revision of the mesh.");
        return injection;
    }

    private static int? Quota(MapReading map)
    {
        if (map.Value("quota") is { Kind: DataKind.Scalar }) return map.Number("quota", 0);
        if (map.Map("quota", "a number of pods, or a map with the key 'pods',") is not { } quota) return null;
        var pods = quota.Number("pods", 0);
        if (!quota.Has("pods")) quota.Wrong("the key 'pods' is missing.");
        quota.End();
        return pods;
    }

    /// <summary>What a namespace or a workload may name.</summary>
    internal static IReadOnlyList<string> Known(WorldMesh mesh) =>
        [.. mesh.Revisions.Select(revision => revision.Name).Concat(mesh.Tags.Keys).Distinct()];
}
