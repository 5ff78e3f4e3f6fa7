namespace MeshRoll.TestControlPlane.Servers;

/// <summary>The ports and files of one control plane: what all its servers have to agree upon.</summary>
internal sealed record ServerLayout
{
    public required int EtcdPort { get; init; }

    public required int EtcdPeerPort { get; init; }

    public required int ApiServerPort { get; init; }

    public required int ControllerManagerPort { get; init; }

    public required int SchedulerPort { get; init; }

    /// <summary>
    /// Services get addresses of the loopback network, so the API server reaches a webhook behind an ordinary ClusterIP
    /// service without kube-proxy: whoever plays the webhook listens on the service's own address.
    /// </summary>
    public required string ServiceNetwork { get; init; }

    public required string EtcdData { get; init; }

    public required string AuthorityFile { get; init; }

    public required string ServingCertificateFile { get; init; }

    public required string ServingKeyFile { get; init; }

    public required string ServiceAccountKeyFile { get; init; }

    public required string TokenFile { get; init; }

    public required string ControllerManagerConfig { get; init; }

    public required string SchedulerConfig { get; init; }

    public Uri EtcdServer => new($"http://127.0.0.1:{EtcdPort}");

    public Uri ApiServer => new($"https://127.0.0.1:{ApiServerPort}");

    public Uri ControllerManager => new($"https://127.0.0.1:{ControllerManagerPort}");

    public Uri Scheduler => new($"https://127.0.0.1:{SchedulerPort}");
}
