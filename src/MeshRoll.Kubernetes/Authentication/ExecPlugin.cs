using MeshRoll.Kubernetes.Configuration;

namespace MeshRoll.Kubernetes.Authentication;

/// <summary>A credential plugin as the kubeconfig describes it.</summary>
internal sealed record ExecPlugin
{
    /// <summary>The version of the protocol spoken with it.</summary>
    public required string ApiVersion { get; init; }

    /// <summary>A program: a plain name is looked for in PATH, a relative path begins at <see cref="Directory"/>.</summary>
    public required string Command { get; init; }

    /// <summary>Where the kubeconfig stands.</summary>
    public required string Directory { get; init; }

    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Set for the plugin only, beside what it inherits.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Variables { get; init; } = [];

    /// <summary>What to tell a person who lacks the program.</summary>
    public string? InstallHint { get; init; }

    public ExecTerminal Terminal { get; init; }

    /// <summary>The cluster, when the plugin wants to know it.</summary>
    public ClusterEntry? Cluster { get; init; }

    /// <summary>How long it may run. kubectl waits for ever; we have nobody watching the wait.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);
}

/// <summary>What a plugin wants of a terminal (interactiveMode).</summary>
internal enum ExecTerminal
{
    IfAvailable,
    Never,
    Always,
}
