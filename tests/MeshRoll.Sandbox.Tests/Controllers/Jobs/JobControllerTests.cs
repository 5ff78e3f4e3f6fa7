using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Controllers.Jobs;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Objects.Views;
using MeshRoll.Sandbox.Tests.Controllers.World;

namespace MeshRoll.Sandbox.Tests.Controllers.Jobs;

public sealed class JobControllerTests
{
    private static readonly string[] Counts = ["active", "succeeded", "failed", "ready"];

    private readonly ControllerWorld _world = new();

    [Theory]
    [InlineData("""{"parallelism":2,"completions":5}""", 0, 0, 2)]
    [InlineData("""{"parallelism":2,"completions":5}""", 4, 1, 1)]
    [InlineData("""{"parallelism":2,"completions":5}""", 5, 0, 0)]
    [InlineData("""{"parallelism":3}""", 0, 0, 3)]
    [InlineData("""{"parallelism":3}""", 1, 2, 2)]
    [InlineData("{}", 0, 0, 1)]
    [InlineData("""{"parallelism":2,"completions":5,"suspend":true}""", 0, 2, 0)]
    public void As_many_pods_are_active_as_are_of_use(string spec, int succeeded, int active, int expected) =>
        Assert.Equal(expected, JobRules.WantedActive(Wish(spec), succeeded, active));

    [Theory]
    [InlineData("{}", 6, 0, 0, null)]
    [InlineData("{}", 7, 0, 0, "BackoffLimitExceeded")]
    [InlineData("""{"backoffLimit":0}""", 1, 0, 0, "BackoffLimitExceeded")]
    [InlineData("""{"backoffLimit":2}""", 0, 5, 0, null)]
    [InlineData("""{"backoffLimit":2,"template":{"spec":{"restartPolicy":"OnFailure"}}}""", 0, 2, 0, "BackoffLimitExceeded")]
    [InlineData("""{"activeDeadlineSeconds":60}""", 0, 0, 59, null)]
    [InlineData("""{"activeDeadlineSeconds":60}""", 0, 0, 60, "DeadlineExceeded")]
    public void Too_many_failures_or_too_much_time_end_it(string spec, int failed, int restarts, int seconds, string? expected) =>
        Assert.Equal(expected, JobRules.Failure(Wish(spec), failed, restarts, TimeSpan.FromSeconds(seconds))?.Reason);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 10)]
    [InlineData(2, 20)]
    [InlineData(4, 80)]
    [InlineData(30, 600)]
    public void Pauses_between_failures_grow(int failures, int seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), JobRules.Backoff(failures));

    [Fact]
    public void A_job_runs_its_pods_until_enough_succeeded()
    {
        Bring(spec => (spec["parallelism"], spec["completions"]) = (2, 3));
        Assert.Equal("active=2 succeeded=- failed=- ready=2", Status());
        EndAll("Succeeded");
        Assert.Equal("active=1 succeeded=2 failed=- ready=1", Status());
        EndAll("Succeeded");
        Assert.Equal("active=- succeeded=3 failed=- ready=0", Status());
        Assert.Equal("True//", _world.Condition(ApiResources.Jobs, "load", "Complete"));
        Assert.NotNull(_world.Read(ApiResources.Jobs, "load").Text("status", "completionTime"));
        Assert.Equal(["Job completed"], _world.Messages("Completed"));
        Assert.Equal(3, _world.List(ApiResources.Pods).Count);
    }

    [Fact]
    public void A_failed_pod_is_replaced_after_a_pause_until_it_is_too_much()
    {
        Bring(spec => spec["backoffLimit"] = 1);
        var failed = _world.Now;
        _world.Kubelet.End(_world.ActivePods.Single(), "Failed");
        _world.Pass(9);
        Assert.Empty(_world.ActivePods);
        _world.Settle();
        Assert.InRange(_world.ActivePods.Single().As<PodView>().Created - failed, TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(11));

        EndAll("Failed");
        Assert.Equal("active=- succeeded=- failed=2 ready=0", Status());
        Assert.Equal("True/BackoffLimitExceeded/Job has reached the specified backoff limit", _world.Condition(ApiResources.Jobs, "load", "Failed"));
        Assert.Equal(["Job has reached the specified backoff limit"], _world.Messages("BackoffLimitExceeded"));
    }

    [Fact]
    public void A_suspended_job_has_no_pods_until_it_goes_on()
    {
        Bring(_ => { });
        _world.Change(ApiResources.Jobs, "load", json => json.Object("spec")["suspend"] = true);
        _world.Settle();
        Assert.Empty(_world.ActivePods);
        Assert.Equal("True/JobSuspended/Job suspended", _world.Condition(ApiResources.Jobs, "load", "Suspended"));
        _world.Change(ApiResources.Jobs, "load", json => json.Object("spec")["suspend"] = false);
        _world.Settle();
        Assert.Single(_world.ActivePods);
        Assert.Equal("False/JobResumed/Job resumed", _world.Condition(ApiResources.Jobs, "load", "Suspended"));
    }

    [Fact]
    public void A_finished_job_goes_when_its_time_is_up()
    {
        Bring(spec => spec["ttlSecondsAfterFinished"] = 60);
        EndAll("Succeeded");
        _world.Pass(50);
        Assert.NotNull(_world.Find(ApiResources.Jobs, "load"));
        _world.Pass(15);
        Assert.Null(_world.Find(ApiResources.Jobs, "load"));
        Assert.Empty(_world.List(ApiResources.Pods));
    }

    [Fact]
    public void A_pod_that_succeeded_counts_after_it_was_deleted()
    {
        Bring(spec => spec["completions"] = 2);
        var first = _world.ActivePods.Single();
        _world.Kubelet.End(first, "Succeeded");
        _world.Cluster.Delete(_world.Get(ApiResources.Pods, first.Name));
        _world.Settle();
        EndAll("Succeeded");
        Assert.Equal("active=- succeeded=2 failed=- ready=0", Status());
    }

    private void Bring(Action<JsonObject> spec)
    {
        var job = Specs.Workload("load", null);
        job.Object("spec").Remove("selector");
        job.Object("spec", "template", "spec")["restartPolicy"] = "Never";
        spec(job.Object("spec"));
        _world.Create(ApiResources.Jobs, job);
        _world.Settle();
    }

    private void EndAll(string phase)
    {
        foreach (var pod in _world.ActivePods) _world.Kubelet.End(pod, phase);
        _world.Settle();
    }

    private string Status() => _world.Status(ApiResources.Jobs, "load", Counts);

    private static JobView Wish(string spec)
    {
        using var document = JsonDocument.Parse($"{{\"spec\":{spec}}}");
        return JobView.Read(document.RootElement);
    }
}
