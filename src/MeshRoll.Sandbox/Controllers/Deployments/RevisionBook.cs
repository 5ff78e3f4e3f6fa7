using System.Globalization;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Controllers.ReplicaSets;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Controllers.Deployments;

/// <summary>The books that a workload keeps in annotations, its own and its ReplicaSets' (deployment_util.go).</summary>
/// <param name="prefix">With what the annotations begin: <c>deployment.kubernetes.io</c>.</param>
internal sealed class RevisionBook(string prefix)
{
    private readonly HashSet<string> _notCopied = new(StringComparer.Ordinal)
    {
        "kubectl.kubernetes.io/last-applied-configuration", $"{prefix}/revision", $"{prefix}/revision-history", $"{prefix}/desired-replicas", $"{prefix}/max-replicas",
        "deprecated.deployment.rollback.to",
    };

    /// <summary>Holds the number of a template.</summary>
    public string Revision { get; } = $"{prefix}/revision";

    /// <summary>Holds the numbers a template had before.</summary>
    public string History { get; } = $"{prefix}/revision-history";

    /// <summary>Holds for how many wished pods a ReplicaSet was sized.</summary>
    public string DesiredReplicas { get; } = $"{prefix}/desired-replicas";

    /// <summary>Holds how many pods there could be at most at that time.</summary>
    public string MaxReplicas { get; } = $"{prefix}/max-replicas";

    /// <summary>The revision of a ReplicaSet; 0 without one.</summary>
    public long RevisionOf(ReplicaSetView set) => Number(set.Annotations.GetValueOrDefault(Revision));

    /// <summary>Whether a ReplicaSet lacks something that <see cref="Update"/> would write.</summary>
    public bool NeedUpdate(ReplicaSetView set, IReadOnlyDictionary<string, string> deployment, long revision)
    {
        if (RevisionOf(set) < revision) return true;
        foreach (var (key, value) in deployment)
        {
            if (!_notCopied.Contains(key) && set.Annotations.GetValueOrDefault(key) != value) return true;
        }
        return false;
    }

    /// <summary>
    /// Copies the Deployment's annotations to the ReplicaSet of its template and raises that one's revision. One that had a lower revision is rolled
    /// back to: it remembers what it was.
    /// </summary>
    public void Update(JsonObject set, IReadOnlyDictionary<string, string> deployment, long revision)
    {
        var annotations = set.Object("metadata", "annotations");
        foreach (var (key, value) in deployment)
        {
            if (!_notCopied.Contains(key)) annotations[key] = value;
        }

        var before = annotations.Text(Revision);
        if (Number(before) >= revision) return;
        annotations[Revision] = revision.ToString(CultureInfo.InvariantCulture);
        if (string.IsNullOrEmpty(before)) return;
        var history = annotations.Text(History);
        annotations[History] = string.IsNullOrEmpty(history) ? before : $"{history},{before}";
    }

    /// <summary>Notes for which size of the Deployment a ReplicaSet was sized.</summary>
    public void SetReplicas(JsonObject set, int desired, int most)
    {
        var annotations = set.Object("metadata", "annotations");
        annotations[DesiredReplicas] = desired.ToString(CultureInfo.InvariantCulture);
        annotations[MaxReplicas] = most.ToString(CultureInfo.InvariantCulture);
    }

    private static long Number(string? text) => long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
