namespace MeshRoll.Core.Workloads;

/// <summary>The kinds of workload that can be restarted in place, and what kubectl users call them.</summary>
public static class WorkloadKinds
{
    /// <summary>apps Deployment.</summary>
    public const string Deployment = "Deployment";

    /// <summary>apps StatefulSet.</summary>
    public const string StatefulSet = "StatefulSet";

    /// <summary>apps DaemonSet.</summary>
    public const string DaemonSet = "DaemonSet";

    /// <summary>Argo Rollouts' Rollout.</summary>
    public const string Rollout = "Rollout";

    /// <summary>apps ReplicaSet of its own: a new template does nothing to its pods, but it makes those anew that are evicted.</summary>
    public const string ReplicaSet = "ReplicaSet";

    /// <summary>Those that a patch restarts, in the order they are listed and read.</summary>
    public static IReadOnlyList<string> Restartable { get; } = [Deployment, StatefulSet, DaemonSet, Rollout];

    /// <summary>The words a user may write for them, for messages.</summary>
    public static string Allowed => "deployment (deploy), statefulset (sts), daemonset (ds), rollout (ro)";

    /// <summary>
    /// The kind a user means: kind, plural or kubectl's short name, in any case, with the group behind a dot
    /// (<c>deployment.apps</c>, <c>deployments.v1.apps</c>); null when it is none of them.
    /// </summary>
    public static string? Find(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        var dot = word.IndexOf('.', StringComparison.Ordinal);
        var kind = (dot < 0 ? word : word[..dot]).ToLowerInvariant() switch
        {
            "deployment" or "deployments" or "deploy" => Deployment,
            "statefulset" or "statefulsets" or "sts" => StatefulSet,
            "daemonset" or "daemonsets" or "ds" => DaemonSet,
            "rollout" or "rollouts" or "ro" => Rollout,
            _ => null,
        };
        return kind is null || dot < 0 || IsGroupOf(kind, word[(dot + 1)..]) ? kind : null;
    }

    // kubectl takes resource.group and resource.version.group.
    private static bool IsGroupOf(string kind, string group)
    {
        var expected = kind == Rollout ? "argoproj.io" : "apps";
        return group.Equals(expected, StringComparison.OrdinalIgnoreCase)
            || (group.StartsWith('v') && group.EndsWith("." + expected, StringComparison.OrdinalIgnoreCase));
    }
}
