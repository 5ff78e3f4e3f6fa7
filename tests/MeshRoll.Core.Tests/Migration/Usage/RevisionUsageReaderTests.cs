using MeshRoll.Core.ControlPlane.Injectors;
using MeshRoll.Core.Migration.Usage;
using MeshRoll.Core.Tests.Builders;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Api;

namespace MeshRoll.Core.Tests.Migration.Usage;

public sealed class RevisionUsageReaderTests
{
    private readonly SnapshotApiServer _server = new SnapshotApiServer()
        .With(Resources.Namespaces, Mesh.Namespace("shop"))
        .With(Resources.MutatingWebhookConfigurations, Mesh.Injector(), Mesh.Injector("1-27-1"), Mesh.Tag("stable", "1-27-1"))
        .With(Resources.ConfigMaps, Mesh.InjectorMap("1.26.4"), Mesh.InjectorMap("1.27.1", "1-27-1"))
        .With(Resources.Services).With(Resources.Endpoints).With(Resources.ValidatingWebhookConfigurations)
        .With(Resources.Deployments, Mesh.Deployment("shop", "web"), Mesh.Deployment("shop", "edge")).With(Resources.StatefulSets).With(Resources.DaemonSets).With(Resources.ReplicaSets)
        .With(Resources.Pods, Mesh.Pod("shop", "web-1"), Mesh.Pod("shop", "edge-1", "edge").WithLabels("istio=ingressgateway"));

    [Fact]
    public async Task What_uses_a_revision_comes_with_gateways_and_webhooks()
    {
        var used = await ReadAsync(new() { Revision = "default", IgnoreProxyStatus = true });

        Assert.Equal(["Gateway edge", "Pod web", "Webhook istio-sidecar-injector"], used.Select(use => $"{use.Use} {use.Name}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Istiods_that_cannot_be_asked_leave_it_open()
    {
        var used = await ReadAsync(new() { Revision = "default" });

        Assert.Contains(used, use => use is { Use: RevisionUse.Unknown, Blocking: null });
    }

    [Fact]
    public async Task Namespaces_and_pods_that_may_not_be_read_leave_it_open()
    {
        _server.Refuse("/api/v1/namespaces").Refuse("/api/v1/pods").Refuse("/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations");

        var unknown = (await ReadAsync(new() { Revision = "default", IgnoreProxyStatus = true })).Where(use => use.Blocking is null).Select(use => use.Message).ToList();
        Assert.Contains(unknown, message => message.StartsWith("Injector webhooks cannot be read", StringComparison.Ordinal));
        Assert.Contains(unknown, message => message.StartsWith("Pods of all namespaces could not be read", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_revision_that_is_none_is_refused_with_those_there_are()
    {
        var refused = await Assert.ThrowsAsync<NotFoundException>(() => ReadAsync(new() { Revision = "1-28", IgnoreProxyStatus = true }));

        Assert.Equal(("MeshRoll.RevisionNotFound", "There is no revision or tag '1-28'. Revisions: 1-27-1, default; tags: stable (1-27-1)."), (refused.Id, refused.Message));
    }

    [Fact]
    public async Task Where_pods_are_hidden_a_revision_is_taken_at_its_word()
    {
        _server.Refuse("/api/v1/pods");

        Assert.Contains(await ReadAsync(new() { Revision = "1-28", IgnoreProxyStatus = true }), use => use.Blocking is null);
    }

    [Fact]
    public async Task A_tag_is_no_revision() =>
        Assert.Equal("MeshRoll.RevisionIsTag", (await Assert.ThrowsAsync<InvalidRequestException>(() => ReadAsync(new() { Revision = "stable", IgnoreProxyStatus = true }))).Id);

    [Fact]
    public async Task A_backup_that_is_not_there_is_refused() =>
        Assert.Equal("MeshRoll.BackupNotFound", (await Assert.ThrowsAsync<InjectorRefusedException>(() => ReadAsync(new() { Revision = "default", Backups = [Path.Combine(Path.GetTempPath(), "no-such-backup.yaml")] }))).Id);

    private async Task<List<MeshRevisionUsage>> ReadAsync(RevisionUsageQuery query)
    {
        await using var session = _server.Session();
        List<MeshRevisionUsage> used = [];
        await foreach (var use in new RevisionUsageReader(session).ReadAsync(query, TestContext.Current.CancellationToken)) used.Add(use);
        return used;
    }
}
