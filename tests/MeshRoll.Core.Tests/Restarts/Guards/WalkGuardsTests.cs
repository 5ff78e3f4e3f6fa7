using System.Net;
using MeshRoll.Core.Restarts;
using MeshRoll.Core.Restarts.Guards;
using MeshRoll.Core.Rollouts.Following;
using MeshRoll.Core.Tests.Builders;
using MeshRoll.Core.Tests.Rollouts;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;
using MeshRoll.Kubernetes.Tests.Builders;

namespace MeshRoll.Core.Tests.Restarts.Guards;

/// <summary>The guards over real caches, on a server in memory.</summary>
public sealed class WalkGuardsTests : IAsyncDisposable
{
    private static readonly WorkloadReference Web = new("shop", "Deployment", "web");
    private static readonly WorkloadReference Cart = new("shop", "Deployment", "cart");

    private readonly LiveApiServer _server = new();
    private readonly ManualTimeProvider _time = new();
    private readonly List<string> _said = [];
    private readonly ClusterSession _session;
    private readonly ClusterView _view;
    private WalkGuards? _guards;

    public WalkGuardsTests()
    {
        _session = _server.Session(_time);
        _view = new(_session, null);
        _server.Put(Resources.Deployments, Some.Deployment(name: "web"), Some.Deployment(name: "cart"));
        for (var number = 1; number <= 3; number++) PutNode(number, "True");
    }

    [Fact]
    public async Task A_node_lost_during_the_run_holds_the_walk_until_it_is_back_for_a_while()
    {
        await BeginAsync(new());
        Assert.Equal(GuardAnswerKind.Go, Ask().Answer);

        PutNode(2, "Unknown");
        await HeldAsync();
        Assert.Equal(["Held back: node node-2 has become NotReady. Nothing further is started until that has passed; after 10 min restarting stops."], _said);

        PutNode(2, "True");
        await UntilAsync(GuardAnswerKind.Go);
        Assert.Equal(2, _said.Count);
        Assert.StartsWith("Going on after ", _said[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_that_stays_unwell_stops_the_walk_with_the_reason()
    {
        await BeginAsync(new() { HoldTimeout = TimeSpan.FromMinutes(2) });
        Ask();
        PutNode(1, "False");
        await HeldAsync();

        _time.Advance(TimeSpan.FromSeconds(100));
        Assert.Equal(GuardAnswerKind.Wait, Ask().Answer);
        _time.Advance(TimeSpan.FromSeconds(20));
        var answer = Ask();

        Assert.Equal((GuardAnswerKind.Stop, "held back for 2 min: node node-1 has become NotReady"), (answer.Answer, answer.Because));
    }

    [Fact]
    public async Task Nodes_down_from_the_start_and_nodes_that_come_up_or_go_for_good_hold_nothing()
    {
        PutNode(4, "False");
        await BeginAsync(new());
        Assert.Equal(GuardAnswerKind.Go, Ask().Answer);

        PutNode(5, "False");
        _server.Delete(Resources.Nodes, "node-3", "");
        await using var nodes = _session.Caches.Acquire(Resources.Nodes, new(null));
        await Following.EventuallyAsync(() => nodes.Find("", "node-5") is not null && nodes.Find("", "node-3") is null);
        for (var look = 0; look < 5; look++)
        {
            _time.Advance(WalkGuards.LookInterval);
            Assert.Equal(GuardAnswerKind.Go, Ask().Answer);
        }
        Assert.Empty(_said);
    }

    [Fact]
    public async Task Without_the_right_to_read_nodes_that_is_said_once_and_holds_nothing()
    {
        _server.Refuse = asked => asked.Path.EndsWith("/nodes", StringComparison.Ordinal) ? HttpStatusCode.Forbidden : null;
        await BeginAsync(new());

        await Following.EventuallyAsync(() =>
        {
            _time.Advance(WalkGuards.LookInterval);
            Assert.Equal(GuardAnswerKind.Go, Ask().Answer);
            return _said.Count > 0;
        });
        for (var look = 0; look < 3; look++)
        {
            _time.Advance(WalkGuards.LookInterval);
            Ask();
        }

        Assert.Equal(["Nodes cannot be read (no right to list nodes): whether the cluster loses nodes is not checked."], _said);
    }

    [Fact]
    public async Task Pods_that_find_no_node_hold_the_walk_when_they_are_more_than_at_the_start()
    {
        PutPending(3, "before");
        await BeginAsync(new() { MaxPendingPods = 2 });
        await Following.EventuallyAsync(() => _view.PodsWhere(HealthRules.IsWithoutNode).Count == 3);
        Assert.Equal(GuardAnswerKind.Go, Ask().Answer);

        PutPending(2, "few");
        await Following.EventuallyAsync(() => _view.PodsWhere(HealthRules.IsWithoutNode).Count == 5);
        _time.Advance(WalkGuards.LookInterval);
        Assert.Equal(GuardAnswerKind.Go, Ask().Answer);

        PutPending(1, "more");
        await HeldAsync();
        Assert.StartsWith("Held back: 3 more pods than at the start find no node.", _said[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pods_that_the_scheduler_has_not_looked_at_yet_have_a_moment()
    {
        await BeginAsync(new() { MaxPendingPods = 0 });
        Ask();
        PutPending(5, "new", isGivenUp: false);
        await Following.EventuallyAsync(() => _view.PodsWhere(HealthRules.IsWithoutNode).Count == 5);

        _time.Advance(WalkGuards.LookInterval);
        Assert.Equal(GuardAnswerKind.Go, Ask().Answer);
        _time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(GuardAnswerKind.Wait, Ask().Answer);
    }

    [Fact]
    public async Task A_server_that_throttles_holds_the_walk_for_as_long_as_it_does()
    {
        await BeginAsync(new());
        Ask();
        _server.Refuse = asked => asked.Path.Contains("/configmaps", StringComparison.Ordinal) ? HttpStatusCode.TooManyRequests : null;
        for (var request = 0; request < 5; request++)
            await Assert.ThrowsAsync<ApiException>(() => _session.Client.GetAsync(Resources.ConfigMaps, "shop", "x", TestContext.Current.CancellationToken));

        _time.Advance(WalkGuards.LookInterval);
        Assert.Equal(GuardAnswerKind.Wait, Ask().Answer);
        await UntilAsync(GuardAnswerKind.Go);

        Assert.StartsWith("Held back: the API server has throttled 5 requests within the last 20 s.", _said[0], StringComparison.Ordinal);
        Assert.StartsWith("Going on after ", _said[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ignored_health_is_not_even_looked_at()
    {
        await BeginAsync(new() { IgnoreClusterHealth = true });
        Ask();
        PutNode(1, "False");
        PutNode(2, "False");
        _time.Advance(WalkGuards.LookInterval);

        Assert.Equal(GuardAnswerKind.Go, Ask().Answer);
        Assert.Equal(0, _server.Lists("api/v1/nodes"));
    }

    [Fact]
    public async Task Any_number_of_questions_costs_one_list_and_one_watch_of_nodes()
    {
        await BeginAsync(new() { MaxPodsInTransition = 5 });
        await Following.EventuallyAsync(() => (_server.Watches("api/v1/nodes"), _server.Watches("apis/apps/v1/deployments"), _server.Watches("api/v1/pods")) == (1, 1, 1));
        var before = _server.Requests.Count;
        for (var question = 0; question < 100; question++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            Ask();
        }

        Assert.Equal((1, 1), (_server.Lists("api/v1/nodes"), _server.Watches("api/v1/nodes")));
        Assert.Equal(before, _server.Requests.Count);
    }

    [Fact]
    public async Task A_turn_waits_until_the_pods_in_transition_leave_room()
    {
        await BeginAsync(new() { MaxPodsInTransition = 3 });
        Put(Ready("web-1", "web"), Ready("web-2", "web"), Ready("web-3", "web"));
        await Following.EventuallyAsync(() => _view.PodsOf(Web).Count == 3);
        _guards!.Started(Web, 2);
        Assert.Equal(GuardAnswerKind.Wait, _guards.Ask(Cart, 2, _time.GetUtcNow()).Answer);
        Assert.Equal(GuardAnswerKind.Go, _guards.Ask(Cart, 1, _time.GetUtcNow()).Answer);

        _guards.Issued(Web, 2);
        await Following.EventuallyAsync(() => _guards.Ask(Cart, 2, _time.GetUtcNow()).Answer == GuardAnswerKind.Go);

        Put(Ready("web-4", "web", isReady: false), Ready("web-5", "web", isReady: false));
        await Following.EventuallyAsync(() => _guards.Ask(Cart, 2, _time.GetUtcNow()).Answer == GuardAnswerKind.Wait);
        _guards.Ended(Web);
        Assert.Equal(GuardAnswerKind.Go, _guards.Ask(Cart, 2, _time.GetUtcNow()).Answer);
        Assert.Empty(_said);
    }

    [Fact]
    public async Task One_that_is_too_big_goes_alone_and_says_so_once()
    {
        await BeginAsync(new() { MaxPodsInTransition = 3 });
        _guards!.Started(Web, 1);
        Assert.Equal(GuardAnswerKind.Wait, _guards.Ask(Cart, 9, _time.GetUtcNow()).Answer);
        Assert.Equal(GuardAnswerKind.Wait, _guards.Ask(Cart, 9, _time.GetUtcNow()).Answer);
        _guards.Ended(Web);
        Assert.Equal(GuardAnswerKind.Go, _guards.Ask(Cart, 9, _time.GetUtcNow()).Answer);

        Assert.Equal(
            ["shop deployment/cart moves 9 pods at a time, more than the 3 allowed in transition: it waits until nothing else moves.",
             "shop deployment/cart moves 9 pods at a time, more than the 3 allowed in transition: it is restarted now, while nothing else moves."], _said);
    }

    [Theory]
    [InlineData(-1, null, 0, 60, "MaxPodsInTransition")]
    [InlineData(0, -1, 0, 60, "MaxNotReadyNodes")]
    [InlineData(0, null, -1, 60, "MaxPendingPods")]
    [InlineData(0, null, 0, -1, "HoldTimeout")]
    [InlineData(0, null, 0, 700_000, "HoldTimeout")]
    public void Numbers_that_make_no_sense_are_refused_by_name(int transition, int? nodes, int pending, int hold, string names)
    {
        var options = new RestartOptions { Guards = new() { MaxPodsInTransition = transition, MaxNotReadyNodes = nodes, MaxPendingPods = pending, HoldTimeout = TimeSpan.FromSeconds(hold) } };

        var error = Assert.Throws<InvalidRequestException>(() => new RestartEngine(_session).RunAsync([], options, CancellationToken.None));
        Assert.Equal("MeshRoll.InvalidPacing", error.Id);
        Assert.Contains(names, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_exclusion_that_is_no_name_is_refused() =>
        Assert.Equal("MeshRoll.NameInvalid", Assert.Throws<InvalidRequestException>(() => new RestartEngine(_session).RunAsync([], new() { Guards = new() { Exclude = ["we b"] } }, CancellationToken.None)).Id);

    public async ValueTask DisposeAsync()
    {
        if (_guards is not null) await _guards.DisposeAsync();
        await _view.DisposeAsync();
        await _session.DisposeAsync();
    }

    private async Task BeginAsync(GuardOptions options)
    {
        _guards = new(_session, _view, ["shop"], options, _said.Add);
        _view.Open([Web, Cart]);
        Assert.Null(await _view.ReadyAsync(Web, TestContext.Current.CancellationToken));
        if (options.IgnoreClusterHealth || _server.Refuse is not null) return;
        // The first look is to see the nodes as they are at the start.
        await using var nodes = _session.Caches.Acquire(Resources.Nodes, new(null));
        await nodes.Synced.WaitAsync(TestContext.Current.CancellationToken);
    }

    private GuardAnswer Ask() => _guards!.Ask(Web, 1, _time.GetUtcNow());

    private Task HeldAsync() => UntilAsync(GuardAnswerKind.Wait);

    private Task UntilAsync(GuardAnswerKind answer) => Following.EventuallyAsync(() =>
    {
        _time.Advance(WalkGuards.LookInterval);
        return Ask().Answer == answer;
    }, () => string.Join("; ", _said));

    private void PutNode(int number, string ready) => _server.Put(Resources.Nodes, new Node
    {
        Metadata = new() { Name = $"node-{number}", Uid = $"uid-node-{number}" },
        Status = new() { Conditions = [new() { Type = "Ready", Status = ready }] },
    });

    private void PutPending(int count, string name, bool isGivenUp = true)
    {
        for (var number = 0; number < count; number++)
            _server.Put(Resources.Pods, Some.WebPod($"{name}-{number}", status: isGivenUp ? Some.NoNode() : new() { Phase = "Pending" }));
    }

    private void Put(params Pod[] pods) => _server.Put(Resources.Pods, pods);

    private static Pod Ready(string name, string owner, bool isReady = true)
    {
        var pod = Some.WebPod(name, status: new() { Phase = "Running", Conditions = [new() { Type = "Ready", Status = isReady ? "True" : "False" }] });
        return pod with { Metadata = pod.Metadata with { OwnerReferences = [new() { ApiVersion = "apps/v1", Kind = "ReplicaSet", Name = $"{owner}-h2", Controller = true }] } };
    }
}
