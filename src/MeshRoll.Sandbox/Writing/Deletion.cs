using System.Globalization;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Objects.Views;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Writing;

/// <summary>What a deletion does to an object: gone at once, or marked and gone later.</summary>
internal static class Deletion
{
    /// <summary>Holds an object until its dependents are gone.</summary>
    public const string ForegroundFinalizer = "foregroundDeletion";

    /// <summary>Holds an object until its dependents are cut loose.</summary>
    public const string OrphanFinalizer = "orphan";

    private static readonly string[] Immortal = ["default", "kube-public", "kube-system"];

    /// <summary>Some namespaces may not go.</summary>
    public static void CheckAllowed(StoredObject present)
    {
        if (present.Resource == ApiResources.Namespaces && Immortal.Contains(present.Name))
            throw ApiStatusException.Forbidden(present.Resource, present.Name, "this namespace may not be deleted");
    }

    public static void CheckPreconditions(StoredObject present, DeleteOptions options)
    {
        var version = present.Version.ToString(CultureInfo.InvariantCulture);
        if (options.Uid is { } uid && uid != present.Uid)
            throw Broken($"the UID in the precondition ({uid}) does not match the UID in record ({present.Uid}). The object might have been deleted and then recreated");
        if (options.ResourceVersion is { } asked && asked != version)
            throw Broken($"the ResourceVersion in the precondition ({asked}) does not match the ResourceVersion in record ({version}). The object might have been modified");

        // The real server says the kind here where it says the resource elsewhere.
        ApiStatusException Broken(string why) => ApiStatusException.Conflict(present.Resource with { Plural = present.Resource.Kind }, present.Name, why);
    }

    /// <summary>Writes the marks of a deletion into a copy of the object's metadata; says whether the object stays for now.</summary>
    public static bool Mark(StoredObject present, JsonObject metadata, DeleteOptions options, DateTimeOffset now)
    {
        SetFinalizer(metadata, ForegroundFinalizer, options.PropagationPolicy == "Foreground" && !present.IsDeleting);
        SetFinalizer(metadata, OrphanFinalizer, options.PropagationPolicy == "Orphan" && !present.IsDeleting);
        var held = metadata.At("finalizers") is JsonArray { Count: > 0 };
        var first = !present.IsDeleting;

        if (first)
        {
            var grace = Grace(present, options);
            metadata["deletionTimestamp"] = JsonAccess.Timestamp(now.AddSeconds(grace));
            metadata["deletionGracePeriodSeconds"] = grace;
        }
        else if (options.GracePeriodSeconds is { } shorter && metadata.Number("deletionGracePeriodSeconds") is { } granted && shorter < granted)
        {
            // Only shorter, and counted from the first time.
            metadata["deletionTimestamp"] = JsonAccess.Timestamp(present.DeletionTimestamp!.Value.AddSeconds(shorter - granted));
            metadata["deletionGracePeriodSeconds"] = shorter;
        }
        if (first && metadata.Number("generation") is { } generation) metadata["generation"] = generation + 1;
        // A namespace goes when its controller has emptied it.
        return held || present.Resource == ApiResources.Namespaces || metadata.Number("deletionGracePeriodSeconds") is > 0;
    }

    /// <summary>The status of a namespace that is about to go.</summary>
    public static JsonObject Terminating(JsonObject status)
    {
        status["phase"] = "Terminating";
        return status;
    }

    /// <summary>Seconds an object has to end; only pods have any.</summary>
    private static long Grace(StoredObject present, DeleteOptions options)
    {
        if (present.Resource != ApiResources.Pods) return 0;
        // A pod without a node has nobody who would end it, and one that is over has nothing left to end.
        if (present.NodeName.Length == 0 || present.As<PodView>().HasEnded) return 0;
        if (options.GracePeriodSeconds is { } asked) return asked;
        using var wish = present.Wish.Parse();
        return wish.RootElement.Number("spec", "terminationGracePeriodSeconds") ?? 30;
    }

    private static void SetFinalizer(JsonObject metadata, string finalizer, bool wanted)
    {
        if (!wanted) return;
        var list = metadata.List("finalizers");
        if (!list.Any(entry => entry?.GetValue<string>() == finalizer)) list.Add(finalizer);
    }
}
