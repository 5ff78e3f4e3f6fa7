using System.Net;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.Rollouts;

public sealed class DiagnosisReaderTests
{
    private static readonly Namespace Shop = new() { Metadata = new() { Name = "shop" } };

    [Fact]
    public async Task Where_nothing_is_wrong_nothing_comes_and_nothing_is_asked_beyond_workloads_and_pods()
    {
        await using var world = World(Some.Deployment(replicas: 1));
        world.Server.Put(Resources.Pods, Some.Injected("web-1", "1.7.8"));

        Assert.Empty(await ReadAsync(world));

        Assert.Equal(0, world.Server.Lists("api/v1/events"));
        Assert.DoesNotContain(world.Server.Requests, asked => asked.Path.Contains("configmaps", StringComparison.Ordinal) || asked.Path.Contains("/log", StringComparison.Ordinal) || asked.Query.Contains("istiod", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Findings_are_flat_and_name_cluster_and_workload()
    {
        await using var world = World(Some.Deployment(replicas: 1, available: 0));
        world.Server.Put(Resources.Pods, Some.WebPod("web-1", status: Some.Waiting("ImagePullBackOff", "Back-off")));

        var finding = Assert.Single(await FoundAsync(world));

        Assert.Equal(("live", "shop", "Deployment", "web", "ImagePull", "web-1"), (finding.Cluster, finding.Namespace, finding.Kind, finding.Name, finding.Id, finding.Pod));
        Assert.Equal("", finding.Log);
    }

    [Fact]
    public async Task An_image_that_is_being_pulled_in_vain_again_is_no_first_attempt()
    {
        await using var world = World(Some.Deployment(replicas: 1, available: 0));
        var pod = Some.WebPod("web-1", status: Some.Waiting("ErrImagePull", "manifest unknown"));
        world.Server.Put(Resources.Pods, pod);
        world.Server.Put(Resources.Events, Named(Some.Unhealthy(pod, "app", "Liveness probe failed: no")), Named(Some.PullBackOff(pod)));

        Assert.Equal(FindingVerdict.Fatal, Assert.Single(await FoundAsync(world)).Verdict);

        static Event Named(Event told) => told with { Metadata = new() { Name = $"{told.InvolvedObject.Name}.{told.Reason}", Namespace = "shop" } };
    }

    [Fact]
    public async Task Pods_that_are_missing_have_events_asked_for_once_for_all_of_a_namespace()
    {
        await using var world = World(Some.Deployment(replicas: 1, available: 0), Some.Deployment(replicas: 1, available: 0, name: "api"));
        world.Server.Put(Resources.Events, Refused("web-h2", "exceeded quota: small"), Refused("api-h2", "failed calling webhook \"rev.namespace.sidecar-injector.istio.io\": Post \"https://istiod.istio-system.svc:443/inject\": EOF"));
        world.Server.Put(Resources.Pods, new Pod
        {
            Metadata = new() { Name = "istiod-1", Namespace = "istio-system", Labels = new Dictionary<string, string> { ["app"] = "istiod" } },
            Status = new() { Phase = "Running" },
        });

        var found = await FoundAsync(world);

        Assert.Equal([("api", "InjectionFailed"), ("web", "QuotaExceeded")], found.Select(finding => (finding.Name, finding.Id)));
        Assert.EndsWith("no istiod of revision default is ready (0 of 1 pod in namespace istio-system)", found[0].Message, StringComparison.Ordinal);
        Assert.Equal(1, world.Server.Lists("api/v1/events"));
        Assert.Single(world.Server.Requests, asked => asked.Query.Contains("istiod", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Logs_come_where_they_are_wanted_cleaned_and_of_the_run_that_failed()
    {
        await using var world = World(Some.Deployment(replicas: 1, available: 0));
        world.Server.Put(Resources.Pods, Some.WebPod("web-1", status: Some.Waiting("CrashLoopBackOff", restarts: 3, last: new() { ExitCode = 3 })));
        world.Server.Log = _ => "one\ntwo\n\u001b[31mpassword=hunter2\u001b[0m\n";

        var finding = Assert.Single(await FoundAsync(world, new() { IncludeLog = true, LogLines = 2 }));

        Assert.Equal(("two\npassword=***", 3), (finding.Log, finding.ExitCode));
        var asked = Assert.Single(world.Server.Requests, asked => asked.Path.EndsWith("/api/v1/namespaces/shop/pods/web-1/log", StringComparison.Ordinal));
        Assert.Contains("container=app", asked.Query, StringComparison.Ordinal);
        Assert.Contains("previous=true", asked.Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sidecars_log_says_what_it_waits_for()
    {
        await using var world = World(Some.Deployment(replicas: 1, available: 0));
        world.Server.Put(Resources.Pods, Some.WithSidecar(Some.UnreadySidecar() with { State = new() { Running = new() { StartedAt = world.Time.GetUtcNow().AddMinutes(-1) } } }));
        world.Server.Log = _ => "info\tstarting\nwarn\tca\tx509: certificate has expired or is not yet valid\n";

        var finding = Assert.Single(await FoundAsync(world, new() { IncludeLog = true }));

        Assert.Equal("SidecarCertificate", finding.Id);
        Assert.Contains("x509", finding.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_that_was_never_written_is_not_asked_for_and_one_that_may_not_be_read_is_said()
    {
        await using var world = World(Some.Deployment(replicas: 2, available: 0));
        world.Server.Put(Resources.Pods, Some.WebPod("web-1", status: Some.Waiting("InvalidImageName")), Some.WebPod("web-2", status: Some.Waiting("CrashLoopBackOff", restarts: 3, last: new() { ExitCode = 3 })));
        world.Server.Refuse = asked => asked.Path.EndsWith("/log", StringComparison.Ordinal) ? HttpStatusCode.Forbidden : null;

        var events = await ReadAsync(world, new() { IncludeLog = true });

        Assert.Equal(["InvalidImageName", "CrashLoop"], events.OfType<ReadEvent<MeshFinding>.Found>().Select(found => found.Item.Id));
        Assert.Equal("The log of container app of pod web-2 in namespace shop cannot be read (no right to get pods/log in shop).", Assert.Single(events.OfType<ReadEvent<MeshFinding>.Remark>()).Text);
        Assert.Single(world.Server.Requests, asked => asked.Path.EndsWith("/log", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_rollout_brings_along_which_sidecar_was_wanted()
    {
        await using var world = World(Some.Deployment(replicas: 1));
        world.Server.Put(Resources.Pods, Some.Injected("web-1", "1.7.8"));
        var rollout = world.Web() with { DesiredVersion = "1.11.8" };

        Assert.Equal("SidecarStillOutdated", Assert.Single(await FoundAsync(world, new() { Rollouts = [rollout] })).Id);
        Assert.Empty(await FoundAsync(world, new() { Rollouts = [rollout with { DesiredVersion = "1.7.8" }] }));
        Assert.Empty(await FoundAsync(world, new() { Rollouts = [rollout with { Name = "other" }] }));
    }

    [Fact]
    public async Task New_pods_without_a_sidecar_are_told_without_a_question()
    {
        await using var world = World(Some.Deployment(replicas: 2, updated: 1));
        world.Server.Put(Resources.Pods, Some.Injected("web-0", "1.7.8", "h1", age: 60), Some.WebPod("web-1"));

        Assert.Equal("SidecarMissing", Assert.Single(await FoundAsync(world)).Id);
        Assert.DoesNotContain(world.Server.Requests, asked => asked.Path.Contains("configmaps", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_wrong_with_a_pod_and_with_its_sidecars_version_are_told_together()
    {
        await using var world = World(Some.Deployment(replicas: 1, available: 0));
        var pod = Some.Injected("web-1", "1.7.8");
        world.Server.Put(Resources.Pods, pod with { Status = Some.Waiting("InvalidImageName") });

        Assert.Equal(["InvalidImageName", "SidecarStillOutdated"], (await FoundAsync(world, new() { Rollouts = [world.Web() with { DesiredVersion = "1.11.8" }] })).Select(finding => finding.Id));
    }

    [Fact]
    public async Task A_namespace_whose_pods_may_not_be_read_is_an_error_of_its_own()
    {
        await using var world = World(Some.Deployment(replicas: 1));
        world.Server.Refuse = asked => asked.Path.EndsWith("/pods", StringComparison.Ordinal) ? HttpStatusCode.Forbidden : null;

        var failed = Assert.IsType<ReadEvent<MeshFinding>.Failed>(Assert.Single(await ReadAsync(world)));

        Assert.Equal(("MeshRoll.Forbidden", "shop"), (failed.Error.Id, failed.Target));
    }

    [Fact]
    public async Task What_only_adds_a_reason_may_be_unreadable()
    {
        await using var world = World(Some.Deployment(replicas: 2, available: 0));
        world.Server.Put(Resources.Pods, Some.WithSidecar(Some.UnreadySidecar() with { State = new() { Running = new() { StartedAt = world.Time.GetUtcNow().AddMinutes(-1) } } }));
        world.Server.Refuse = asked => asked.Path.EndsWith("/events", StringComparison.Ordinal) || asked.Query.Contains("istiod", StringComparison.Ordinal) ? HttpStatusCode.Forbidden : null;

        Assert.Equal("SidecarNotReady", Assert.Single(await FoundAsync(world)).Id);
    }

    [Theory]
    [InlineData(1, 1, "app%3Dweb-1")]
    [InlineData(3, 3, "app%3Dweb-1")]
    [InlineData(4, 1, null)]
    public async Task Pods_of_few_workloads_are_asked_for_by_their_selectors_and_of_many_at_once(int workloads, int lists, string? selector)
    {
        await using var world = World([.. Enumerable.Range(1, workloads).Select(number =>
        {
            var deployment = Some.Deployment(replicas: 1, name: $"web-{number}");
            return deployment with { Spec = deployment.Spec with { Selector = new() { MatchLabels = new Dictionary<string, string> { ["app"] = deployment.Metadata.Name } } } };
        })]);

        await ReadAsync(world);

        var asked = world.Server.Requests.Where(asked => asked.Path.EndsWith("/pods", StringComparison.Ordinal)).ToList();
        Assert.Equal(lists, asked.Count);
        if (selector is null) Assert.DoesNotContain("labelSelector", asked[0].Query, StringComparison.Ordinal);
        else Assert.Contains($"labelSelector={selector}", asked[0].Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_is_said()
    {
        await using var world = World(Some.Deployment(replicas: 1));

        var failed = Assert.IsType<ReadEvent<MeshFinding>.Failed>(Assert.Single(await ReadAsync(world, selection: new() { Names = ["deploy/wbe"] })));

        Assert.Equal("MeshRoll.WorkloadNotFound", failed.Error.Id);
        Assert.Throws<InvalidRequestException>(() => DiagnosisReader.Check(new() { Kinds = ["Pod"] }));
        Assert.Throws<InvalidRequestException>(() => new DiagnosisReader(world.Session).ReadAsync(new() { Names = ["pod/x"] }, new(), TestContext.Current.CancellationToken));
    }

    private static Following World(params Deployment[] deployments)
    {
        var world = new Following();
        world.Server.Put(Resources.Namespaces, Shop);
        world.Server.Put(Resources.Deployments, deployments);
        return world;
    }

    private static Event Refused(string replicaSet, string message) => new()
    {
        Metadata = new() { Name = $"e-{replicaSet}", Namespace = "shop" },
        InvolvedObject = new() { Kind = "ReplicaSet", Name = replicaSet, Namespace = "shop" },
        Reason = "FailedCreate",
        Type = "Warning",
        Message = message,
        LastTimestamp = Some.Start,
    };

    private static async Task<List<MeshFinding>> FoundAsync(Following world, DiagnosisOptions? options = null) =>
        [.. (await ReadAsync(world, options)).Select(news => Assert.IsType<ReadEvent<MeshFinding>.Found>(news).Item)];

    private static async Task<List<ReadEvent<MeshFinding>>> ReadAsync(Following world, DiagnosisOptions? options = null, WorkloadSelection? selection = null)
    {
        List<ReadEvent<MeshFinding>> events = [];
        await foreach (var news in new DiagnosisReader(world.Session).ReadAsync(selection ?? new(), options ?? new(), TestContext.Current.CancellationToken)) events.Add(news);
        return events;
    }
}
