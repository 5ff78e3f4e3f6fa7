using System.Net;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Rollouts.Verbs;
using MeshRoll.Core.Tests.Builders;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.Rollouts.Verbs;

public sealed class HistoryReaderTests : IAsyncDisposable
{
    private readonly LiveApiServer _server = new();
    private readonly ClusterSession _session;

    public HistoryReaderTests()
    {
        _session = _server.Session(TimeProvider.System);
        _server.PutWhole(Resources.Deployments, Whole.Workload(Whole.Web, Whole.Template("app:2")));
        _server.PutWhole(Resources.ReplicaSets, Whole.ReplicaSet("2", Whole.Template("app:2", hash: "h2"), annotations: new() { ["kubernetes.io/change-cause"] = "a new one" }));
        _server.PutWhole(Resources.ReplicaSets, Whole.ReplicaSet("1", Whole.Template(hash: "h1")));
        _server.PutWhole(Resources.StatefulSets, Whole.Workload(Whole.Db, Whole.Template()));
        _server.PutWhole(Resources.ControllerRevisions, Whole.ControllerRevision(1, Whole.Template()));
    }

    public ValueTask DisposeAsync() => _session.DisposeAsync();

    [Fact]
    public async Task Revisions_come_in_order_with_cause_images_and_the_current_one()
    {
        var entries = Found(await ReadAsync([Whole.Web, Whole.Db]));
        Assert.Equal(
            ["web 1 app:1,init:1 web-h1 ", "web 2 current app:2,init:1 web-h2 a new one", "db 1 current app:1,init:1 db-h1 "],
            entries.Select(entry => $"{entry.Name} {entry.Revision} {(entry.Current ? "current " : "")}{string.Join(',', entry.Images)} {entry.KeptBy} {entry.ChangeCause}"));
        Assert.All(entries, entry => Assert.Equal(("live", "shop", ""), (entry.Cluster, entry.Namespace, entry.Template)));
    }

    [Fact]
    public async Task The_sidecars_of_a_revisions_pods_are_read_off_the_pods()
    {
        _server.Put(Resources.Pods, Pod("web-h1-a", "uid-web-h1", "1.26.4"), Pod("web-h2-a", "uid-web-h2", "1.27.1"), Pod("web-h2-b", "uid-web-h2", "1.26.4"), Pod("web-h2-c", "uid-web-h2", null));
        var entries = Found(await ReadAsync([Whole.Web]));
        Assert.Equal(["1: 1 pods, 1.26.4", "2: 3 pods, 1.26.4 1.27.1"], entries.Select(entry => $"{entry.Revision}: {entry.Pods} pods, {string.Join(' ', entry.SidecarVersions)}"));
    }

    [Fact]
    public async Task A_revision_asked_for_by_number_brings_its_template_and_an_unknown_one_is_a_failure()
    {
        var happened = await ReadAsync([Whole.Web], 1, 7);
        var entry = Assert.Single(Found(happened));
        Assert.Contains("\"image\": \"app:1\"", entry.Template, StringComparison.Ordinal);
        Assert.DoesNotContain("pod-template-hash", entry.Template, StringComparison.Ordinal);
        Assert.Equal("shop deployment/web has no revision 7: there are 1, 2.", Assert.Single(happened.OfType<ReadEvent<MeshRevisionEntry>.Failed>()).Error.Message);
    }

    [Fact]
    public async Task Pods_that_may_not_be_read_leave_the_sidecars_unknown()
    {
        _server.Refuse = asked => asked.Path.EndsWith("/pods", StringComparison.Ordinal) ? HttpStatusCode.Forbidden : null;
        var happened = await ReadAsync([Whole.Web]);
        Assert.Equal(2, Found(happened).Count);
        Assert.Contains("no right to list pods in shop", Assert.Single(happened.OfType<ReadEvent<MeshRevisionEntry>.Remark>()).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_workload_that_cannot_be_read_does_not_end_the_others()
    {
        var happened = await ReadAsync([new("shop", "Deployment", "gone"), new("shop", "Job", "once"), Whole.Db]);
        Assert.Equal(["MeshRoll.WorkloadNotFound", VerbRefusedException.NotSupported], happened.OfType<ReadEvent<MeshRevisionEntry>.Failed>().Select(failed => failed.Error.Id));
        Assert.Equal("db", Assert.Single(Found(happened)).Name);
    }

    [Fact]
    public async Task Many_workloads_come_in_the_order_they_were_named_however_fast_each_is()
    {
        var names = Enumerable.Range(1, 30).Select(number => new WorkloadReference("shop", "Deployment", $"w{number}")).ToList();
        foreach (var workload in names)
        {
            _server.PutWhole(Resources.Deployments, Whole.Workload(workload, Whole.Template()));
            _server.PutWhole(Resources.ReplicaSets, Whole.ReplicaSet("1", Whole.Template(), owner: workload.Name));
        }
        Assert.Equal(names.Select(workload => workload.Name), Found(await ReadAsync(names)).Select(entry => entry.Name));
    }

    private static List<MeshRevisionEntry> Found(IEnumerable<ReadEvent<MeshRevisionEntry>> happened) => [.. happened.OfType<ReadEvent<MeshRevisionEntry>.Found>().Select(found => found.Item)];

    private async Task<List<ReadEvent<MeshRevisionEntry>>> ReadAsync(IReadOnlyList<WorkloadReference> workloads, params long[] numbers)
    {
        var happened = new List<ReadEvent<MeshRevisionEntry>>();
        await foreach (var item in new HistoryReader(_session).ReadAsync(workloads, numbers, TestContext.Current.CancellationToken)) happened.Add(item);
        return happened;
    }

    private static Pod Pod(string name, string owner, string? sidecar) => new()
    {
        Metadata = new()
        {
            Name = name,
            Namespace = "shop",
            Uid = $"uid-{name}",
            Labels = new Dictionary<string, string> { ["app"] = "web" },
            Annotations = new Dictionary<string, string> { ["sidecar.istio.io/status"] = """{"revision":"default"}""" },
            OwnerReferences = [new() { Kind = "ReplicaSet", Name = owner, Uid = owner, Controller = true }],
        },
        Spec = new() { Containers = sidecar is null ? [new() { Name = "app", Image = "app:1" }] : [new() { Name = "app", Image = "app:1" }, new() { Name = "istio-proxy", Image = $"istio/proxyv2:{sidecar}" }] },
        Status = new() { Phase = "Running" },
    };
}
