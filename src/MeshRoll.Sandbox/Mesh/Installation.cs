using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Mesh;

/// <summary>Writes the objects of an installation, whether they are there already or not.</summary>
internal static class Installation
{
    /// <summary>Makes an object, or brings the one of its name to what this one says; what others have set and it does not speak of stays.</summary>
    public static void Put(this Cluster cluster, ApiResource resource, string @namespace, JsonObject body)
    {
        var name = body.Text("metadata", "name")!;
        if (cluster.Store.Find(resource, @namespace, name) is not { } present)
        {
            cluster.Create(resource, @namespace, body);
            return;
        }
        cluster.Change(present, json =>
        {
            foreach (var (key, value) in body)
            {
                if (key == "metadata") Merge(json.Object("metadata", "labels"), body.Object("metadata", "labels"));
                else if (json[key] is JsonObject known && value is JsonObject wanted) Merge(known, wanted);
                else json[key] = value?.DeepClone();
            }
        });
    }

    /// <summary>Deletes an object if it is there.</summary>
    public static void Remove(this Cluster cluster, ApiResource resource, string @namespace, string name)
    {
        if (cluster.Store.Find(resource, @namespace, name) is { } present) cluster.Delete(present);
    }

    private static void Merge(JsonObject known, JsonObject wanted)
    {
        foreach (var (key, value) in wanted)
        {
            if (known[key] is JsonObject child && value is JsonObject other) Merge(child, other);
            else known[key] = value?.DeepClone();
        }
    }
}
