using System.Net;
using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Tests.Builders;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.Sidecars;

public sealed class SidecarInventoryTests
{
    private readonly SnapshotApiServer _server = new SnapshotApiServer()
        .With(Resources.Namespaces, Mesh.Namespace("shop", "istio.io/rev=1-11-8"), Mesh.Namespace("bank", "istio-injection=enabled"), Mesh.Namespace("shop-test"))
        .With(Resources.MutatingWebhookConfigurations, Mesh.Injector(), Mesh.Injector("1-11-8"))
        .With(Resources.ConfigMaps, Mesh.InjectorMap("1.7.8"), Mesh.InjectorMap("1.11.8", "1-11-8"))
        .With(Resources.Deployments).With(Resources.StatefulSets).With(Resources.DaemonSets).With(Resources.ReplicaSets)
        .With(Resources.Pods,
            Mesh.Pod("bank", "ledger-1", "ledger", "1.7.8"),
            Mesh.Pod("shop", "web-1", "web", "1.7.8"),
            Mesh.Pod("shop", "web-2", "web", "1.11.8", "1-11-8"));

    [Fact]
    public async Task Each_pod_with_a_sidecar_is_one_object()
    {
        var events = await ReadAsync(new() { Selection = new() { AllNamespaces = true } });

        Assert.Equal(["bank/ledger-1", "shop/web-1", "shop/web-2"], events.Select(Name));
        Assert.Equal([false, true, false], Found(events).Select(sidecar => sidecar.Outdated == true));
    }

    [Fact]
    public async Task The_connections_namespace_is_read_when_none_is_named() =>
        Assert.Equal(["bank/ledger-1"], (await ReadAsync(new(), "bank")).Select(Name));

    [Fact]
    public async Task Only_outdated_ones_come_when_asked() =>
        Assert.Equal(["shop/web-1"], (await ReadAsync(new() { Selection = new() { Namespaces = ["shop"] }, OutdatedOnly = true })).Select(Name));

    [Fact]
    public async Task The_first_object_is_out_before_the_second_page_is_answered()
    {
        _server.PageSize = 1;
        TaskCompletionSource release = new();
        _server.Gate = (path, cancel) => path.Contains("/pods?", StringComparison.Ordinal) && path.Contains("continue=", StringComparison.Ordinal) ? release.Task.WaitAsync(cancel) : Task.CompletedTask;
        await using var session = _server.Session();
        await using var events = new SidecarInventory(session).ReadSidecarsAsync(new() { Selection = new() { AllNamespaces = true } }, TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);

        Assert.True(await events.MoveNextAsync());
        Assert.Equal("bank/ledger-1", Name(events.Current));
        var second = events.MoveNextAsync();
        Assert.False(second.IsCompleted);
        release.SetResult();
        Assert.True(await second);
    }

    [Fact]
    public async Task A_reader_that_has_had_enough_leaves_nothing_running()
    {
        _server.PageSize = 1;
        await using var session = _server.Session();
        await foreach (var happened in new SidecarInventory(session).ReadSidecarsAsync(new() { Selection = new() { AllNamespaces = true } }, TestContext.Current.CancellationToken))
        {
            Assert.Equal("bank/ledger-1", Name(happened));
            break;
        }
    }

    [Fact]
    public async Task Namespaces_come_in_the_order_they_were_named() =>
        Assert.Equal(["shop/web-1", "shop/web-2", "bank/ledger-1"], (await ReadAsync(Of("shop", "bank"))).Select(Name));

    [Fact]
    public async Task Many_namespaces_come_whole_and_in_order()
    {
        string[] names = [.. Enumerable.Range(0, 30).Select(number => $"n{number:00}")];
        _server.With(Resources.Namespaces, [.. names.Select(name => Mesh.Namespace(name))]).With(Resources.Pods, [.. names.Select(name => Mesh.Pod(name, "p"))]);

        Assert.Equal(names.Select(name => $"{name}/p"), (await ReadAsync(Of(names))).Select(Name));
    }

    [Fact]
    public async Task Wildcards_are_resolved_against_the_namespaces_there_are() =>
        Assert.Equal(["shop/web-1", "shop/web-2", "bank/ledger-1"], (await ReadAsync(Of("shop*", "BANK*"))).Select(Name));

    [Fact]
    public async Task When_most_namespaces_are_meant_the_cluster_is_listed_once()
    {
        _server.With(Resources.Namespaces, [.. Enumerable.Range(0, 5).Select(number => Mesh.Namespace($"shop{number}"))]).With(Resources.Pods, Mesh.Pod("shop3", "p"));

        Assert.Equal(["shop/web-1", "shop/web-2", "shop3/p"], (await ReadAsync(Of("shop*"))).Select(Name));
        Assert.Single(_server.Requests, request => request.StartsWith("/api/v1/pods?", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_may_not_list_the_cluster_lists_the_namespaces_that_were_meant()
    {
        _server.With(Resources.Namespaces, [.. Enumerable.Range(0, 5).Select(number => Mesh.Namespace($"shop{number}"))]).With(Resources.Pods, Mesh.Pod("shop3", "p")).Refuse("/api/v1/pods");

        Assert.Equal(["shop/web-1", "shop/web-2", "shop3/p"], (await ReadAsync(Of("shop*"))).Select(Name));
    }

    [Fact]
    public async Task A_wildcard_that_fits_nothing_is_a_remark() =>
        Assert.Equal("No namespace fits 'market*'.", Assert.Single(await ReadAsync(Of("market*"))) is ReadEvent<MeshSidecar>.Remark remark ? remark.Text : null);

    [Fact]
    public async Task Wildcards_without_the_right_to_list_say_to_name_namespaces()
    {
        _server.Refuse("/api/v1/namespaces");

        var events = await ReadAsync(Of("shop*", "bank"));

        var failed = Assert.IsType<ReadEvent<MeshSidecar>.Failed>(events[0]);
        Assert.Equal(("MeshRoll.NamespaceListForbidden", "shop*"), (failed.Error.Id, failed.Target));
        Assert.Contains("Name the namespaces without wildcards.", failed.Error.Message, StringComparison.Ordinal);
        Assert.Contains("bank/ledger-1", events.Select(Name));
    }

    [Fact]
    public async Task An_unknown_namespace_fails_and_the_others_go_on()
    {
        var events = await ReadAsync(Of("shpo", "bank"));

        var failed = Assert.IsType<ReadEvent<MeshSidecar>.Failed>(events[0]);
        Assert.Equal(("MeshRoll.NamespaceNotFound", "shpo", "There is no namespace 'shpo'. Did you mean shop?"), (failed.Error.Id, failed.Target, failed.Error.Message));
        Assert.Equal("bank/ledger-1", Name(Assert.Single(events.Skip(1))));
    }

    [Fact]
    public async Task A_namespace_that_is_forbidden_fails_and_the_others_go_on()
    {
        _server.Refuse("/api/v1/namespaces/shop/pods");

        var events = await ReadAsync(Of("shop", "bank"));

        var failed = Assert.Single(events.OfType<ReadEvent<MeshSidecar>.Failed>());
        Assert.Equal(("MeshRoll.Forbidden", "shop"), (failed.Error.Id, failed.Target));
        Assert.Equal(["bank/ledger-1"], Found(events).Select(sidecar => $"{sidecar.Namespace}/{sidecar.Pod}"));
    }

    [Fact]
    public async Task All_namespaces_forbidden_is_one_failure()
    {
        _server.Refuse("/api/v1/pods");

        var failed = Assert.IsType<ReadEvent<MeshSidecar>.Failed>(Assert.Single(await ReadAsync(new() { Selection = new() { AllNamespaces = true } })));
        Assert.Equal("all namespaces", failed.Target);
    }

    [Fact]
    public async Task Who_is_not_let_in_gets_the_error_itself()
    {
        _server.Refuse("/", HttpStatusCode.Unauthorized);

        await Assert.ThrowsAsync<ApiException>(() => ReadAsync(Of("shop")));
    }

    [Fact]
    public async Task Pods_on_their_way_out_are_left_out()
    {
        var gone = Mesh.Pod("shop-test", "gone");
        var ended = Mesh.Pod("shop-test", "ended");
        _server.With(Resources.Pods, gone with { Metadata = gone.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } }, ended with { Status = ended.Status with { Phase = "Succeeded" } });

        Assert.Empty(await ReadAsync(Of("shop-test")));
    }

    [Fact]
    public async Task Gateways_come_when_asked_for()
    {
        _server.With(Resources.Pods, Mesh.Pod("shop-test", "gw").WithLabels("istio=ingressgateway"));

        Assert.Empty(await ReadAsync(Of("shop-test")));
        Assert.True(Assert.Single(Found(await ReadAsync(Of("shop-test") with { IncludeGateway = true }))).Gateway);
    }

    [Fact]
    public async Task Proxyless_pods_are_counted_in_a_remark()
    {
        _server.With(Resources.Pods, Mesh.Pod("shop-test", "g").WithAnnotations("inject.istio.io/templates=grpc-agent"));

        Assert.Equal("Left out, because proxyless gRPC has no sidecar: 1 pod.", Assert.Single(await ReadAsync(Of("shop-test"))) is ReadEvent<MeshSidecar>.Remark remark ? remark.Text : null);
    }

    [Fact]
    public async Task What_cannot_be_judged_is_said_where_only_outdated_ones_are_asked_for()
    {
        _server.Refuse("/api/v1/namespaces/istio-system/configmaps").Refuse("/api/v1/namespaces/istio-system/configmaps/");

        var remarks = (await ReadAsync(Of("bank") with { OutdatedOnly = true })).Cast<ReadEvent<MeshSidecar>.Remark>().Select(remark => remark.Text).ToList();

        Assert.Contains("the version its new sidecars get is unknown", remarks[0], StringComparison.Ordinal);
        Assert.StartsWith("Left out, because it cannot be told whether they are outdated: 1 sidecar. The first: bank/ledger-1 runs 1.7.8", remarks[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("web", 2)]
    [InlineData("deploy/web", 2)]
    [InlineData("w*", 2)]
    [InlineData("sts/w*", 0)]
    public async Task Names_choose_workloads(string name, int pods) =>
        Assert.Equal(pods, Found(await ReadAsync(new() { Selection = new() { Namespaces = ["shop"], Names = [name] } })).Count());

    [Fact]
    public async Task Kinds_choose_workloads() =>
        Assert.Empty(await ReadAsync(new() { Selection = new() { Namespaces = ["shop"], Kinds = ["sts"] } }));

    [Fact]
    public async Task A_name_that_nothing_has_fails_with_the_names_it_resembles()
    {
        var failed = Assert.IsType<ReadEvent<MeshSidecar>.Failed>(Assert.Single(await ReadAsync(new() { Selection = new() { Namespaces = ["shop"], Names = ["deploy/wep"] } })));

        Assert.Equal(("MeshRoll.WorkloadNotFound", "deployment/wep"), (failed.Error.Id, failed.Target));
        Assert.Equal("There is no deployment 'wep' in namespace shop. Did you mean web?", failed.Error.Message);
    }

    [Fact]
    public async Task A_workload_without_pods_is_there_all_the_same()
    {
        _server.With(Resources.Deployments, Mesh.Deployment("shop", "idle", 0));

        var remark = Assert.IsType<ReadEvent<MeshSidecar>.Remark>(Assert.Single(await ReadAsync(new() { Selection = new() { Namespaces = ["shop"], Names = ["idle"] } })));
        Assert.Equal("shop deployment/idle has no pods, and so no sidecars.", remark.Text);
    }

    [Fact]
    public async Task Whether_a_name_exists_is_not_claimed_without_the_right_to_look()
    {
        _server.Refuse("/apis/apps/v1/namespaces/shop/deployments");

        Assert.IsType<ReadEvent<MeshSidecar>.Remark>(Assert.Single(await ReadAsync(new() { Selection = new() { Namespaces = ["shop"], Names = ["idle"] } })));
    }

    [Fact]
    public async Task A_ReplicaSet_whose_name_does_not_tell_is_asked_for_once()
    {
        var owner = Mesh.Owner("apps/v1", "ReplicaSet", "odd");
        _server
            .With(Resources.ReplicaSets, new ReplicaSet { Metadata = new() { Name = "odd", Namespace = "shop-test", OwnerReferences = [Mesh.Owner("example.com/v1", "Website", "w")] } })
            .With(Resources.Pods, Mesh.Pod("shop-test", "odd-1").OwnedBy(owner), Mesh.Pod("shop-test", "odd-2").OwnedBy(owner));

        Assert.Equal(["Website", "Website"], Found(await ReadAsync(Of("shop-test"))).Select(sidecar => sidecar.Kind));
        Assert.Single(_server.Requests, request => request.EndsWith("/replicasets/odd", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_label_selector_goes_to_the_server()
    {
        _server.With(Resources.Pods, Mesh.Pod("shop-test", "a").WithLabels("app=a"), Mesh.Pod("shop-test", "b").WithLabels("app=b"));

        Assert.Equal(["shop-test/a"], (await ReadAsync(new() { Selection = new() { Namespaces = ["shop-test"], LabelSelector = "app=a" } })).Select(Name));
    }

    [Theory]
    [InlineData("web_1", "", "", "MeshRoll.NameInvalid")]
    [InlineData("web", "job", "", "MeshRoll.NameInvalid")]
    [InlineData("web", "deploy", "a=b=c", "MeshRoll.SelectorInvalid")]
    public async Task A_request_that_makes_no_sense_is_refused_before_anything_is_asked(string name, string kind, string selector, string id)
    {
        await using var session = _server.Session();
        var query = new SidecarQuery { Selection = new WorkloadSelection { Names = [name], Kinds = kind.Length == 0 ? [] : [kind], LabelSelector = selector } };

        Assert.Equal(id, Assert.Throws<InvalidRequestException>(() => new SidecarInventory(session).ReadSidecarsAsync(query, TestContext.Current.CancellationToken)).Id);
        Assert.Equal(id, Assert.Throws<InvalidRequestException>(() => new SidecarInventory(session).ReadWorkloadsAsync(query, TestContext.Current.CancellationToken)).Id);
        Assert.Empty(_server.Requests);
    }

    private static SidecarQuery Of(params string[] namespaces) => new() { Selection = new() { Namespaces = namespaces } };

    private static string Name(ReadEvent<MeshSidecar> happened) => happened switch
    {
        ReadEvent<MeshSidecar>.Found { Item: var sidecar } => $"{sidecar.Namespace}/{sidecar.Pod}",
        ReadEvent<MeshSidecar>.Failed failed => $"failed {failed.Target}: {failed.Error.Message}",
        ReadEvent<MeshSidecar>.Remark remark => remark.Text,
        _ => "",
    };

    private static IEnumerable<MeshSidecar> Found(IEnumerable<ReadEvent<MeshSidecar>> events) => events.OfType<ReadEvent<MeshSidecar>.Found>().Select(found => found.Item);

    private async Task<List<ReadEvent<MeshSidecar>>> ReadAsync(SidecarQuery query, string @namespace = "default")
    {
        await using var session = _server.Session(@namespace);
        List<ReadEvent<MeshSidecar>> events = [];
        await foreach (var happened in new SidecarInventory(session).ReadSidecarsAsync(query, TestContext.Current.CancellationToken)) events.Add(happened);
        return events;
    }
}
