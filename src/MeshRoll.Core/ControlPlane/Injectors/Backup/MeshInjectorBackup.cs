namespace MeshRoll.Core.ControlPlane.Injectors.Backup;

/// <summary>A file with injectors as they were.</summary>
public sealed record MeshInjectorBackup
{
    /// <summary>The cluster.</summary>
    public required string Cluster { get; init; }

    /// <summary>The file's name.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>The file's full path.</summary>
    public required string Path { get; init; }

    /// <summary>The objects in it, such as <c>MutatingWebhookConfiguration/istio-sidecar-injector</c>.</summary>
    public required IReadOnlyList<string> Objects { get; init => field = ListedValue.Of(value); }

    /// <summary>When it was taken, UTC.</summary>
    public required DateTimeOffset Taken { get; init; }
}
