namespace MeshRoll.Sandbox.Faults;

/// <summary>What can go wrong in a sandbox's cluster.</summary>
public enum SandboxFaultKind
{
    /// <summary>An image cannot be pulled any more.</summary>
    ImageMissing,

    /// <summary>An init container ends with an error, again and again.</summary>
    InitContainerFailing,

    /// <summary>Pods run, but their readiness probe never succeeds.</summary>
    NeverReady,

    /// <summary>Pods take longer to get ready.</summary>
    Slow,

    /// <summary>The application crashes some time after each start.</summary>
    Crash,

    /// <summary>The namespace's quota allows no further pod.</summary>
    QuotaExceeded,

    /// <summary>Nodes have no room for further pods.</summary>
    NodeFull,

    /// <summary>The mesh's injector does not answer: no pod with a sidecar can be made.</summary>
    WebhookDown,

    /// <summary>An autoscaler holds the workload at the number of replicas it has, against anybody else.</summary>
    AutoscalerFights,
}
