namespace MeshRoll.TestControlPlane.Servers;

/// <summary>The command line of every component.</summary>
internal static class ServerFlags
{
    public static IReadOnlyList<string> Etcd(ServerLayout layout) =>
    [
        $"--data-dir={layout.EtcdData}",
        $"--listen-client-urls=http://127.0.0.1:{layout.EtcdPort}",
        $"--advertise-client-urls=http://127.0.0.1:{layout.EtcdPort}",
        $"--listen-peer-urls=http://127.0.0.1:{layout.EtcdPeerPort}",
        $"--initial-advertise-peer-urls=http://127.0.0.1:{layout.EtcdPeerPort}",
        $"--initial-cluster=default=http://127.0.0.1:{layout.EtcdPeerPort}",
        "--quota-backend-bytes=4294967296",
        "--logger=zap",
        "--log-level=warn",
    ];

    public static IReadOnlyList<string> ApiServer(ServerLayout layout, ControlPlaneOptions options)
    {
        List<string> flags =
        [
            $"--etcd-servers={layout.EtcdServer}",
            "--bind-address=127.0.0.1",
            "--advertise-address=127.0.0.1",
            $"--secure-port={layout.ApiServerPort}",
            $"--tls-cert-file={layout.ServingCertificateFile}",
            $"--tls-private-key-file={layout.ServingKeyFile}",
            $"--client-ca-file={layout.AuthorityFile}",
            $"--token-auth-file={layout.TokenFile}",
            "--authorization-mode=RBAC",
            "--service-account-issuer=https://kubernetes.default.svc",
            $"--service-account-key-file={layout.ServiceAccountKeyFile}",
            $"--service-account-signing-key-file={layout.ServiceAccountKeyFile}",
            $"--service-cluster-ip-range={layout.ServiceNetwork}",
            // The endpoints of the service "kubernetes" may not be loopback addresses, and nobody here needs them.
            "--endpoint-reconciler-type=none",
            "--allow-privileged=true",
            "--v=1",
        ];
        if (options.MaxRequestsInflight is { } reads)
        {
            flags.Add($"--max-requests-inflight={reads}");
        }

        if (options.MaxMutatingRequestsInflight is { } writes)
        {
            flags.Add($"--max-mutating-requests-inflight={writes}");
        }

        return [.. flags, .. options.ApiServerFlags];
    }

    public static IReadOnlyList<string> ControllerManager(ServerLayout layout, ControlPlaneOptions options) =>
    [
        $"--kubeconfig={layout.ControllerManagerConfig}",
        "--bind-address=127.0.0.1",
        $"--secure-port={layout.ControllerManagerPort}",
        "--port=0",
        $"--tls-cert-file={layout.ServingCertificateFile}",
        $"--tls-private-key-file={layout.ServingKeyFile}",
        $"--service-account-private-key-file={layout.ServiceAccountKeyFile}",
        $"--root-ca-file={layout.AuthorityFile}",
        "--leader-elect=false",
        // Fake nodes report once and are believed for a day: a loaded test machine must not cause evictions.
        "--node-monitor-grace-period=24h",
        // The default of 20 requests a second would be the slowest part of every larger test.
        "--kube-api-qps=1000",
        "--kube-api-burst=2000",
        "--concurrent-deployment-syncs=20",
        "--concurrent-replicaset-syncs=20",
        "--v=1",
        .. options.ControllerManagerFlags,
    ];

    public static IReadOnlyList<string> Scheduler(ServerLayout layout, ControlPlaneOptions options) =>
    [
        $"--kubeconfig={layout.SchedulerConfig}",
        "--bind-address=127.0.0.1",
        $"--secure-port={layout.SchedulerPort}",
        "--port=0",
        $"--tls-cert-file={layout.ServingCertificateFile}",
        $"--tls-private-key-file={layout.ServingKeyFile}",
        "--leader-elect=false",
        "--kube-api-qps=1000",
        "--kube-api-burst=2000",
        "--v=1",
        .. options.SchedulerFlags,
    ];
}
