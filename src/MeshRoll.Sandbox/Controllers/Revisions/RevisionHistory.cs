using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Selecting;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Controllers.Revisions;

/// <summary>
/// The templates a StatefulSet or DaemonSet had, kept as ControllerRevisions (pkg/controller/history). An old template that comes back takes its
/// revision again, under the next number.
/// </summary>
/// <param name="cluster">The cluster.</param>
/// <param name="claims">Whose revisions are whose.</param>
/// <param name="hashLabel">The label in which the kind's controller keeps the hash of the template.</param>
internal sealed class RevisionHistory(Cluster cluster, Claims claims, string hashLabel)
{
    /// <summary>All revisions of an owner, oldest first.</summary>
    public List<StoredObject> List(StoredObject owner, LabelSelector selector)
    {
        var revisions = claims.Claim(owner, selector, ApiResources.ControllerRevisions);
        revisions.Sort(static (one, other) =>
        {
            var order = one.As<ControllerRevisionView>().Number.CompareTo(other.As<ControllerRevisionView>().Number);
            if (order == 0) order = one.As<ControllerRevisionView>().Created.CompareTo(other.As<ControllerRevisionView>().Created);
            return order != 0 ? order : string.CompareOrdinal(one.Name, other.Name);
        });
        return revisions;
    }

    /// <summary>Sees to it that the last revision is that of the owner's present template.</summary>
    /// <returns>That revision; the list holds it last.</returns>
    public StoredObject Sync(StoredObject owner, string hash, List<StoredObject> revisions)
    {
        var next = revisions is [.., var last] ? last.As<ControllerRevisionView>().Number + 1 : 1;
        var equal = revisions.FindLast(revision => HashOf(revision) == hash);
        if (equal is not null && equal == revisions[^1]) return equal;
        if (equal is not null) revisions.Remove(equal);
        var present = equal is not null
            ? cluster.Write(equal, json => json["revision"] = next)
            : cluster.Create(ApiResources.ControllerRevisions, owner.Namespace, Make(owner, hash, next));
        revisions.Add(present);
        return present;
    }

    /// <summary>Deletes the oldest revisions that nothing lives by, beyond those that are kept to go back to.</summary>
    public void Truncate(IEnumerable<StoredObject> revisions, Func<StoredObject, bool> isLive, int limit)
    {
        var idle = revisions.Where(revision => !isLive(revision)).ToList();
        foreach (var revision in idle.Take(idle.Count - limit)) cluster.Delete(revision);
    }

    /// <summary>The hash of a revision's template.</summary>
    public string HashOf(StoredObject revision) => revision.Labels.GetValueOrDefault(hashLabel) ?? "";

    /// <summary>The pods of a revision.</summary>
    public static PodTemplates Template(StoredObject owner, StoredObject revision)
    {
        var template = revision.ToJson().At("data", "spec", "template") is JsonObject kept ? kept : [];
        template.Remove("$patch");
        return PodTemplates.Of(owner, template);
    }

    private JsonObject Make(StoredObject owner, string hash, long number)
    {
        var json = owner.ToJson();
        var template = json.Object("spec", "template").DeepClone().AsObject();
        template["$patch"] = "replace";
        var labels = json.At("spec", "template", "metadata", "labels")?.DeepClone().AsObject() ?? [];
        labels[hashLabel] = hash;
        var metadata = new JsonObject
        {
            ["name"] = $"{owner.Name}-{hash}",
            ["labels"] = labels,
            ["ownerReferences"] = new JsonArray { OwnerReference.To(owner) },
        };
        if (json.At("metadata", "annotations") is { } annotations) metadata["annotations"] = annotations.DeepClone();
        return new JsonObject
        {
            ["metadata"] = metadata,
            ["data"] = new JsonObject { ["spec"] = new JsonObject { ["template"] = template } },
            ["revision"] = number,
        };
    }
}
