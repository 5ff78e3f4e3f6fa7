using MeshRoll.ClusterTests.World;
using MeshRoll.Core;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Rollouts.Verbs;
using MeshRoll.TestControlPlane.Workloads;

namespace MeshRoll.ClusterTests.Verbs;

public sealed class VerbsLikeKubectlOnARealControlPlane(RealWorld world) : VerbsLikeKubectlScenarios(world);

public sealed class VerbsLikeKubectlInTheSandbox(EmbeddedWorld world) : VerbsLikeKubectlScenarios(world);

public abstract class VerbsLikeKubectlScenarios(ClusterWorld world) : Scenario(world), IAsyncLifetime
{
    // Much that no model of MeshRoll's knows: it has to survive an undo.
    private const string Rich = """
        {"spec":{"template":{"metadata":{"annotations":{"note":"with \"quotes\" and ünïcode"}},"spec":{
        "securityContext":{"fsGroup":1000},"nodeSelector":{"kubernetes.io/os":"linux"},
        "affinity":{"podAntiAffinity":{"preferredDuringSchedulingIgnoredDuringExecution":[{"weight":1,"podAffinityTerm":{"topologyKey":"kubernetes.io/hostname","labelSelector":{"matchLabels":{"app":"web"}}}}]}},
        "tolerations":[{"key":"dedicated","operator":"Exists"}],"volumes":[{"name":"scratch","emptyDir":{}}],
        "containers":[{"name":"app","env":[{"name":"A","value":"1"},{"name":"NODE","valueFrom":{"fieldRef":{"fieldPath":"spec.nodeName"}}}],
        "resources":{"requests":{"cpu":"10m"},"limits":{"memory":"1Gi"}},"volumeMounts":[{"name":"scratch","mountPath":"/scratch"}],
        "lifecycle":{"preStop":{"exec":{"command":["sleep","1"]}}}}]}}}}
        """;

    private const string Poor = """
        {"spec":{"template":{"metadata":{"annotations":{"note":null}},"spec":{"securityContext":{"fsGroup":null},"nodeSelector":null,"affinity":null,"tolerations":null,"volumes":null,
        "containers":[{"name":"app","env":null,"resources":null,"volumeMounts":null,"lifecycle":null}]}}}}
        """;

    private ClusterSession? _session;

    public static TheoryData<string> Kinds => ["deploy", "sts", "ds"];

    public ValueTask InitializeAsync()
    {
        _session = Open();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (_session is not null) await _session.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task An_undo_goes_back_by_one_and_a_second_one_forth_again(string kind)
    {
        var twins = await TwinsAsync(kind);
        await twins.PastAsync("set", "image", twins.Short, "app=hub.example/app:2");

        await twins.SameAsync(["rollout", "undo", twins.Short], new UndoVerb());
        Assert.Contains("revision 1", twins.Rollout!.Message, StringComparison.Ordinal);
        Assert.Contains("does not bring the old proxy back", twins.Rollout.Message, StringComparison.Ordinal);
        Assert.Equal(await twins.GenerationAsync(), twins.Rollout.Generation);

        await twins.SameAsync(["rollout", "undo", twins.Short], new UndoVerb());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_history_is_kubectls(string kind)
    {
        var twins = await TwinsAsync(kind, workload => workload with { Annotations = new Dictionary<string, string> { ["kubernetes.io/change-cause"] = "the first one" } });
        await twins.PastAsync("set", "image", twins.Short, "app=hub.example/app:2");
        await twins.PastAsync("annotate", twins.Short, "--overwrite", "kubernetes.io/change-cause=the second one");
        await twins.PastAsync("set", "image", twins.Short, "app=hub.example/app:3");
        await twins.SameAsync(["rollout", "undo", twins.Short], new UndoVerb());

        var (kubectls, ours) = await twins.HistoriesAsync();
        Assert.Equal(3, kubectls.Split('\n').Length);
        Assert.Equal(kubectls, ours);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task An_undo_to_a_revision_brings_all_of_its_template_back(string kind)
    {
        var twins = await TwinsAsync(kind);
        await twins.PastAsync("patch", twins.Short, "-p", Rich);
        await twins.PastAsync("patch", twins.Short, "-p", Poor);
        await twins.PastAsync("set", "image", twins.Short, "*=hub.example/app:3");

        await twins.SameAsync(["rollout", "undo", twins.Short, "--to-revision=2"], new UndoVerb(2));

        var template = (await twins.OursAsync())["spec"]!["template"]!;
        Assert.Equal("with \"quotes\" and ünïcode", (string?)template["metadata"]!["annotations"]!["note"]);
        Assert.Equal("/scratch", (string?)template["spec"]!["containers"]![0]!["volumeMounts"]![0]!["mountPath"]);
    }

    [Fact]
    public async Task An_undo_brings_a_Deployments_annotations_back_and_leaves_its_own()
    {
        var twins = await TwinsAsync("deploy");
        await twins.PastAsync("annotate", twins.Short, "kubernetes.io/change-cause=first", "team=a", "kubectl.kubernetes.io/last-applied-configuration={}");
        await twins.PastAsync("set", "image", twins.Short, "app=hub.example/app:2");
        await twins.PastAsync("annotate", twins.Short, "--overwrite", "kubernetes.io/change-cause=second", "team=b", "added=later");

        await twins.SameAsync(["rollout", "undo", twins.Short], new UndoVerb());

        var annotations = (await twins.OursAsync())["metadata"]!["annotations"]!;
        Assert.Equal("first", (string?)annotations["kubernetes.io/change-cause"]);
        Assert.Equal("{}", (string?)annotations["kubectl.kubernetes.io/last-applied-configuration"]);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task An_undo_after_a_restart_takes_the_restart_back(string kind)
    {
        var twins = await TwinsAsync(kind);
        // As kubectl rollout restart does, with a time that is the same for both.
        await twins.PastAsync("patch", twins.Short, "-p", """{"spec":{"template":{"metadata":{"annotations":{"kubectl.kubernetes.io/restartedAt":"2026-03-01T10:00:00Z"}}}}}""");
        await twins.SameAsync(["rollout", "undo", twins.Short], new UndoVerb());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task An_undo_to_what_is_there_already_changes_nothing(string kind)
    {
        var twins = await TwinsAsync(kind);
        await twins.PastAsync("set", "image", twins.Short, "app=hub.example/app:2");
        var before = await twins.GenerationAsync();

        await twins.SameAsync(["rollout", "undo", twins.Short, "--to-revision=2"], new UndoVerb(2));

        Assert.Equal(RolloutState.Skipped, twins.Rollout!.State);
        Assert.Contains("revision 2 already", twins.Rollout.Message, StringComparison.Ordinal);
        Assert.Equal(before, await twins.GenerationAsync());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task An_unknown_revision_and_a_missing_past_are_refused(string kind)
    {
        var twins = await TwinsAsync(kind);
        await twins.SameAsync(["rollout", "undo", twins.Short], new UndoVerb());
        Assert.Equal("MeshRoll.RevisionNotFound", twins.Refusal!.Id);

        await twins.PastAsync("set", "image", twins.Short, "app=hub.example/app:2");
        await twins.SameAsync(["rollout", "undo", twins.Short, "--to-revision=99"], new UndoVerb(99));
        Assert.Equal("MeshRoll.RevisionNotFound", twins.Refusal!.Id);
        Assert.Contains("there are 1, 2", twins.Refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_paused_Deployment_collects_changes_and_is_not_undone_until_it_is_resumed()
    {
        var twins = await TwinsAsync("deploy");
        await twins.SameAsync(["rollout", "pause", twins.Short], new SuspendVerb());
        Assert.Equal(RolloutState.Paused, twins.Rollout!.State);
        await twins.SameButKubectlFailsAsync(["rollout", "pause", twins.Short], new SuspendVerb());
        await twins.SameAsync(["set", "image", twins.Short, "app=hub.example/app:2"], SetImageVerb.Of(Images("app=hub.example/app:2")));
        Assert.Equal(RolloutState.Paused, twins.Rollout!.State);
        await twins.SameAsync(["rollout", "undo", twins.Short, "--to-revision=1"], new UndoVerb(1));
        Assert.Equal("MeshRoll.WorkloadPaused", twins.Refusal!.Id);
        await twins.SameAsync(["rollout", "resume", twins.Short], new ResumeVerb());
        await twins.SameButKubectlFailsAsync(["rollout", "resume", twins.Short], new ResumeVerb());
    }

    [Theory]
    [InlineData("sts")]
    [InlineData("ds")]
    public async Task Only_Deployments_are_suspended_and_resumed(string kind)
    {
        var twins = await TwinsAsync(kind);
        await twins.SameAsync(["rollout", "pause", twins.Short], new SuspendVerb());
        Assert.Equal(VerbRefusedException.NotSupported, twins.Refusal!.Id);
        await twins.SameAsync(["rollout", "resume", twins.Short], new ResumeVerb());
        Assert.Equal(VerbRefusedException.NotSupported, twins.Refusal!.Id);
    }

    [Theory]
    [InlineData("deploy", "app=hub.example/app:2")]
    [InlineData("deploy", "app=hub.example/app:2", "setup=hub.example/init:2")]
    [InlineData("deploy", "setup=hub.example/init:2")]
    [InlineData("deploy", "*=hub.example/all:2")]
    [InlineData("sts", "app=hub.example/app:2", "setup=hub.example/init:2")]
    [InlineData("sts", "*=hub.example/all:2")]
    [InlineData("ds", "app=hub.example/app:2", "setup=hub.example/init:2")]
    [InlineData("ds", "*=hub.example/all:2")]
    public async Task Images_are_set(string kind, params string[] images)
    {
        var twins = await TwinsAsync(kind);
        await twins.SameAsync(["set", "image", twins.Short, .. images], SetImageVerb.Of(Images(images)));
        Assert.StartsWith("image set: ", twins.Rollout!.Message, StringComparison.Ordinal);

        var before = await twins.GenerationAsync();
        await twins.SameAsync(["set", "image", twins.Short, .. images], SetImageVerb.Of(Images(images)));
        Assert.Equal(RolloutState.Skipped, twins.Rollout!.State);
        Assert.Equal(before, await twins.GenerationAsync());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task An_image_for_a_container_that_is_not_there_is_refused(string kind)
    {
        var twins = await TwinsAsync(kind);
        await twins.SameAsync(["set", "image", twins.Short, "nope=hub.example/app:2"], SetImageVerb.Of(Images("nope=hub.example/app:2")));
        Assert.Equal("MeshRoll.ContainerNotFound", twins.Refusal!.Id);
        Assert.Contains("app, setup (init)", twins.Refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sts")]
    [InlineData("ds")]
    public async Task With_OnDelete_the_template_changes_and_no_pod_does(string kind)
    {
        var twins = await TwinsAsync(kind, workload => workload with { Strategy = Workload.StrategyOf("OnDelete") });
        await twins.SameAsync(["set", "image", twins.Short, "app=hub.example/app:2"], SetImageVerb.Of(Images("app=hub.example/app:2")));
        Assert.Contains("OnDelete", twins.Rollout!.Message, StringComparison.Ordinal);
        await twins.SameAsync(["rollout", "undo", twins.Short], new UndoVerb());
    }

    [Theory]
    [InlineData("deploy", 1)]
    [InlineData("deploy", 2)]
    [InlineData("sts", 3)]
    [InlineData("ds", 4)]
    public async Task Whatever_is_done_one_after_the_other_leaves_the_same(string kind, int seed)
    {
        var twins = await TwinsAsync(kind);
        var random = new Random(seed);
        for (var step = 0; step < 12; step++)
        {
            var (image, revision) = ($"app=hub.example/app:{random.Next(1, 4)}", random.Next(1, 7));
            var (kubectl, ours) = random.Next(7) switch
            {
                0 or 1 => ((string[])["rollout", "undo", twins.Short], (RolloutVerb)new UndoVerb()),
                2 => (["rollout", "undo", twins.Short, $"--to-revision={revision}"], new UndoVerb(revision)),
                3 => (["rollout", "pause", twins.Short], new SuspendVerb()),
                4 => (["rollout", "resume", twins.Short], new ResumeVerb()),
                _ => (["set", "image", twins.Short, image], SetImageVerb.Of(Images(image))),
            };
            await twins.SameOneAfterTheOtherAsync(kubectl, ours);
        }
    }

    private static Dictionary<string, string> Images(params string[] pairs) => pairs.Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);

    private async Task<Twins> TwinsAsync(string kind, Func<Workload, Workload>? change = null)
    {
        var twins = new Twins(World, _session!, kind);
        await twins.CreateAsync(change);
        return twins;
    }
}
