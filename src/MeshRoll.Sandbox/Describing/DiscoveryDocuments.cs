using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Describing;

/// <summary>What clients read to learn what is served: <c>/api</c>, <c>/apis</c> and the paths below them down to the version.</summary>
internal sealed class DiscoveryDocuments
{
    private readonly Lazy<IReadOnlyList<ServedGroup>> _all;

    /// <param name="resources">The kinds that are kept; the questions that are only asked come on top.</param>
    public DiscoveryDocuments(IEnumerable<ApiResource> resources) => _all = new(() => ServedGroup.Of([.. resources.Select(ServedResource.Of), .. ServedResource.Reviews]));

    // Many a client never asks.
    private IReadOnlyList<ServedGroup> Groups => _all.Value;

    /// <summary>The document at a path, or null where there is none (the answer is 404).</summary>
    /// <param name="path"><c>/api</c>, <c>/apis</c>, <c>/api/v1</c>, <c>/apis/apps</c>, <c>/apis/apps/v1</c>.</param>
    /// <param name="serverAddress">Host and port under which the server is asked.</param>
    public byte[]? Find(string path, string serverAddress) => Document(path, serverAddress) is { } document ? PlainJson.Bytes(document) : null;

    /// <summary>Everything at once (apidiscovery.k8s.io APIGroupDiscoveryList), for <c>/api</c> the core group and for <c>/apis</c> the others.</summary>
    public byte[] Aggregated(string path, string version)
    {
        var isCore = path.TrimEnd('/') == "/api";
        return PlainJson.Bytes(AggregatedDiscovery.Write(Groups.Where(group => group.Name.Length == 0 == isCore), version));
    }

    private JsonObject? Document(string path, string serverAddress) => path.TrimStart('/').TrimEnd('/').Split('/') switch
    {
        ["api"] => CoreVersions(serverAddress),
        ["apis"] => new()
        {
            ["kind"] = "APIGroupList",
            ["apiVersion"] = "v1",
            ["groups"] = new JsonArray([.. Groups.Where(group => group.Name.Length > 0).Select(group => Group(group, []))]),
        },
        ["api", var version] => Resources("", version),
        ["apis", var group] when Named(group) is { } known => Group(known, new() { ["kind"] = "APIGroup", ["apiVersion"] = "v1" }),
        ["apis", var group, var version] when group.Length > 0 => Resources(group, version),
        _ => null,
    };

    private ServedGroup? Named(string name) => name.Length == 0 ? null : Groups.FirstOrDefault(group => group.Name == name);

    private static JsonObject CoreVersions(string serverAddress) => new()
    {
        ["kind"] = "APIVersions",
        ["versions"] = new JsonArray("v1"),
        ["serverAddressByClientCIDRs"] = new JsonArray(new JsonObject { ["clientCIDR"] = "0.0.0.0/0", ["serverAddress"] = serverAddress }),
    };

    private static JsonObject Group(ServedGroup group, JsonObject document)
    {
        document["name"] = group.Name;
        document["versions"] = new JsonArray([.. group.Versions.Select(version => GroupVersion(group, version))]);
        document["preferredVersion"] = GroupVersion(group, group.PreferredVersion);
        return document;
    }

    private static JsonObject GroupVersion(ServedGroup group, string version) => new() { ["groupVersion"] = $"{group.Name}/{version}", ["version"] = version };

    private JsonObject? Resources(string groupName, string version)
    {
        if (Groups.FirstOrDefault(group => group.Name == groupName) is not { } group || !group.Versions.Contains(version)) return null;

        var list = new JsonArray();
        foreach (var resource in group.In(version))
        {
            list.Add(Resource(resource));
            foreach (var subresource in resource.Subresources) list.Add(Below(resource, subresource));
        }
        var groupVersion = groupName.Length == 0 ? version : $"{groupName}/{version}";
        return new() { ["kind"] = "APIResourceList", ["apiVersion"] = "v1", ["groupVersion"] = groupVersion, ["resources"] = list };
    }

    private static JsonObject Resource(ServedResource resource)
    {
        var entry = new JsonObject
        {
            ["name"] = resource.Plural,
            ["singularName"] = resource.Singular,
            ["namespaced"] = resource.Namespaced,
            ["kind"] = resource.Kind,
            ["verbs"] = Texts(resource.Verbs),
        };
        if (resource.ShortNames.Count > 0) entry["shortNames"] = Texts(resource.ShortNames);
        if (resource.Categories.Count > 0) entry["categories"] = Texts(resource.Categories);
        return entry;
    }

    private static JsonObject Below(ServedResource resource, Subresource subresource)
    {
        var entry = new JsonObject { ["name"] = $"{resource.Plural}/{subresource.Name}", ["singularName"] = "", ["namespaced"] = resource.Namespaced };
        if (subresource.Group is not null) (entry["group"], entry["version"]) = (subresource.Group, subresource.Version);
        entry["kind"] = subresource.Kind;
        entry["verbs"] = Texts(subresource.Verbs);
        return entry;
    }

    internal static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
