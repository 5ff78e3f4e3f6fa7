using System.Globalization;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Writing;

/// <summary>What a deletion does to an object: gone at once, or marked and gone later.</summary>
internal static class Deletion
{
    /// <summary>Holds an object until its dependents are gone.</summary>
    public const string ForegroundFinalizer = "foregroundDeletion";

    /// <summary>Holds an object until its dependents are cut loose.</summary>
    public const string OrphanFinalizer = "orphan";

    public static void CheckPreconditions(StoredObject present, DeleteOptions options)
    {
        var version = present.Version.ToString(CultureInfo.InvariantCulture);
        if (options.Uid is { } uid && uid != present.Uid)
            throw Broken($"Precondition failed: UID in precondition: {uid}, UID in object meta: {present.Uid}");
        if (options.ResourceVersion is { } asked && asked != version)
            throw Broken($"Precondition failed: ResourceVersion in precondition: {asked}, ResourceVersion in object meta: {version}");

        ApiStatusException Broken(string why) => ApiStatusException.Conflict(present.Resource, present.Name, why);
    }

    /// <summary>Writes the marks of a deletion into a copy of the object; says whether the object stays for now.</summary>
    public static bool Mark(StoredObject present, JsonObject marked, DeleteOptions options, DateTimeOffset now)
    {
        var metadata = marked.Object("metadata");
        SetFinalizer(metadata, ForegroundFinalizer, options.PropagationPolicy == "Foreground" && !present.IsDeleting);
        SetFinalizer(metadata, OrphanFinalizer, options.PropagationPolicy == "Orphan" && !present.IsDeleting);
        var grace = Grace(present, marked, options);
        var held = metadata.At("finalizers") is JsonArray { Count: > 0 };
        var first = !present.IsDeleting;

        if (first || (grace is { } shorter && shorter < (metadata.Number("deletionGracePeriodSeconds") ?? 0)))
        {
            metadata["deletionTimestamp"] = JsonAccess.Timestamp(now.AddSeconds(grace ?? 0));
            metadata["deletionGracePeriodSeconds"] = grace ?? 0;
        }
        if (first && marked.Number("metadata", "generation") is { } generation) metadata["generation"] = generation + 1;
        if (present.Resource == ApiResources.Namespaces)
        {
            // A namespace goes when its controller has emptied it.
            marked.Object("status")["phase"] = "Terminating";
            return true;
        }
        return held || metadata.Number("deletionGracePeriodSeconds") is > 0;
    }

    /// <summary>Seconds a pod has to end; null for what ends at once.</summary>
    private static long? Grace(StoredObject present, JsonObject pod, DeleteOptions options)
    {
        if (present.Resource != ApiResources.Pods) return null;
        // A pod without a node has nobody who would end it, and one that is over has nothing left to end.
        if (string.IsNullOrEmpty(pod.Text("spec", "nodeName")) || pod.Text("status", "phase") is "Succeeded" or "Failed") return 0;
        return options.GracePeriodSeconds ?? pod.Number("spec", "terminationGracePeriodSeconds") ?? 30;
    }

    private static void SetFinalizer(JsonObject metadata, string finalizer, bool wanted)
    {
        if (!wanted) return;
        var list = metadata.List("finalizers");
        if (!list.Any(entry => entry?.GetValue<string>() == finalizer)) list.Add(finalizer);
    }
}
