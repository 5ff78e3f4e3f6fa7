namespace MeshRoll.Sandbox.Worlds.Reading;

/// <summary>Reads the mesh of a world.</summary>
internal static class MeshReading
{
    public static WorldMesh? Read(MapReading world)
    {
        if (world.Map("mesh", "a mesh with its keys (kind, revisions, tags)") is not { } map) return null;
        var kind = map.OneOf<WorldMeshKind>("kind", lowercase: true) ?? WorldMeshKind.Istio;
        var mesh = new WorldMesh { Kind = kind, Revisions = Revisions(map), Tags = map.Texts("tags") };
        Check(mesh, map);
        map.End();
        return mesh;
    }

    private static List<WorldRevision> Revisions(MapReading mesh)
    {
        var revisions = new List<WorldRevision>();
        foreach (var map in mesh.Maps("revisions", "a revision with its keys (name, version, …)"))
        {
            var revision = new WorldRevision { Version = map.RequiredText("version"), Name = Name(map) };
            if (revisions.Any(other => other.Name == revision.Name)) map.Wrong($"there is a revision '{revision.Name}' already; revisions side by side need names.");
            revisions.Add(revision with
            {
                EarlierVersions = map.TextList("earlierVersions"),
                Hub = map.Text("hub"),
                Namespace = map.Text("namespace", DnsNames.IsLabel, "the name of a namespace"),
                Replicas = map.Number("replicas", 0, 100) ?? revision.Replicas,
                NativeSidecars = map.Flag("nativeSidecars") ?? false,
                Default = map.Flag("default") ?? false,
            });
            map.End();
        }
        return revisions;
    }

    private static string Name(MapReading revision) =>
        revision.Text("name", static name => name.Length == 0 || DnsNames.IsLabel(name), "a revision's name such as 1-27-1 (no dots), or none at all,") is { Length: > 0 } name ? name : WorldRevision.DefaultName;

    private static void Check(WorldMesh mesh, MapReading map)
    {
        var names = mesh.Revisions.Select(revision => revision.Name).ToList();
        if (names.Count == 0 && !map.Has("revisions")) map.Wrong("the key 'revisions' is missing: a mesh needs at least one, with its version.");
        else if (names.Count == 0) map.Wrong("revisions", "the list is empty: a mesh needs at least one revision, with its version.");
        if (mesh.Revisions.Count(revision => revision.Default) > 1) map.Wrong("revisions", "more than one of them is 'default: true'. Leave it to one.");

        foreach (var (tag, revision) in mesh.Tags)
        {
            if (!DnsNames.IsLabel(tag)) map.Wrong("tags", $"'{tag}' is no name for a tag: small letters, digits and '-' are allowed.");
            if (names.Contains(tag) && tag != WorldRevision.DefaultName) map.Wrong("tags", $"'{tag}' is the name of a revision, so it cannot be a tag's.");
            if (!names.Contains(revision)) map.Wrong("tags", $"the tag '{tag}' names the revision '{revision}', which is not there.{NearestWord.Suggest(revision, names)} There are {string.Join(", ", names)}.");
        }
        if (mesh.Tags.TryGetValue(WorldRevision.DefaultName, out var tagged) && mesh.Revisions.FirstOrDefault(revision => revision.Default) is { } marked && marked.Name != tagged)
            map.Wrong("tags", $"the tag 'default' names '{tagged}', but '{marked.Name}' is 'default: true'. Leave one of the two out.");

        if (mesh.Kind == WorldMeshKind.Istio) return;
        if (mesh.Revisions.Count > 1) map.Wrong("revisions", $"{mesh.Kind} has one control plane. For pods with older sidecars give it 'earlierVersions', and their workloads 'sidecar' with one of them.");
        if (mesh.Tags.Count > 0) map.Wrong("tags", $"only Istio has tags, and the mesh is {mesh.Kind}.");
    }
}
