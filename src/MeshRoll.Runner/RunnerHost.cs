using MeshRoll.Core;
using MeshRoll.Kubernetes.Configuration;
using MeshRoll.Kubernetes.Transport;

namespace MeshRoll.Runner;

/// <summary>What surrounds a run: where output goes, what the terminal can do, how a cluster is reached. Tests replace it whole.</summary>
internal sealed record RunnerHost
{
    /// <summary>Results.</summary>
    internal required TextWriter Out { get; init; }

    /// <summary>Progress, remarks and errors.</summary>
    internal required TextWriter Error { get; init; }

    /// <summary>Columns of the terminal behind <see cref="Error"/>; null when it is none: then progress is plain lines.</summary>
    internal Func<int?> TerminalWidth { get; init; } = static () => null;

    /// <summary>The clock.</summary>
    internal TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Resolves a kubeconfig path and a context name, either may be null, to a connection.</summary>
    internal Func<string?, string?, ClusterConnection> Resolve { get; init; } = static (path, context) => KubeConfig.Load(path).Resolve(context);

    /// <summary>Opens a session.</summary>
    internal ClusterSession Open(string? kubeConfig, string? context, Action<TransportRetry>? onRetry) =>
        new(Resolve(kubeConfig, context), new TransportOptions { TimeProvider = TimeProvider, OnRetry = onRetry });

    /// <summary>The process' own console.</summary>
    internal static RunnerHost OfProcess() => new()
    {
        Out = Console.Out,
        Error = Console.Error,
        TerminalWidth = static () => Console.IsErrorRedirected || Environment.GetEnvironmentVariable("TERM") is "dumb" || Environment.GetEnvironmentVariable("CI") is not null
            ? null : Math.Max(Console.WindowWidth, 40),
    };
}
