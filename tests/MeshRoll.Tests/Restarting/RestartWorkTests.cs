using System.Runtime.CompilerServices;
using MeshRoll.Connections;
using MeshRoll.Core;
using MeshRoll.Core.Restarts;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Workloads;
using MeshRoll.Restarting;
using MeshRoll.Tests.Connections;
using MeshRoll.Tests.Pipeline;

namespace MeshRoll.Tests.Restarting;

public class RestartWorkTests
{
    private static readonly WorkloadReference s_web = new("shop", "Deployment", "web");
    private static readonly WorkloadReference s_db = new("shop", "StatefulSet", "db");

    private readonly MeshCluster _one = Clusters.Open("one");
    private readonly RecordingOutput _output = new();
    private readonly RestartPlan _plan = new();
    private readonly List<string> _ran = [];

    [Fact]
    public void Pods_of_one_workload_lead_to_one_restart_in_the_order_first_seen()
    {
        foreach (var pod in new[] { "web-1", "db-0", "web-2" })
            _plan.Add(_one, new MeshSidecar { Cluster = "one", Namespace = "shop", Pod = pod, Kind = "Deployment", Name = pod[..^2], Mesh = "Istio", Container = "istio-proxy", Image = "", DesiredVersion = pod == "web-1" ? "1.27.1" : null });

        Assert.Equal(["web 1.27.1", "db "], Assert.Single(_plan.Clusters).Targets.Select(target => $"{target.Workload.Name} {target.DesiredVersion}"));
    }

    [Fact]
    public void A_container_named_by_the_user_goes_with_the_restart()
    {
        _plan.Add(_one, new MeshSidecar { Cluster = "one", Namespace = "shop", Pod = "p", Kind = "Deployment", Name = "web", Mesh = "Custom", Container = "proxy", Image = "" });
        Assert.Equal("proxy", Assert.Single(_plan.Clusters).SidecarContainer);
    }

    [Fact]
    public async Task Rollouts_come_out_as_they_are_started_or_skipped()
    {
        _plan.Add(_one, s_web);
        await RunAsync(new RestartEvent.Started(Clusters.Rollout("web")), new RestartEvent.Changed(Clusters.Rollout("web")), new RestartEvent.Skipped(Clusters.Rollout("db", RolloutState.Skipped)));

        Assert.Equal(["web", "db"], _output.Written.Cast<MeshRollout>().Select(rollout => rollout.Name));
        Assert.Empty(_output.Errors);
    }

    [Fact]
    public async Task A_refusal_is_an_error_about_the_workload_and_the_rest_goes_on()
    {
        _plan.Add(_one, s_web);
        await RunAsync(new RestartEvent.Refused(s_db, new InvalidRequestException("MeshRoll.WorkloadPaused", "paused")), new RestartEvent.Started(Clusters.Rollout("web")));

        var error = Assert.Single(_output.Errors);
        Assert.Equal("MeshRoll.WorkloadPaused", error.Id);
        Assert.Equal(s_db, error.Target);
        Assert.Single(_output.Written);
    }

    [Fact]
    public async Task Each_change_is_asked_for_with_what_it_does_and_where()
    {
        _plan.Add(_one, s_web);
        var approved = false;
        await new RestartWork(Run, _output).RunAsync(_plan, new(), CancellationToken.None);

        Assert.True(approved);
        Assert.Equal(["Rolling restart of 3 pods, about 2 min on shop deployment/web on one"], _output.Questions);

        async IAsyncEnumerable<RestartEvent> Run(MeshCluster cluster, IReadOnlyList<RestartTarget> targets, RestartOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            approved = await options.Approve!(new(s_web, 3, TimeSpan.FromMinutes(2), "Rolling restart of 3 pods, about 2 min"), cancellationToken);
            yield break;
        }
    }

    [Fact]
    public async Task When_the_walk_stops_in_one_cluster_the_next_is_left_alone()
    {
        var failed = Clusters.Rollout("web", RolloutState.Failed) with { Message = "image not found" };
        _plan.Add(_one, s_web);
        _plan.Add(Clusters.Open("two"), s_db);
        await RunAsync(new RestartEvent.Ended(failed), new RestartEvent.Stopped([failed], [s_db]));

        Assert.Equal(["one"], _ran);
        var error = Assert.Single(_output.Errors);
        Assert.Equal("MeshRoll.WalkStopped", error.Id);
        Assert.Equal("Restarting stopped: shop deployment/web: image not found. One more workload was not started.", error.Message);
        Assert.Same(failed, error.Target);

        var left = Assert.IsType<MeshRollout>(Assert.Single(_output.Written));
        Assert.Equal((RolloutState.Skipped, "two"), (left.State, left.Cluster));
    }

    [Fact]
    public async Task A_walk_held_back_for_too_long_stops_with_what_held_it_back()
    {
        _plan.Add(_one, s_web);
        await RunAsync(new RestartEvent.Stopped([], [s_db]) { Reason = "held back for 10 min: node node-2 has become NotReady" });

        var error = Assert.Single(_output.Errors);
        Assert.Equal(("MeshRoll.WalkStopped", "Restarting stopped: held back for 10 min: node node-2 has become NotReady. One more workload was not started."), (error.Id, error.Message));
    }

    [Fact]
    public async Task A_cluster_out_of_reach_is_an_error_and_the_next_one_is_tried()
    {
        _plan.Add(_one, s_web);
        _plan.Add(Clusters.Open("two"), s_db);
        await new RestartWork((cluster, _, _, _) => cluster.Name == "one" ? throw new InvalidRequestException("MeshRoll.ServerUnreachable", "gone") : Play([new RestartEvent.Started(Clusters.Rollout("db"))]), _output)
            .RunAsync(_plan, new(), CancellationToken.None);

        Assert.Single(_output.Errors);
        Assert.Single(_output.Written);
    }

    [Fact]
    public async Task Progress_counts_what_was_started_passed_over_and_failed()
    {
        _plan.Add(_one, s_web);
        _plan.Add(_one, s_db);
        await RunAsync(
            new RestartEvent.Started(Clusters.Rollout("web")),
            new RestartEvent.Ended(Clusters.Rollout("web", RolloutState.Failed)),
            new RestartEvent.Skipped(Clusters.Rollout("db", RolloutState.Skipped)));

        Assert.Equal("1 of 2 started, 0 moving, 1 passed over, 1 failed", _output.Progress[^1].Status);
        Assert.Equal(100, _output.Progress[^1].Percent);
    }

    private static async IAsyncEnumerable<RestartEvent> Play(IEnumerable<RestartEvent> events)
    {
        await Task.Yield();
        foreach (var happening in events) yield return happening;
    }

    private Task RunAsync(params RestartEvent[] events)
    {
        return new RestartWork(Run, _output).RunAsync(_plan, new(), CancellationToken.None);

        IAsyncEnumerable<RestartEvent> Run(MeshCluster cluster, IReadOnlyList<RestartTarget> targets, RestartOptions options, CancellationToken cancellationToken)
        {
            _ran.Add(cluster.Name);
            return Play(events);
        }
    }
}
