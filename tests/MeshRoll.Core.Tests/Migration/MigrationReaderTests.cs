using MeshRoll.Core.Migration;
using MeshRoll.Core.Tests.Builders;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Api;

namespace MeshRoll.Core.Tests.Migration;

public sealed class MigrationReaderTests
{
    private readonly SnapshotApiServer _server = new SnapshotApiServer()
        .With(Resources.Namespaces, Mesh.Namespace("shop", "istio.io/rev=1-27-1"), Mesh.Namespace("pay", "istio-injection=enabled"))
        .With(Resources.MutatingWebhookConfigurations, Mesh.Injector(), Mesh.Injector("1-27-1"), Mesh.Tag("stable", "1-27-1"))
        .With(Resources.ConfigMaps, Mesh.InjectorMap("1.26.4"), Mesh.InjectorMap("1.27.1", "1-27-1"))
        .With(Resources.Deployments, Mesh.Deployment("shop", "web", 2), Mesh.Deployment("pay", "ledger"), Mesh.Deployment("shop", "idle", 0))
        .With(Resources.StatefulSets).With(Resources.DaemonSets).With(Resources.ReplicaSets)
        .With(Resources.Pods, Mesh.Pod("shop", "web-1", "web", "1.26.4"), Mesh.Pod("shop", "web-2", "web", "1.27.1", "1-27-1"), Mesh.Pod("pay", "ledger-1", "ledger", "1.26.4"));

    [Fact]
    public async Task One_comes_for_each_namespace_and_then_the_total()
    {
        var rows = Found(await ReadAsync(new() { From = "default", To = "stable" }));

        Assert.Equal(["pay 0/1 not switched 1", "shop 1/1 not switched 0", " 1/2 not switched 1"], rows.Select(row => $"{row.Namespace} {row.Moved}/{row.Left} not switched {row.NotSwitched}"));
        Assert.All(rows, row => Assert.Equal(("default", "1-27-1"), (row.From, row.To)));
        Assert.True(rows[^1].Total);
    }

    [Fact]
    public async Task By_version_it_is_the_same()
    {
        var total = Found(await ReadAsync(new() { From = "1.26", To = "1.27.1" }))[^1];

        Assert.Equal(("1.26", "1.27.1", 1, 2), (total.From, total.To, total.Moved, total.Left));
    }

    [Fact]
    public async Task What_is_left_comes_as_workloads()
    {
        await using var session = _server.Session();
        List<MeshWorkload> left = [];
        await foreach (var happened in new MigrationReader(session).ReadLeftAsync(new() { To = "1-27-1" }, Cancelled)) left.Add(Assert.IsType<ReadEvent<MeshWorkload>.Found>(happened).Item);

        Assert.Equal(["pay/ledger 0", "shop/web 1"], left.Select(workload => $"{workload.Namespace}/{workload.Name} {workload.OutdatedSidecars}"));
    }

    [Fact]
    public async Task A_side_that_is_nothing_is_refused() =>
        Assert.Equal("MeshRoll.RevisionNotFound", (await Assert.ThrowsAsync<NotFoundException>(() => ReadAsync(new() { From = "nix", To = "stable" }))).Id);

    [Fact]
    public async Task Two_names_of_the_same_are_no_migration() =>
        Assert.Equal("MeshRoll.MigrationInvalid", (await Assert.ThrowsAsync<InvalidRequestException>(() => ReadAsync(new() { From = "1-27-1", To = "stable" }))).Id);

    [Fact]
    public async Task A_namespace_that_may_not_be_read_is_an_error_and_the_rest_goes_on()
    {
        _server.Refuse("/api/v1/namespaces/pay/pods");

        var events = await ReadAsync(new() { To = "stable", Selection = new() { Namespaces = ["shop", "pay"] } });

        Assert.Equal("pay", Assert.Single(events.OfType<ReadEvent<MeshMigration>.Failed>()).Target);
        Assert.True(Found(events)[^1] is { Total: true, Pods: 2, Percent: null, DaysToGo: null, Complete: false });
        Assert.StartsWith("not all pods could be read; of those that could: 1 pod is left", Found(events)[^1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Workloads_that_may_not_be_read_hide_no_pod()
    {
        _server.Refuse("/apis/apps/v1/deployments");

        var events = await ReadAsync(new() { To = "stable" });
        Assert.Single(events.OfType<ReadEvent<MeshMigration>.Failed>());
        Assert.Equal(33, Found(events)[^1].Percent);

        await using var session = _server.Session();
        MigrationWaitEvent? last = null;
        await foreach (var happened in new MigrationWait(session).RunAsync(new() { To = "stable" }, new() { Percent = 33 }, Cancelled)) last = happened;
        Assert.True(last is MigrationWaitEvent.Ended { Reached: true });
    }

    [Fact]
    public async Task A_namespace_that_is_not_there_hides_no_pod()
    {
        var events = await ReadAsync(new() { To = "stable", Selection = new() { Namespaces = ["shop", "nowhere"] } });

        Assert.Equal("MeshRoll.NamespaceNotFound", Assert.Single(events.OfType<ReadEvent<MeshMigration>.Failed>()).Error.Id);
        Assert.Equal(50, Found(events)[^1].Percent);
    }

    [Fact]
    public async Task Waiting_ends_when_it_is_as_far()
    {
        await using var session = _server.Session();
        List<MigrationWaitEvent> events = [];
        await foreach (var happened in new MigrationWait(session).RunAsync(new() { To = "stable" }, new() { Percent = 30, PollInterval = TimeSpan.FromMilliseconds(1) }, Cancelled)) events.Add(happened);

        Assert.True(events is [MigrationWaitEvent.Looked, MigrationWaitEvent.Ended { Reached: true, Total.Percent: 33 }]);
    }

    [Fact]
    public async Task Waiting_goes_on_after_trouble_which_is_told_once_and_the_old_revision_may_vanish_meanwhile()
    {
        await using var session = _server.Session();
        List<string> told = [];
        var isDown = false;
        _server.Gate = (path, _) => isDown && path.StartsWith("/api/v1/pods", StringComparison.Ordinal) ? throw new HttpRequestException("gone") : Task.CompletedTask;
        await foreach (var happened in new MigrationWait(session).RunAsync(new() { From = "default", To = "stable" }, new() { PollInterval = TimeSpan.FromMilliseconds(1), Timeout = TimeSpan.FromMinutes(1) }, Cancelled))
        {
            told.Add(happened switch { MigrationWaitEvent.Looked looked => $"{looked.Total.Percent}", MigrationWaitEvent.Remark remark => remark.Text[..14], _ => "end" });
            if (told.Count == 1) isDown = true;
            if (told.Count != 2) continue;
            isDown = false;
            _server.Remove(Resources.MutatingWebhookConfigurations, static webhook => (string?)webhook["metadata"]!["name"] == "istio-sidecar-injector");
            _server.Remove(Resources.ConfigMaps, static map => (string?)map["metadata"]!["name"] == "istio-sidecar-injector");
            _server.Remove(Resources.Pods, static pod => (string?)pod["metadata"]!["name"] != "web-2");
        }

        Assert.Equal(["33", "Could not look", "100", "end"], told);
    }

    [Fact]
    public async Task Waiting_ends_with_its_time()
    {
        await using var session = _server.Session();
        List<MigrationWaitEvent> events = [];
        await foreach (var happened in new MigrationWait(session).RunAsync(new() { To = "stable" }, new() { PollInterval = TimeSpan.FromMilliseconds(20), Timeout = TimeSpan.FromMilliseconds(5) }, Cancelled)) events.Add(happened);

        Assert.True(events[^1] is MigrationWaitEvent.Ended { Reached: false, Total: not null });
    }

    [Fact]
    public async Task Nobody_waits_for_what_may_not_be_read()
    {
        _server.Refuse("/api/v1/pods");
        await using var session = _server.Session();

        await Assert.ThrowsAsync<ApiException>(async () =>
        {
            await foreach (var _ in new MigrationWait(session).RunAsync(new() { To = "stable" }, new(), Cancelled)) { }
        });
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static List<MeshMigration> Found(IEnumerable<ReadEvent<MeshMigration>> events) => [.. events.OfType<ReadEvent<MeshMigration>.Found>().Select(found => found.Item)];

    private async Task<List<ReadEvent<MeshMigration>>> ReadAsync(MigrationQuery query)
    {
        await using var session = _server.Session();
        List<ReadEvent<MeshMigration>> events = [];
        await foreach (var happened in new MigrationReader(session).ReadAsync(query, Cancelled)) events.Add(happened);
        return events;
    }
}
