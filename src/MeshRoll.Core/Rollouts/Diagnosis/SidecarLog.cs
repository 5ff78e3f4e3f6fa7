namespace MeshRoll.Core.Rollouts.Diagnosis;

/// <summary>One reason why a sidecar does not get ready, as its log tells it.</summary>
/// <param name="Id">The finding's id.</param>
/// <param name="Says">What is wrong, to follow the finding's own sentence.</param>
/// <param name="Advice">What to do.</param>
/// <param name="Words">Any of these in a line tells it.</param>
internal sealed record SidecarLogSignal(string Id, string Says, string Advice, IReadOnlyList<string> Words);

/// <summary>
/// The table of what a sidecar's log tells, from Istio's agent (pkg/istio-agent, security/pkg/nodeagent), Envoy, linkerd2-proxy and consul-dataplane.
/// The first row with a word in any of the last lines counts. In this order: a refused certificate also breaks the connection, and a connection that
/// is broken also leaves the proxy without a certificate.
/// </summary>
internal static class SidecarLog
{
    /// <summary>The finding's ids.</summary>
    public const string Certificate = "SidecarCertificate", Rejected = "SidecarConfigRejected";

    private const string CertificateAdvice = "Check the control plane's certificate authority, the node's clock and the pod's service account token; a pod that is made anew takes fresh ones.";

    public static IReadOnlyList<SidecarLogSignal> Table { get; } =
    [
        new(Certificate, "a certificate or token is refused", CertificateAdvice,
            ["x509:", "authentication handshake failed", "CERTIFICATE_VERIFY_FAILED", "certificate has expired", "code = Unauthenticated", "authentication failure", "Failed to certify identity", "token has expired"]),
        new(Rejected, "it refuses the configuration it was sent", "Look for an EnvoyFilter or other mesh resource that was changed lately; istiod's log names what is rejected.",
            ["config received from XDS server, but was rejected", "Error adding/updating", "gRPC config for type.googleapis.com", "Proto constraint validation failed"]),
        new(SidecarSignals.Unreachable, "it cannot reach its control plane", "Check that the control plane is ready, and that network policies and DNS let the pod reach its service.",
            ["config not received from XDS server", "connection refused", "no such host", "i/o timeout", "connection timed out", "context deadline exceeded", "initial fetch timed out", "no healthy upstream", "code = Unavailable", "failed to connect to Consul server"]),
        new(Certificate, "it gets no certificate", CertificateAdvice, ["Failed to create certificate", "failed to sign", "failed to warm certificate", "failed to generate workload certificate"]),
    ];

    /// <summary>Tells a sidecar's finding by its log more exactly, where the log knows.</summary>
    public static MeshFinding Refine(MeshFinding finding, string log)
    {
        if (finding.Id is not (SidecarSignals.NotReady or SidecarSignals.Unreachable)) return finding;
        var lines = log.Split('\n');
        foreach (var signal in Table)
        {
            // The last line that says so is the newest.
            if (Array.FindLast(lines, line => signal.Words.Any(word => line.Contains(word, StringComparison.OrdinalIgnoreCase))) is not { } line) continue;
            return finding with
            {
                Id = signal.Id,
                Message = finding.Id == signal.Id ? finding.Message : $"{finding.Message}: {signal.Says}",
                Advice = signal.Advice,
                Evidence = $"{finding.Evidence}; log: {Wording.Line(line.Trim())}",
            };
        }
        return finding;
    }
}
