using MeshRoll.Kubernetes.Configuration;

namespace MeshRoll.Sandboxes;

/// <summary>How a sandbox is reached: as its kubeconfig says, under its own name; from the process it runs in by its socket, which needs no TLS.</summary>
internal static class SandboxConnection
{
    /// <summary>
    /// The connection to the one that is meant. What came back from a job or from another runspace still names the kubeconfig; a bare name is looked
    /// up among this runspace's.
    /// </summary>
    /// <exception cref="Errors.CommandException"><c>MeshRoll.SandboxNotFound</c>.</exception>
    public static ClusterConnection Of(MeshSandbox reference, RunspaceSandboxes sandboxes) =>
        Of(reference.Live is null && File.Exists(reference.KubeConfigPath) ? reference : sandboxes.Resolve(reference));

    /// <summary>The connection, as the sandbox's administrator.</summary>
    /// <exception cref="KubeConfigException">Its kubeconfig is gone: it was removed.</exception>
    public static ClusterConnection Of(MeshSandbox sandbox) =>
        sandbox.Live is { } live ? live.Connection : KubeConfig.Load(sandbox.KubeConfigPath).Resolve(null) with { Name = sandbox.Name };
}
