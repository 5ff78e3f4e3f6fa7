namespace MeshRoll.Core.Permissions;

/// <summary>What a command does only when it is asked to: rights for it are needed by nobody else.</summary>
internal static class PermissionFeatures
{
    /// <summary>-Strategy Surge.</summary>
    public const string Surge = "Surge";

    /// <summary>-Strategy Evict.</summary>
    public const string Evict = "Evict";

    /// <summary>-Strategy Auto, which takes any of them.</summary>
    public const string Auto = "Auto";

    /// <summary>ReplicaSets without a Deployment, which Evict restarts.</summary>
    public const string ReplicaSets = "ReplicaSets";

    /// <summary>Whether the cluster loses nodes during a restart.</summary>
    public const string Nodes = "Nodes";

    /// <summary>Reasons beyond what the pods themselves tell.</summary>
    public const string Diagnosis = "Diagnosis";

    /// <summary>-IncludeLog.</summary>
    public const string IncludeLog = "IncludeLog";

    /// <summary>Workloads chosen by wildcards, labels or not at all, instead of by kind and name.</summary>
    public const string Search = "Search";

    /// <summary>-IncludeConnected.</summary>
    public const string IncludeConnected = "IncludeConnected";

    /// <summary>-Compare.</summary>
    public const string Compare = "Compare";

    /// <summary>-Revision, where tags count.</summary>
    public const string Revision = "Revision";

    /// <summary>Trying a switch with pods that are not created.</summary>
    public const string Trial = "Trial";

    /// <summary>The tag that is named default, which others depend on.</summary>
    public const string DefaultTag = "DefaultTag";

    /// <summary>-Namespace, where namespaces are labelled.</summary>
    public const string Namespaces = "Namespaces";

    /// <summary>Image pull secrets in the preflight.</summary>
    public const string Secrets = "Secrets";

    /// <summary>-IncludeNodeRoom.</summary>
    public const string NodeRoom = "NodeRoom";

    /// <summary>What the preflight finds, in a plan (without -SkipReadiness).</summary>
    public const string Readiness = "Readiness";

    /// <summary>Istio's routes in the preflight, where they are installed.</summary>
    public const string Routes = "Routes";
}
