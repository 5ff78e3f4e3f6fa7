using System.Globalization;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Controllers.ReplicaSets;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Controllers.Deployments;

/// <summary>The books that a Deployment keeps in annotations, its own and its ReplicaSets' (deployment_util.go).</summary>
internal static class RevisionAnnotations
{
    public const string Revision = "deployment.kubernetes.io/revision";
    public const string History = "deployment.kubernetes.io/revision-history";
    public const string DesiredReplicas = "deployment.kubernetes.io/desired-replicas";
    public const string MaxReplicas = "deployment.kubernetes.io/max-replicas";

    private static readonly HashSet<string> NotCopied = new(StringComparer.Ordinal)
    {
        "kubectl.kubernetes.io/last-applied-configuration", Revision, History, DesiredReplicas, MaxReplicas, "deprecated.deployment.rollback.to",
    };

    /// <summary>The revision of a ReplicaSet; 0 without one.</summary>
    public static long RevisionOf(ReplicaSetView set) => Number(set.Annotations.GetValueOrDefault(Revision));

    /// <summary>Whether a ReplicaSet lacks something that <see cref="Update"/> would write.</summary>
    public static bool NeedUpdate(ReplicaSetView set, IReadOnlyDictionary<string, string> deployment, long revision)
    {
        if (RevisionOf(set) < revision) return true;
        foreach (var (key, value) in deployment)
        {
            if (!NotCopied.Contains(key) && set.Annotations.GetValueOrDefault(key) != value) return true;
        }
        return false;
    }

    /// <summary>
    /// Copies the Deployment's annotations to the ReplicaSet of its template and raises that one's revision. One that had a lower revision is rolled
    /// back to: it remembers what it was.
    /// </summary>
    public static void Update(JsonObject set, IReadOnlyDictionary<string, string> deployment, long revision)
    {
        var annotations = set.Object("metadata", "annotations");
        foreach (var (key, value) in deployment)
        {
            if (!NotCopied.Contains(key)) annotations[key] = value;
        }

        var before = annotations.Text(Revision);
        if (Number(before) >= revision) return;
        annotations[Revision] = revision.ToString(CultureInfo.InvariantCulture);
        if (string.IsNullOrEmpty(before)) return;
        var history = annotations.Text(History);
        annotations[History] = string.IsNullOrEmpty(history) ? before : $"{history},{before}";
    }

    /// <summary>Notes for which size of the Deployment a ReplicaSet was sized.</summary>
    public static void SetReplicas(JsonObject set, int desired, int most)
    {
        var annotations = set.Object("metadata", "annotations");
        annotations[DesiredReplicas] = desired.ToString(CultureInfo.InvariantCulture);
        annotations[MaxReplicas] = most.ToString(CultureInfo.InvariantCulture);
    }

    private static long Number(string? text) => long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
