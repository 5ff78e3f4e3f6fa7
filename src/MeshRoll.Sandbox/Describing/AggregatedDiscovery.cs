using System.Text.Json.Nodes;

namespace MeshRoll.Sandbox.Describing;

/// <summary>Discovery in one document, which kubectl from 1.27 on asks for (apidiscovery.k8s.io v2, before 1.30 v2beta1; both have the same shape).</summary>
internal static class AggregatedDiscovery
{
    /// <summary>Writes the document.</summary>
    public static JsonObject Write(IEnumerable<ServedGroup> groups, string version) => new()
    {
        ["kind"] = "APIGroupDiscoveryList",
        ["apiVersion"] = $"apidiscovery.k8s.io/{version}",
        ["metadata"] = new JsonObject(),
        ["items"] = new JsonArray([.. groups.Select(Group)]),
    };

    private static JsonObject Group(ServedGroup group) => new()
    {
        ["metadata"] = new JsonObject { ["name"] = group.Name, ["creationTimestamp"] = null },
        ["versions"] = new JsonArray([.. group.Versions.Select(version => new JsonObject
        {
            ["version"] = version,
            ["resources"] = new JsonArray([.. group.In(version).Select(resource => Resource(group, version, resource))]),
            ["freshness"] = "Current",
        })]),
    };

    private static JsonObject Resource(ServedGroup group, string version, ServedResource resource)
    {
        var entry = new JsonObject
        {
            ["resource"] = resource.Plural,
            ["responseKind"] = Kind(group.Name, version, resource.Kind),
            ["scope"] = resource.Namespaced ? "Namespaced" : "Cluster",
            ["singularResource"] = resource.Singular,
            ["verbs"] = DiscoveryDocuments.Texts(resource.Verbs),
        };
        if (resource.ShortNames.Count > 0) entry["shortNames"] = DiscoveryDocuments.Texts(resource.ShortNames);
        if (resource.Categories.Count > 0) entry["categories"] = DiscoveryDocuments.Texts(resource.Categories);
        if (resource.Subresources.Count > 0)
        {
            entry["subresources"] = new JsonArray([.. resource.Subresources.Select(subresource => new JsonObject
            {
                ["subresource"] = subresource.Name,
                ["responseKind"] = Kind(subresource.Group ?? group.Name, subresource.Version ?? version, subresource.Kind),
                ["verbs"] = DiscoveryDocuments.Texts(subresource.Verbs),
            })]);
        }
        return entry;
    }

    private static JsonObject Kind(string group, string version, string kind) => new() { ["group"] = group, ["version"] = version, ["kind"] = kind };
}
