using System.Text.Json.Nodes;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.ControlPlane.Injectors.Backup;

/// <summary>An object as it stands in a backup: with its kind, and without what only the server that stored it can say.</summary>
internal static class BackupObject
{
    // Owners are other objects' uids: a webhook whose owner is gone would be collected as soon as it is restored.
    private static readonly string[] s_ofTheServer =
        ["resourceVersion", "uid", "managedFields", "generation", "creationTimestamp", "selfLink", "deletionTimestamp", "deletionGracePeriodSeconds", "ownerReferences", "finalizers"];

    /// <summary>The object, cleaned.</summary>
    public static JsonObject Clean(RawObject raw, Resource<RawObject> resource)
    {
        JsonObject clean = new() { ["apiVersion"] = resource.GroupVersion, ["kind"] = resource.Kind };
        foreach (var (name, value) in JsonObject.Create(raw.Json)!)
        {
            if (name is not ("apiVersion" or "kind" or "status")) clean[name] = value?.DeepClone();
        }
        if (clean["metadata"] is JsonObject metadata)
        {
            foreach (var name in s_ofTheServer) metadata.Remove(name);
        }
        return clean;
    }
}
