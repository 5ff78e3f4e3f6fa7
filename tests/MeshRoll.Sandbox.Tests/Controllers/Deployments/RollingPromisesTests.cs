using FsCheck;
using FsCheck.Fluent;
using MeshRoll.Sandbox.Controllers.Deployments;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Objects.Views;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Tests.Controllers.World;

namespace MeshRoll.Sandbox.Tests.Controllers.Deployments;

/// <summary>Whatever happens to its pods: a Deployment never takes away what it must keep, and never has more than it may.</summary>
public sealed class RollingPromisesTests
{
    private enum Event
    {
        Ready,
        Unready,
        Lost,
        NewTemplate,
        OldTemplate,
    }

    private sealed record Story(int Replicas, int Surge, int Unavailable, bool Percent, int Seed, (Event What, int Which)[] Events);

    private static readonly Arbitrary<Story> Stories = (
        from replicas in Gen.Choose(0, 8)
        from surge in Gen.Choose(0, 4)
        from unavailable in Gen.Choose(surge == 0 ? 1 : 0, 4)
        from percent in Gen.Elements(true, false)
        from seed in Gen.Choose(0, 1000)
        from count in Gen.Choose(5, 60)
        from events in Gen.ArrayOf(
            from what in Gen.Frequency(
                (12, Gen.Constant(Event.Ready)), (2, Gen.Constant(Event.Unready)), (1, Gen.Constant(Event.Lost)), (2, Gen.Constant(Event.NewTemplate)), (1, Gen.Constant(Event.OldTemplate)))
            from which in Gen.Choose(0, 1000)
            select (what, which), count)
        select new Story(replicas, surge, unavailable, percent, seed, events)).ToArbitrary();

    [Fact]
    public void Neither_too_few_available_nor_too_many_pods() => Prop.ForAll(Stories, Tell).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    private static void Tell(Story story)
    {
        var world = new ControllerWorld(story.Seed) { Kubelet = { ReadyAfter = null } };
        world.Create(ApiResources.Deployments, Specs.Deployment("web", story.Replicas, spec =>
        {
            if (story.Percent) spec.Rolling($"{story.Surge * 20}%", $"{story.Unavailable * 20}%");
            else spec.Rolling(story.Surge, story.Unavailable);
            spec["progressDeadlineSeconds"] = int.MaxValue;
        }));
        world.Settle();
        var limits = world.Get(ApiResources.Deployments, "web").As<DeploymentView>().Limits;
        world.Cluster.Store.Changed += change =>
        {
            if (change.Object.Resource != ApiResources.Pods) return;
            Assert.True(world.ActivePods.Count <= story.Replicas + limits.Surge, "too many pods");
            // A pod that the controller takes away while it is available must leave enough others.
            var wasTaken = change.Before is { IsDeleting: false } before && before.As<PodView>().IsReady && (change.Object.IsDeleting || change.Type == ChangeType.Deleted);
            if (wasTaken && !Played.IsActing) Assert.True(world.ActivePods.Count(pod => pod.As<PodView>().IsReady) >= story.Replicas - limits.Unavailable, "too few available");
        };

        var template = 1;
        foreach (var (what, which) in story.Events)
        {
            Play(world, what, which, ref template);
            world.Settle();
        }
        for (var i = 0; i < 100 && world.ActivePods.Find(pod => !pod.As<PodView>().IsReady) is { } waiting; i++)
        {
            world.Kubelet.SetReady(waiting);
            world.Settle();
        }
        Assert.Equal(story.Replicas, world.ActivePods.Count);
        Assert.All(world.ActivePods, pod => Assert.Equal($"app:{template}", pod.ToJson().Items("spec", "containers").First().Text("image")));
    }

    private static void Play(ControllerWorld world, Event what, int which, ref int template)
    {
        var pods = world.ActivePods;
        var pod = pods.Count == 0 ? null : pods[which % pods.Count];
        Played.IsActing = true;
        switch (what)
        {
            case Event.NewTemplate:
                template = which;
                world.Change(ApiResources.Deployments, "web", json => json.Image($"app:{which}"));
                break;
            case Event.OldTemplate:
                template = 1;
                world.Change(ApiResources.Deployments, "web", json => json.Image("app:1"));
                break;
            case Event.Lost when pod is not null:
                world.Cluster.Delete(pod);
                break;
            case Event.Ready or Event.Unready when pod is not null:
                world.Kubelet.SetReady(pod, what == Event.Ready);
                break;
        }
        Played.IsActing = false;
    }

    /// <summary>Whether it is the story that acts, not a controller.</summary>
    private static class Played
    {
        [ThreadStatic]
        public static bool IsActing;
    }
}
