using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Tests.Builders;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Tests.Nodes;

public sealed class KubeletTests
{
    [Fact]
    public void A_quick_start_tells_every_step_and_reports_once()
    {
        var world = new NodeWorld();
        world.Create(new PodBuilder().Init().Image("shop/web:1"));
        world.Settle();

        Assert.Equal(
            [
                "Scheduled: Successfully assigned shop/web to node-1",
                "Pulling: Pulling image \"shop/setup:1\"",
                "Pulled: Successfully pulled image \"shop/setup:1\" in 0s (0s including waiting). Image size: 1 bytes.",
                "Created: Created container setup",
                "Started: Started container setup",
                "Pulling: Pulling image \"shop/web:1\"",
                "Pulled: Successfully pulled image \"shop/web:1\" in 0s (0s including waiting). Image size: 1 bytes.",
                "Created: Created container app",
                "Started: Started container app",
            ],
            world.Told().Select(told => System.Text.RegularExpressions.Regex.Replace(told, "[0-9]+ bytes", "1 bytes")));
        var status = world.Pod()["status"]!;
        Assert.Equal(("Running", "192.168.0.2", "10.16.0.1", "BestEffort"), (status.Text("phase"), status.Text("hostIP"), status.Text("podIP"), status.Text("qosClass")));
        Assert.Equal(["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"], status.Items("conditions").Select(condition => condition.Text("type")));
        Assert.All(status.Items("conditions"), condition => Assert.Equal("True", condition.Text("status")));
        Assert.Equal("Completed", world.Status("setup").Text("state", "terminated", "reason"));
        Assert.True(world.Status("setup").Flag("ready"));
        Assert.StartsWith("containerd://", world.Status().Text("containerID"), StringComparison.Ordinal);
        Assert.StartsWith("shop/web@sha256:", world.Status().Text("imageID"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_that_is_there_is_not_pulled_again_unless_the_policy_says_so()
    {
        var world = new NodeWorld(options: new() { PullTime = TimeSpan.FromSeconds(4) });
        world.Create(new PodBuilder("one"));
        var first = world.Settle();
        world.Create(new PodBuilder("two"));
        var second = world.Settle();
        world.Create(new PodBuilder("three").Image("shop/web:latest"));
        world.Settle();
        world.Create(new PodBuilder("four").Image("shop/web:latest"));
        world.Settle();

        Assert.Equal((4.2, 0.2), (first.TotalSeconds, second.TotalSeconds));
        Assert.Contains("Pulled: Container image \"shop/web:1\" already present on machine", world.Told("two"));
        Assert.Contains("Pulling: Pulling image \"shop/web:latest\"", world.Told("four"));
    }

    [Fact]
    public void While_a_pull_takes_its_time_the_pod_is_reported_as_creating()
    {
        var world = new NodeWorld(options: new() { PullTime = TimeSpan.FromSeconds(4) });
        world.Create(new PodBuilder());
        world.Run(1);

        Assert.Equal(("Pending", "ContainerCreating"), (world.Pod().Text("status", "phase"), world.Waiting()));
        Assert.Equal("containers with unready status: [app]", world.Condition("Ready").Text("message"));
    }

    [Theory]
    [InlineData(0, 10, 1, 0.2)]
    [InlineData(5, 10, 1, 5.2)]
    [InlineData(5, 3, 3, 11.2)]
    public void Readiness_comes_when_the_probe_has_been_answered_often_enough(int initialDelay, int period, int threshold, double readyAfter)
    {
        var world = new NodeWorld();
        world.Create(new PodBuilder().Probe("readinessProbe", initialDelay, period, threshold));
        Assert.Equal(readyAfter, world.Settle().TotalSeconds, 6);
        Assert.True(world.IsReady());
    }

    [Theory]
    [InlineData(4, 3, 6.2)]
    [InlineData(0, 10, 0.2)]
    [InlineData(12, 10, 20.2)]
    public void A_container_that_warms_up_is_ready_at_the_first_probe_after_it(int warmUp, int period, double readyAfter)
    {
        var world = new NodeWorld(options: new() { WarmUp = TimeSpan.FromSeconds(warmUp) });
        world.Create(new PodBuilder().Probe("readinessProbe", 0, period));
        Assert.Equal(readyAfter, world.Settle().TotalSeconds, 6);
    }

    [Fact]
    public void A_startup_probe_holds_the_readiness_probe_up()
    {
        var world = new NodeWorld(options: new() { WarmUp = TimeSpan.FromSeconds(3) });
        world.Create(new PodBuilder().Probe("startupProbe", 0, 5).Probe("readinessProbe", 0, 2));
        world.Run(4);
        Assert.False(world.Status().Flag("started"));
        world.Run(1.5);
        Assert.True(world.Status().Flag("started"));
        world.Settle();
        Assert.Equal(6.2, (world.Condition("Ready").Time("lastTransitionTime")!.Value - world.Pod().Time("metadata", "creationTimestamp")!.Value).TotalSeconds, 0.9);
    }

    [Fact]
    public void Init_containers_work_one_after_the_other()
    {
        var world = new NodeWorld(options: new() { InitTime = TimeSpan.FromSeconds(2) });
        world.Create(new PodBuilder().Init("one").Init("two"));
        world.Run(3);

        Assert.Equal("Completed", world.Status("one").Text("state", "terminated", "reason"));
        Assert.NotNull(world.Status("two").Text("state", "running", "startedAt"));
        Assert.Equal("PodInitializing", world.Waiting());
        Assert.Equal("containers with incomplete status: [two]", world.Condition("Initialized").Text("message"));
        world.Settle();
        Assert.True(world.IsReady());
    }

    [Fact]
    public void A_native_sidecar_stays_and_the_next_wait_until_it_has_started()
    {
        var world = new NodeWorld(options: new() { InitTime = TimeSpan.FromSeconds(2) });
        world.Create(new PodBuilder().Init("proxy", sidecar: true).Init("setup").Probe("startupProbe", 5, 1, container: "proxy"));
        world.Run(4);
        Assert.Equal("PodInitializing", world.Waiting("setup"));
        world.Settle();

        Assert.NotNull(world.Status("proxy").Text("state", "running", "startedAt"));
        Assert.True(world.Status("proxy").Flag("ready"));
        Assert.True(world.IsReady());
    }

    [Fact]
    public void The_work_of_a_job_ends_with_its_native_sidecar()
    {
        var world = new NodeWorld();
        world.Create(new PodBuilder().Init("istio-proxy", sidecar: true).RestartPolicy("Never").Annotated("completes-after", "5s"));
        world.Settle();

        Assert.Equal("Succeeded", world.Pod().Text("status", "phase"));
        Assert.Equal("PodCompleted", world.Condition("Ready").Text("reason"));
        Assert.Equal("Completed", world.Status("istio-proxy").Text("state", "terminated", "reason"));
    }

    [Fact]
    public void The_work_of_a_job_never_ends_beside_a_proxy_that_stays()
    {
        var world = new NodeWorld();
        world.Create(new PodBuilder().With("istio-proxy", "istio/proxyv2:1.26.0").RestartPolicy("Never").Annotated("completes-after", "5s"));
        world.Settle();

        Assert.Equal("Running", world.Pod().Text("status", "phase"));
        Assert.Equal("Completed", world.Status().Text("state", "terminated", "reason"));
        Assert.False(world.IsReady());
    }

    [Fact]
    public void A_missing_image_is_tried_again_with_longer_and_longer_pauses_until_it_is_there()
    {
        var world = new NodeWorld();
        world.Nodes.Images.Remove("shop/web:1");
        world.Create(new PodBuilder());
        world.Run(1);
        Assert.Equal("ErrImagePull", world.Waiting());
        Assert.Equal("rpc error: code = NotFound desc = failed to pull and unpack image \"shop/web:1\": failed to resolve reference \"shop/web:1\": shop/web:1: not found", world.Status().Text("state", "waiting", "message"));
        world.Run(6);
        Assert.Equal("ImagePullBackOff", world.Waiting());
        world.Run(4);
        Assert.Equal("ErrImagePull", world.Waiting());
        world.Run(10);
        Assert.Equal("ImagePullBackOff", world.Waiting());
        Assert.Equal(["Failed: Error: ErrImagePull", "BackOff: Back-off pulling image \"shop/web:1\"", "Failed: Error: ImagePullBackOff"], world.Told().TakeLast(3));

        world.Nodes.Images.Restore("shop/web:1");
        var healed = world.Settle();

        Assert.True(world.IsReady());
        Assert.InRange(healed.TotalSeconds, 5, 10);
    }

    [Fact]
    public void However_long_the_pauses_are_an_attempt_at_an_image_shows_for_ten_seconds()
    {
        var world = new NodeWorld();
        world.Create(new PodBuilder().Image("shop/does-not-exist:1"));
        var seconds = new List<(string? Reason, int Seconds)>();
        for (var second = 0; second < 420; second++)
        {
            world.Run(1);
            var reason = world.Waiting();
            if (seconds.Count > 0 && seconds[^1].Reason == reason) seconds[^1] = (reason, seconds[^1].Seconds + 1);
            else seconds.Add((reason, 1));
        }

        Assert.Equal([5, 10, 10, 10, 10], seconds.Where(shown => shown.Reason == "ErrImagePull").Take(5).Select(shown => shown.Seconds));
        Assert.Equal([5, 10, 30, 70], seconds.Where(shown => shown.Reason == "ImagePullBackOff").Take(4).Select(shown => shown.Seconds));
    }

    [Fact]
    public void A_stuck_pod_lets_virtual_time_rest()
    {
        var world = new NodeWorld();
        world.Create(new PodBuilder().Image("shop/does-not-exist:1"));
        world.Create(new PodBuilder("crash").Annotated("crashes-after", "2s"));
        world.Create(new PodBuilder("ill").Annotated("never-ready", "true"));
        world.Create(new PodBuilder("unset").Annotated("config-missing", "settings"));
        var time = world.Settle();

        Assert.Equal(("ImagePullBackOff", "CrashLoopBackOff", "CreateContainerConfigError"), (world.Waiting(), world.Waiting(pod: "crash"), world.Waiting(pod: "unset")));
        Assert.InRange(time.TotalSeconds, 5, 10);
    }

    [Fact]
    public void A_crash_is_followed_by_restarts_with_longer_and_longer_pauses()
    {
        var world = new NodeWorld();
        world.Create(new PodBuilder().Annotated("crashes-after", "2s").Annotated("exit-code", "137"));
        var states = new List<(double, string)>();
        var start = world.Now;
        world.Cluster.Store.Changed += change =>
        {
            if (change.Object.Resource != ApiResources.Pods || change.Object.ToJson().Items("status", "containerStatuses").FirstOrDefault() is not { } status) return;
            var state = status["state"]!.AsObject().Single();
            states.Add(((world.Now - start).TotalSeconds, $"{state.Value.Text("reason") ?? state.Key} {status.Number("restartCount")}"));
        };
        world.Run(75);

        Assert.Equal(
            [
                (0.2, "running 0"), (2.2, "OOMKilled 0"), (3.2, "running 1"), (5.2, "OOMKilled 1"), (6.2, "CrashLoopBackOff 1"),
                (15.2, "running 2"), (17.2, "OOMKilled 2"), (18.2, "CrashLoopBackOff 2"), (37.2, "running 3"), (39.2, "OOMKilled 3"), (40.2, "CrashLoopBackOff 3"),
            ],
            states);
        var status = world.Status();
        Assert.Equal($"back-off 40s restarting failed container=app pod=web_shop({world.Pod().Text("metadata", "uid")})", status.Text("state", "waiting", "message"));
        Assert.Equal(137, status.Number("lastState", "terminated", "exitCode"));
        Assert.Contains($"BackOff: Back-off restarting failed container app in pod web_shop({world.Pod().Text("metadata", "uid")})", world.Told());
    }

    [Fact]
    public void The_pause_ends_at_five_minutes_and_who_runs_for_long_begins_anew()
    {
        var world = new NodeWorld();
        world.Create(new PodBuilder().Annotated("crashes-after", "1s"));
        world.Run(1200);
        Assert.StartsWith("back-off 5m0s ", world.Status().Text("state", "waiting", "message"), StringComparison.Ordinal);

        world.Annotate("crashes-after", null);
        world.Run(900);
        Assert.True(world.IsReady());
        world.Annotate("crashes-after", "1s");
        world.Run(5);
        Assert.StartsWith("back-off 10s ", world.Status().Text("state", "waiting", "message"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Never", 1, "Failed", 0)]
    [InlineData("OnFailure", 1, "Running", 2)]
    [InlineData("Never", 0, "Succeeded", 0)]
    [InlineData("OnFailure", 0, "Succeeded", 0)]
    [InlineData("Always", 0, "Running", 2)]
    public void The_restart_policy_decides_what_follows_the_end(string policy, int exitCode, string phase, int restarts)
    {
        var world = new NodeWorld();
        world.Create(new PodBuilder().RestartPolicy(policy).Annotated("crashes-after", "2s").Annotated("exit-code", $"{exitCode}"));
        world.Run(16);

        Assert.Equal((phase, (long)restarts), (world.Pod().Text("status", "phase"), world.Status().Number("restartCount")));
    }

    [Theory]
    [InlineData("Always", "Pending", "CrashLoopBackOff")]
    [InlineData("Never", "Failed", "")]
    public void A_failing_init_container_holds_the_pod_up_or_ends_it(string policy, string phase, string waiting)
    {
        var world = new NodeWorld();
        world.Create(new PodBuilder().Init().RestartPolicy(policy).Annotated("init-fails", "true"));
        world.Run(8);

        Assert.Equal((phase, waiting), (world.Pod().Text("status", "phase"), world.Waiting("setup")));
        Assert.Equal("PodInitializing", world.Waiting());
    }

    [Fact]
    public void A_failing_init_container_that_heals_lets_the_pod_start()
    {
        var world = new NodeWorld();
        world.Create(new PodBuilder().Init().Annotated("init-fails", "true"));
        world.Settle();
        world.Annotate("init-fails", null);
        world.Settle();

        Assert.True(world.IsReady());
    }

    [Fact]
    public void A_pod_that_is_never_ready_runs_and_its_probe_fails_again_and_again()
    {
        var world = new NodeWorld();
        world.Create(new PodBuilder().Probe("readinessProbe", 5, 3).Annotated("never-ready", "true"));
        world.Run(12);

        Assert.Equal("Running", world.Pod().Text("status", "phase"));
        Assert.False(world.IsReady());
        var unhealthy = world.Cluster.Store.List(ApiResources.Events, "shop").Select(stored => stored.ToJson()).Single(told => told.Text("reason") == "Unhealthy");
        Assert.Equal(("Readiness probe failed: HTTP probe failed with statuscode: 503", 3L), (unhealthy.Text("message"), unhealthy.Number("count")));
    }

    [Fact]
    public void A_running_pod_changes_its_health_when_its_annotation_does()
    {
        var world = new NodeWorld();
        world.Create(new PodBuilder());
        world.Settle();
        world.Annotate("never-ready", "true");
        world.Settle();
        Assert.False(world.IsReady());
        world.Annotate("never-ready", null);
        world.Settle();
        Assert.True(world.IsReady());
    }

    [Theory]
    [InlineData("ConfigMap", "configmap \"settings\" not found")]
    [InlineData("Secret", "secret \"settings\" not found")]
    public void A_container_waits_for_what_its_environment_is_made_from(string kind, string message)
    {
        var world = new NodeWorld();
        var pod = new PodBuilder();
        pod.App["envFrom"] = new JsonArray(new JsonObject { [kind == "Secret" ? "secretRef" : "configMapRef"] = new JsonObject { ["name"] = "settings" } });
        world.Create(pod);
        world.Settle();
        Assert.Equal(("CreateContainerConfigError", message), (world.Waiting(), world.Status().Text("state", "waiting", "message")));
        Assert.Contains($"Failed: Error: {message}", world.Told());

        world.Cluster.Create(kind == "Secret" ? ApiResources.Secrets : ApiResources.ConfigMaps, "shop", new JsonObject { ["metadata"] = new JsonObject { ["name"] = "settings" } });
        world.Settle();
        Assert.True(world.IsReady());
    }

    [Fact]
    public void A_deleted_pod_stays_ready_until_it_has_stopped()
    {
        var world = new NodeWorld();
        var pod = world.Create(new PodBuilder().Annotated("stop-after", "5s"));
        world.Settle();
        world.Cluster.Delete(pod);
        world.Run(4.9);
        Assert.True(world.IsReady());
        Assert.Contains("Killing: Stopping container app", world.Told());
        world.Run(0.2);
        Assert.False(world.Exists());
    }

    [Fact]
    public void The_grace_period_is_the_longest_a_pod_may_take_and_a_second_request_may_shorten_it()
    {
        var world = new NodeWorld();
        var pod = world.Create(new PodBuilder().Annotated("stop-after", "60s"));
        world.Settle();
        world.Cluster.Delete(pod, new DeleteOptions { GracePeriodSeconds = 40 });
        world.Run(10);
        Assert.True(world.Exists());
        world.Cluster.Delete(pod, new DeleteOptions { GracePeriodSeconds = 5 });
        world.Run(4);
        Assert.True(world.Exists());
        Assert.Equal(1, world.Settle().TotalSeconds, 6);
        Assert.False(world.Exists());
    }

    [Theory]
    [InlineData("""{"sleep":{"seconds":7}}""")]
    [InlineData("""{"exec":{"command":["sh","-c","sleep 7"]}}""")]
    public void A_preStop_hook_that_waits_is_waited_for(string hook)
    {
        var world = new NodeWorld();
        var pod = new PodBuilder();
        pod.App["lifecycle"] = new JsonObject { ["preStop"] = JsonNode.Parse(hook) };
        var stored = world.Create(pod);
        world.Settle();
        world.Cluster.Delete(stored);

        Assert.Equal(7.3, world.Settle().TotalSeconds, 6);
    }

    [Fact]
    public void A_forced_deletion_is_immediate_and_nothing_of_the_pod_stays_planned()
    {
        var world = new NodeWorld();
        var pod = world.Create(new PodBuilder().Annotated("ready-after", "30s"));
        world.Run(1);
        world.Cluster.Delete(pod, new DeleteOptions { GracePeriodSeconds = 0 });

        Assert.False(world.Exists());
        Assert.Equal(TimeSpan.Zero, world.Settle());
    }

    [Fact]
    public void A_finalizer_keeps_the_object_though_the_pod_has_stopped()
    {
        var world = new NodeWorld();
        var pod = world.Create(new PodBuilder().Set(json => json.Object("metadata")["finalizers"] = new JsonArray("shop/hold")));
        world.Settle();
        world.Cluster.Delete(pod);
        world.Settle();
        Assert.True(world.Exists());
        world.Cluster.Change(pod, json => json.Object("metadata").Remove("finalizers"));
        world.Settle();
        Assert.False(world.Exists());
    }

    [Fact]
    public void Ready_after_tells_the_time_from_binding_to_ready_whatever_the_probes_say()
    {
        var world = new NodeWorld();
        world.Create(new PodBuilder().Probe("readinessProbe", 30).Annotated("ready-after", "4s"));
        world.Run(1);
        Assert.Equal("ContainerCreating", world.Waiting());
        world.Run(2);
        Assert.NotNull(world.Status().Text("state", "running", "startedAt"));
        Assert.Equal(1, world.Settle().TotalSeconds, 6);
        Assert.True(world.IsReady());
    }

    [Fact]
    public void An_annotation_that_nobody_understands_is_told()
    {
        var world = new NodeWorld();
        world.Create(new PodBuilder().Annotated("ready-after", "soon"));
        world.Create(new PodBuilder("typo").Annotated("redy-after", "3s"));
        world.Settle();

        Assert.Contains("InvalidAnnotation: annotation sandbox.meshroll.io/ready-after: \"soon\" is no duration such as 250ms, 3s or 1m30s", world.Told());
        Assert.Contains("InvalidAnnotation: there is no annotation sandbox.meshroll.io/redy-after", world.Told("typo"));
    }

    [Fact]
    public void A_readiness_gate_of_somebody_else_decides_with_the_containers()
    {
        var world = new NodeWorld();
        var pod = world.Create(new PodBuilder().Set(json => json.Object("spec")["readinessGates"] = new JsonArray(new JsonObject { ["conditionType"] = "shop/traffic" })));
        world.Settle();
        Assert.Equal(("False", "True"), (world.Condition("Ready").Text("status"), world.Condition("ContainersReady").Text("status")));
        world.Cluster.Change(pod, json => json.List("status", "conditions").Add((JsonNode)new JsonObject { ["type"] = "shop/traffic", ["status"] = "True" }), UpdatePart.Status);
        world.Settle();
        Assert.True(world.IsReady());
    }

    [Fact]
    public void Pods_that_already_run_are_taken_over_as_they_are()
    {
        var first = new NodeWorld();
        first.Create(new PodBuilder().Init());
        first.Settle();
        var second = new NodeWorld();
        second.Cluster.Store.Add(ApiResources.Pods, first.Pod());
        second.Settle();
        Assert.Equal(0, second.Writes());

        second.Cluster.Delete(second.Cluster.Store.Find(ApiResources.Pods, "shop", "web")!);
        second.Settle();
        Assert.False(second.Exists());
    }

    [Fact]
    public void The_same_seed_gives_the_same_story()
    {
        Assert.Equal(Story(7), Story(7));

        static List<string> Story(int seed)
        {
            var world = new NodeWorld(nodes: 3, seed: seed, node: new() { Pods = 4 });
            for (var i = 0; i < 15; i++)
            {
                var pod = new PodBuilder($"web-{i}").Init();
                if (i % 3 == 0) pod.Annotated("crashes-after", "3s");
                if (i % 4 == 0) pod.Image("does-not-exist");
                world.Create(pod);
            }
            world.Run(60);
            world.Cluster.Delete(world.Cluster.Store.Find(ApiResources.Pods, "shop", "web-2")!);
            world.Run(60);
            return [.. world.Changes.Select(change => $"{change.Version} {change.Type} {System.Text.Encoding.UTF8.GetString(change.Object.Json.Span)}")];
        }
    }
}
