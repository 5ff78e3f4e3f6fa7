using System.Net;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Rollouts.Verbs;
using MeshRoll.Core.Tests.Builders;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Api;

namespace MeshRoll.Core.Tests.Rollouts.Verbs;

public sealed class VerbEngineTests : IAsyncDisposable
{
    private const string Deployment = "/apis/apps/v1/namespaces/shop/deployments/web";

    private readonly LiveApiServer _server = new();
    private readonly ClusterSession _session;
    private readonly List<string> _asked = [];

    public VerbEngineTests() => _session = _server.Session(TimeProvider.System);

    private static SetImageVerb Image => SetImageVerb.Of(new Dictionary<string, string> { ["app"] = "app:2" });

    private int Patches => _server.Requests.Count(asked => asked.Method == "PATCH");

    public ValueTask DisposeAsync() => _session.DisposeAsync();

    [Fact]
    public async Task A_change_gives_the_rollout_that_can_be_followed()
    {
        _server.PutWhole(Resources.Deployments, Whole.Workload(Whole.Web, Whole.Template()));

        var rollout = await RunAsync(Whole.Web, Image);

        Assert.Equal((RolloutState.Pending, 5L, "uid-web", 2), (rollout.State, rollout.Generation, rollout.Uid, rollout.Desired));
        Assert.Equal("image set: app app:1 → app:2", rollout.Message);
        Assert.NotNull(rollout.StartTime);
        Assert.Equal("app:2", (string?)_server.GetWhole(Resources.Deployments, "web")["spec"]!["template"]!["spec"]!["containers"]![0]!["image"]);
        Assert.Equal(["Set image app app:1 → app:2"], _asked);
    }

    [Fact]
    public async Task A_conflict_is_decided_anew_and_asked_about_once()
    {
        _server.PutWhole(Resources.Deployments, Whole.Workload(Whole.Web, Whole.Template()));
        var conflicts = 2;
        _server.Refuse = asked => asked.Method == "PATCH" && conflicts-- > 0 ? HttpStatusCode.Conflict : null;

        Assert.Equal(RolloutState.Pending, (await RunAsync(Whole.Web, Image)).State);

        Assert.Equal(3, Patches);
        Assert.Equal(3, _server.Requests.Count(asked => asked.Method == "GET"));
        Assert.Single(_asked);
    }

    [Fact]
    public async Task A_conflict_that_does_not_end_is_said()
    {
        _server.PutWhole(Resources.Deployments, Whole.Workload(Whole.Web, Whole.Template()));
        _server.Refuse = asked => asked.Method == "PATCH" ? HttpStatusCode.Conflict : null;

        Assert.Equal("MeshRoll.Conflict", (await Assert.ThrowsAsync<ApiException>(() => RunAsync(Whole.Web, Image))).Id);
        Assert.Equal(6, Patches);
    }

    [Fact]
    public async Task A_container_that_moved_meanwhile_is_found_where_it_is_now()
    {
        _server.PutWhole(Resources.Deployments, Whole.Workload(Whole.Web, Whole.Template()));
        var isMoved = false;
        _server.Refuse = asked =>
        {
            if (asked.Method != "PATCH" || isMoved) return null;
            isMoved = true;
            var template = Whole.Template();
            template["spec"]!["containers"]!.AsArray().Insert(0, new System.Text.Json.Nodes.JsonObject { ["name"] = "helper", ["image"] = "helper:1" });
            _server.PutWhole(Resources.Deployments, Whole.Workload(Whole.Web, template));
            return null;
        };

        await RunAsync(Whole.Web, Image);

        var containers = _server.GetWhole(Resources.Deployments, "web")["spec"]!["template"]!["spec"]!["containers"]!.AsArray();
        Assert.Equal(["helper=helper:1", "app=app:2"], containers.Select(container => $"{container!["name"]}={container["image"]}"));
    }

    [Fact]
    public async Task What_the_server_finds_invalid_is_not_tried_for_ever()
    {
        _server.PutWhole(Resources.Deployments, Whole.Workload(Whole.Web, Whole.Template()));
        _server.Refuse = asked => asked.Method == "PATCH" ? HttpStatusCode.UnprocessableEntity : null;

        Assert.Equal("MeshRoll.Invalid", (await Assert.ThrowsAsync<ApiException>(() => RunAsync(Whole.Web, Image))).Id);
        Assert.Equal(2, Patches);
    }

    [Fact]
    public async Task A_workload_that_is_gone_when_it_is_changed_is_not_found()
    {
        Assert.Equal("MeshRoll.WorkloadNotFound", (await Assert.ThrowsAsync<NotFoundException>(() => RunAsync(Whole.Web, Image))).Id);

        _server.PutWhole(Resources.Deployments, Whole.Workload(Whole.Web, Whole.Template()));
        _server.Refuse = asked =>
        {
            if (asked.Method == "PATCH") _server.Delete(Resources.Deployments, "web");
            return null;
        };
        Assert.Equal("MeshRoll.WorkloadNotFound", (await Assert.ThrowsAsync<NotFoundException>(() => RunAsync(Whole.Web, Image))).Id);
    }

    [Fact]
    public async Task One_that_is_being_deleted_is_refused()
    {
        var dying = Whole.Workload(Whole.Web, Whole.Template());
        dying["metadata"]!["deletionTimestamp"] = "2026-03-01T10:00:00Z";
        _server.PutWhole(Resources.Deployments, dying);
        Assert.Equal("MeshRoll.WorkloadBeingDeleted", (await Assert.ThrowsAsync<VerbRefusedException>(() => RunAsync(Whole.Web, Image))).Id);
    }

    [Fact]
    public async Task A_change_that_is_declined_changes_nothing_and_says_what_it_would_have_been()
    {
        _server.PutWhole(Resources.Deployments, Whole.Workload(Whole.Web, Whole.Template()));

        var rollout = await RunAsync(Whole.Web, new SuspendVerb(), answer: false);

        Assert.Equal(RolloutState.Skipped, rollout.State);
        Assert.StartsWith("declined: Suspend the rollout", rollout.Message, StringComparison.Ordinal);
        Assert.Equal(0, Patches);
    }

    [Fact]
    public async Task A_kind_that_does_not_know_the_verb_costs_no_request()
    {
        await Assert.ThrowsAsync<VerbRefusedException>(() => RunAsync(Whole.Db, new SuspendVerb()));
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task An_undo_reads_the_revisions_by_the_workloads_selector()
    {
        _server.PutWhole(Resources.Deployments, Whole.Workload(Whole.Web, Whole.Template("app:2")));
        _server.PutWhole(Resources.ReplicaSets, Whole.ReplicaSet("1", Whole.Template(hash: "h1")));
        _server.PutWhole(Resources.ReplicaSets, Whole.ReplicaSet("2", Whole.Template("app:2", hash: "h2")));

        Assert.StartsWith("undone to revision 1", (await RunAsync(Whole.Web, new UndoVerb())).Message, StringComparison.Ordinal);

        Assert.Contains(_server.Requests, asked => asked.Path.EndsWith("/replicasets", StringComparison.Ordinal) && asked.Query.Contains("labelSelector=app%3Dweb", StringComparison.Ordinal));
        Assert.Equal("app:1", (string?)_server.GetWhole(Resources.Deployments, "web")["spec"]!["template"]!["spec"]!["containers"]![0]!["image"]);
    }

    [Fact]
    public async Task Images_of_an_Argo_Rollout_are_set_too()
    {
        var rollout = Whole.Workload(Whole.Canary, Whole.Template());
        _server.PutWhole(Resources.ArgoRollouts, rollout);
        Assert.StartsWith("image set", (await RunAsync(Whole.Canary, Image)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_change_is_recorded_under_the_name_that_was_given()
    {
        _server.PutWhole(Resources.Deployments, Whole.Workload(Whole.Web, Whole.Template()));
        await new VerbEngine(_session).RunAsync(Whole.Web, Image, fieldManager: "me", cancellationToken: TestContext.Current.CancellationToken);
        Assert.Contains("fieldManager=me", _server.Requests.Single(asked => asked.Method == "PATCH" && asked.Path == Deployment).Query, StringComparison.Ordinal);
    }

    private Task<MeshRollout> RunAsync(WorkloadReference workload, RolloutVerb verb, bool answer = true) => new VerbEngine(_session).RunAsync(workload, verb, (action, _) =>
    {
        _asked.Add(action);
        return ValueTask.FromResult(answer);
    }, cancellationToken: TestContext.Current.CancellationToken);
}
