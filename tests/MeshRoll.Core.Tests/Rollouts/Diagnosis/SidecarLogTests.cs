using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Rollouts.Diagnosis;

namespace MeshRoll.Core.Tests.Rollouts.Diagnosis;

public sealed class SidecarLogTests
{
    private static readonly MeshFinding NotReady = new() { Id = "SidecarNotReady", Message = "sidecar istio-proxy of pod web-1 runs but is not ready", Evidence = "running, not ready", Advice = "Read its log." };

    [Theory]
    [InlineData("warn\tca\tca request failed: rpc error: code = Unavailable desc = connection error: desc = \"transport: authentication handshake failed: x509: certificate signed by unknown authority\"", "SidecarCertificate")]
    [InlineData("error\tcitadelclient\tFailed to create certificate: rpc error: code = Unauthenticated desc = request authenticate failure", "SidecarCertificate")]
    [InlineData("warn\tsds\tfailed to warm certificate: failed to generate workload certificate: no token", "SidecarCertificate")]
    [InlineData("error\tcitadelclient\tFailed to create certificate: rpc error: code = Unavailable desc = connection error: dial tcp 10.96.0.9:15012: connect: connection refused", "IstiodUnreachable")]
    [InlineData("warn\tEnvoy proxy is NOT ready: config not received from XDS server (is Istiod running?): cds updates: 0 successful, 0 rejected", "IstiodUnreachable")]
    [InlineData("warn\txdsproxy\tfailed to connect to upstream istiod.istio-system.svc:15012: dial tcp: lookup istiod.istio-system.svc: no such host", "IstiodUnreachable")]
    [InlineData("[ERROR] consul-dataplane: failed to connect to Consul server", "IstiodUnreachable")]
    [InlineData("warn\tEnvoy proxy is NOT ready: config received from XDS server, but was rejected: cds updates: 1 successful, 0 rejected; lds updates: 0 successful, 1 rejected", "SidecarConfigRejected")]
    [InlineData("warning envoy config\tgRPC config for type.googleapis.com/envoy.config.listener.v3.Listener rejected: Error adding/updating listener(s)", "SidecarConfigRejected")]
    [InlineData("warning envoy config\tgRPC config: initial fetch timed out for type.googleapis.com/envoy.config.cluster.v3.Cluster", "IstiodUnreachable")]
    [InlineData("WARN daemon:identity: linkerd_proxy_identity_client: Failed to certify identity error=status: Unavailable", "SidecarCertificate")]
    [InlineData("info\tStarting proxy agent", "SidecarNotReady")]
    [InlineData("", "SidecarNotReady")]
    public void The_log_says_why_a_sidecar_does_not_get_ready(string log, string id)
    {
        var refined = SidecarLog.Refine(NotReady, $"info\tProxy role\n{log}\ninfo\tlast words");

        Assert.Equal(id, refined.Id);
        if (id == NotReady.Id)
        {
            Assert.Same(NotReady, refined);
            return;
        }
        Assert.StartsWith("sidecar istio-proxy of pod web-1 runs but is not ready: ", refined.Message, StringComparison.Ordinal);
        Assert.StartsWith("running, not ready; log: ", refined.Evidence, StringComparison.Ordinal);
        Assert.NotEqual(NotReady.Advice, refined.Advice);
    }

    [Fact]
    public void The_newest_line_that_says_so_is_the_evidence() =>
        Assert.EndsWith("log: second: connection refused", SidecarLog.Refine(NotReady, "first: connection refused\nsecond: connection refused\nthird").Evidence, StringComparison.Ordinal);

    [Fact]
    public void An_istiod_known_to_be_unwell_is_not_said_twice()
    {
        var unreachable = NotReady with { Id = "IstiodUnreachable" };

        Assert.Equal(unreachable.Message, SidecarLog.Refine(unreachable, "connection refused").Message);
        Assert.Equal("SidecarCertificate", SidecarLog.Refine(unreachable, "x509: expired").Id);
    }

    [Fact]
    public void Other_findings_stay_as_they_are()
    {
        var crash = NotReady with { Id = "CrashLoop" };

        Assert.Same(crash, SidecarLog.Refine(crash, "connection refused"));
    }
}
