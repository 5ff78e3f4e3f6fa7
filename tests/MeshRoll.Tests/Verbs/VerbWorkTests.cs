using MeshRoll.Connections;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Rollouts.Verbs;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Transport;
using MeshRoll.Tests.Connections;
using MeshRoll.Tests.Pipeline;
using MeshRoll.Verbs;

namespace MeshRoll.Tests.Verbs;

public class VerbWorkTests
{
    private readonly MeshCluster _one = Clusters.Open("one");
    private readonly MeshCluster _two = Clusters.Open("two");
    private RecordingOutput _output = new();
    private readonly List<string> _ran = [];

    [Fact]
    public async Task Nothing_comes_out_unless_it_is_to_be_passed_on()
    {
        var work = await RunAsync(passThru: false, _ => Clusters.Rollout("web", RolloutState.Pending) with { Message = "resumed" }, "web");
        Assert.Empty(_output.Written);
        Assert.Empty(_output.Warnings);
        Assert.Equal(["shop deployment/web: resumed"], _output.Verbose);
        Assert.Equal(1, work.Changed);

        await RunAsync(passThru: true, name => Clusters.Rollout(name, RolloutState.Pending), "web", "cart");
        Assert.Equal(["web", "cart"], _output.Written.Cast<MeshRollout>().Select(rollout => rollout.Name));
    }

    [Fact]
    public async Task That_nothing_was_to_be_done_is_a_warning_or_what_is_passed_on()
    {
        var work = await RunAsync(passThru: false, name => Skipped(name), "web");
        Assert.Equal(["shop deployment/web: it is not suspended."], _output.Warnings);
        Assert.Equal(0, work.Changed);

        _output = new();
        await RunAsync(passThru: true, name => Skipped(name), "web");
        Assert.Empty(_output.Warnings);
        Assert.Equal(RolloutState.Skipped, Assert.IsType<MeshRollout>(Assert.Single(_output.Written)).State);
    }

    [Fact]
    public async Task Each_is_asked_about_with_what_is_done_and_where_and_a_no_is_no_warning()
    {
        _output = new() { Answer = false };
        var work = new VerbWork(async (_, workload, _, approve, cancellationToken) =>
        {
            Assert.False(await approve("Resume the rollout", cancellationToken));
            return Skipped(workload.Name);
        }, passThru: false, _output);
        await work.RunAsync(Steps("web"), CancellationToken.None);

        Assert.Equal(["Resume the rollout on shop deployment/web on one"], _output.Questions);
        Assert.Empty(_output.Warnings);
    }

    [Fact]
    public async Task A_refusal_is_an_error_about_the_workload_and_the_rest_goes_on()
    {
        await RunAsync(passThru: true, name => name == "web" ? throw Refusal("web") : Clusters.Rollout(name), "web", "cart");
        var error = Assert.Single(_output.Errors);
        Assert.Equal((VerbRefusedException.NotSupported, new WorkloadReference("shop", "Deployment", "web")), (error.Id, error.Target));
        Assert.Single(_output.Written);
    }

    [Fact]
    public async Task What_a_pattern_matched_and_does_not_fit_is_left_alone()
    {
        var work = new VerbWork((_, workload, _, _, _) => throw Refusal(workload.Name), passThru: false, _output);
        await work.RunAsync([(new VerbTarget(_one, new("shop", "Deployment", "web"), IsByPattern: true), new SuspendVerb())], CancellationToken.None);
        Assert.Empty(_output.Errors);
        Assert.Equal(["Left alone: cannot"], _output.Verbose);
    }

    [Fact]
    public async Task A_cluster_out_of_reach_is_one_error_and_the_next_cluster_is_tried()
    {
        var unreachable = await Assert.ThrowsAsync<ClusterUnreachableException>(() => _one.Session!.Client.GetVersionAsync(TestContext.Current.CancellationToken));
        var work = new VerbWork((cluster, workload, _, _, _) =>
        {
            _ran.Add($"{cluster} {workload.Name}");
            return cluster == _one ? throw unreachable : Task.FromResult(Clusters.Rollout(workload.Name));
        }, passThru: true, _output);
        await work.RunAsync([.. Steps("web", "cart"), (new VerbTarget(_two, new("shop", "Deployment", "db")), new SuspendVerb())], CancellationToken.None);

        Assert.Equal(["one web", "two db"], _ran);
        Assert.Single(_output.Errors);
        Assert.Single(_output.Written);
    }

    private static VerbRefusedException Refusal(string name) => new(VerbRefusedException.NotSupported, new("shop", "Deployment", name), "cannot");

    private static MeshRollout Skipped(string name) => Clusters.Rollout(name, RolloutState.Skipped) with { Message = "it is not suspended" };

    private IReadOnlyList<(VerbTarget, RolloutVerb)> Steps(params string[] names) =>
        [.. names.Select(name => (new VerbTarget(_one, new("shop", "Deployment", name)), (RolloutVerb)new SuspendVerb()))];

    private async Task<VerbWork> RunAsync(bool passThru, Func<string, MeshRollout> run, params string[] names)
    {
        var work = new VerbWork((_, workload, _, _, _) => Task.FromResult(run(workload.Name)), passThru, _output);
        await work.RunAsync(Steps(names), CancellationToken.None);
        return work;
    }
}
