using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Observing;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Time;

namespace MeshRoll.Sandbox.Tests.Observing;

public sealed class TimelineTests
{
    private static readonly DateTimeOffset Begin = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private readonly Cluster _cluster = new(new Simulation(new SimulationOptions()));
    private readonly Lazy<Timeline> _timeline;
    private int _pods;

    public TimelineTests()
    {
        _timeline = new(() => new(_cluster));
        _cluster.Simulation.SetTime(Begin);
        _cluster.Create(ApiResources.Namespaces, "", Named("shop"));
    }

    private Timeline Timeline => _timeline.Value;

    [Fact]
    public void A_timeline_begins_with_what_there_is()
    {
        var web = Workload(ApiResources.Deployments, "web", 2);
        var first = ReplicaSetOf(web, 1);
        Pod(first, ready: true);
        Pod(first);

        Assert.Equal(["Deployment web 2: ready 1, old 0, new 2, terminating 0"], Read());
        Assert.Equal(Begin, Timeline.Read()[0].Time);
    }

    [Fact]
    public void Each_change_of_a_number_is_an_entry_with_its_time()
    {
        var web = Workload(ApiResources.Deployments, "web", 1);
        var first = ReplicaSetOf(web, 1);
        var old = Pod(first, ready: true);
        _ = Timeline;

        Pass(seconds: 5);
        var second = ReplicaSetOf(web, 2);
        var @new = Pod(second);
        Pass(seconds: 2);
        SetReady(@new, true);
        SetReady(@new, true);
        _cluster.Delete(old);
        Pass(seconds: 1);
        _cluster.Finish(_cluster.Store.FindByUid(old.Uid)!);

        Assert.Equal(
            [
                "0 Deployment web 1: ready 1, old 0, new 1, terminating 0",
                "5 Deployment web 1: ready 1, old 1, new 0, terminating 0",
                "5 Deployment web 1: ready 1, old 1, new 1, terminating 0",
                "7 Deployment web 1: ready 2, old 1, new 1, terminating 0",
                "7 Deployment web 1: ready 1, old 0, new 1, terminating 1",
                "8 Deployment web 1: ready 1, old 0, new 1, terminating 0",
            ],
            Timeline.Read().Select(entry => $"{(entry.Time - Begin).TotalSeconds} {Say(entry)}"));
    }

    [Fact]
    public void A_rolled_back_Deployment_has_its_earlier_template_as_the_new_one()
    {
        var web = Workload(ApiResources.Deployments, "web", 1);
        var first = ReplicaSetOf(web, 1);
        Pod(first);
        var second = ReplicaSetOf(web, 2);
        Pod(second);
        Pod(second);
        _ = Timeline;

        _cluster.Change(first, json => json.Object("metadata", "annotations")["deployment.kubernetes.io/revision"] = "3");

        Assert.Equal(["Deployment web 1: ready 0, old 1, new 2, terminating 0", "Deployment web 1: ready 0, old 2, new 1, terminating 0"], Read());
    }

    [Theory]
    [InlineData("StatefulSet", "db-new")]
    [InlineData("DaemonSet", "new")]
    public void The_pods_of_StatefulSets_and_DaemonSets_are_told_apart_by_their_revision(string kind, string hash)
    {
        var resource = kind == "StatefulSet" ? ApiResources.StatefulSets : ApiResources.DaemonSets;
        var workload = Workload(resource, "db", 2);
        Revision(workload, "db-old", 1);
        Pod(workload, hash: hash.Replace("new", "old", StringComparison.Ordinal));
        _ = Timeline;

        Revision(workload, "db-new", 2);
        Pod(workload, hash: hash);

        Assert.EndsWith(": ready 0, old 1, new 1, terminating 0", Read()[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_DaemonSet_wishes_for_what_its_status_says()
    {
        var agent = Workload(ApiResources.DaemonSets, "agent", 0);
        _ = Timeline;

        _cluster.SetStatus(agent, new JsonObject { ["desiredNumberScheduled"] = 3 });

        Assert.Equal([0, 3], Timeline.Read().Select(entry => entry.Desired));
    }

    [Fact]
    public void A_bare_ReplicaSet_is_a_workload_and_one_of_a_Deployment_is_not()
    {
        var mailer = Workload(ApiResources.ReplicaSets, "mailer", 1);
        Pod(mailer);
        ReplicaSetOf(Workload(ApiResources.Deployments, "web", 1), 1);
        _ = Timeline;

        _cluster.Change(mailer, json => json.Object("spec", "template", "metadata", "annotations")["restarted"] = "now");

        Assert.Equal(
            ["Deployment web 1: ready 0, old 0, new 0, terminating 0", "ReplicaSet mailer 1: ready 0, old 0, new 1, terminating 0", "ReplicaSet mailer 1: ready 0, old 1, new 0, terminating 0"],
            Read());
    }

    [Fact]
    public void Scaling_and_deletion_change_what_is_wished_for()
    {
        var web = Workload(ApiResources.Deployments, "web", 2);
        var pod = Pod(ReplicaSetOf(web, 1), ready: true);
        _ = Timeline;

        web = _cluster.Change(web, json => json.Object("spec")["replicas"] = 1);
        _cluster.Delete(web);
        _cluster.Delete(pod);
        _cluster.Finish(_cluster.Store.FindByUid(pod.Uid)!);

        Assert.Equal([(2, 1, 0), (1, 1, 0), (0, 1, 0), (0, 0, 1), (0, 0, 0)], Timeline.Read().Select(entry => (entry.Desired, entry.Ready, entry.Terminating)));
    }

    [Fact]
    public void A_pod_that_has_ended_counts_nowhere()
    {
        var pod = Pod(ReplicaSetOf(Workload(ApiResources.Deployments, "web", 1), 1), ready: true);
        _ = Timeline;

        _cluster.Write(pod, json => json.Object("status")["phase"] = "Failed");

        Assert.Equal("Deployment web 1: ready 0, old 0, new 0, terminating 0", Read()[^1]);
    }

    [Fact]
    public void After_Clear_every_workload_begins_with_how_it_is()
    {
        var web = Workload(ApiResources.Deployments, "web", 1);
        var pod = Pod(ReplicaSetOf(web, 1));
        _ = Timeline;
        SetReady(pod, true);
        Pass(seconds: 60);

        Timeline.Clear();

        Assert.Equal(["Deployment web 1: ready 1, old 0, new 1, terminating 0"], Read());
        Assert.Equal(Begin.AddSeconds(60), Timeline.Read()[0].Time);
    }

    [Theory]
    [InlineData("*", "*", "*", 3)]
    [InlineData("sh*", "deployment", "WEB", 1)]
    [InlineData("*", "*", "w?b", 1)]
    [InlineData("other", "*", "*", 0)]
    [InlineData("shop", "statefulset", "*", 1)]
    public void Workloads_are_chosen_by_wildcards(string @namespace, string kind, string name, int count)
    {
        Workload(ApiResources.Deployments, "web", 1);
        Workload(ApiResources.Deployments, "cart", 1);
        Workload(ApiResources.StatefulSets, "db", 1);

        Assert.Equal(count, Timeline.Read(@namespace, kind, name).Count);
    }

    [Fact]
    public void No_more_is_kept_of_a_workload_than_can_be_read()
    {
        var pod = Pod(ReplicaSetOf(Workload(ApiResources.Deployments, "web", 1), 1));
        var quiet = Workload(ApiResources.Deployments, "quiet", 1);
        _ = Timeline;

        for (var i = 0; i < Timeline.KeptPerWorkload + 10; i++) SetReady(pod, i % 2 == 0);

        Assert.Equal(Timeline.KeptPerWorkload, Timeline.Read(name: "web").Count);
        Assert.Single(Timeline.Read(name: quiet.Name));
    }

    private static JsonObject Named(string name) => new() { ["metadata"] = new JsonObject { ["name"] = name } };

    private static string Say(SandboxTimelineEntry entry) =>
        $"{entry.Kind} {entry.Name} {entry.Desired}: ready {entry.Ready}, old {entry.Old}, new {entry.New}, terminating {entry.Terminating}";

    private List<string> Read() => [.. Timeline.Read().Select(Say)];

    private void Pass(int seconds) => _cluster.Simulation.SetTime(_cluster.Now.AddSeconds(seconds));

    private StoredObject Workload(ApiResource resource, string name, int replicas)
    {
        var json = Named(name);
        json["spec"] = new JsonObject
        {
            ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = name } },
            ["template"] = new JsonObject
            {
                ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["app"] = name } },
                ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "app", ["image"] = "app:1" }) },
            },
        };
        if (resource != ApiResources.DaemonSets) json.Object("spec")["replicas"] = replicas;
        return _cluster.Create(resource, "shop", json);
    }

    private StoredObject ReplicaSetOf(StoredObject deployment, int revision)
    {
        var json = deployment.ToJson();
        var replicaSet = Named($"{deployment.Name}-{revision}");
        replicaSet["spec"] = new JsonObject { ["replicas"] = 1, ["selector"] = json["spec"]!["selector"]!.DeepClone(), ["template"] = json["spec"]!["template"]!.DeepClone() };
        replicaSet.Object("metadata", "annotations")["deployment.kubernetes.io/revision"] = revision.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return _cluster.Create(ApiResources.ReplicaSets, "shop", OwnedBy(deployment, replicaSet));
    }

    private void Revision(StoredObject workload, string name, int revision)
    {
        var json = Named(name);
        json["revision"] = revision;
        _cluster.Create(ApiResources.ControllerRevisions, "shop", OwnedBy(workload, json));
    }

    private StoredObject Pod(StoredObject owner, bool ready = false, string hash = "")
    {
        var json = Named($"pod-{_pods++}");
        json.Object("metadata", "labels")["controller-revision-hash"] = hash;
        json["spec"] = new JsonObject { ["nodeName"] = "node-1", ["containers"] = new JsonArray(new JsonObject { ["name"] = "app", ["image"] = "app:1" }) };
        var pod = _cluster.Create(ApiResources.Pods, "shop", OwnedBy(owner, json));
        return ready ? SetReady(pod, true) : pod;
    }

    private StoredObject SetReady(StoredObject pod, bool ready) => _cluster.Write(pod, json => json["status"] = new JsonObject
    {
        ["phase"] = "Running",
        ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = ready ? "True" : "False" }),
    });

    private static JsonObject OwnedBy(StoredObject owner, JsonObject json)
    {
        json.Object("metadata").List("ownerReferences").Add(new JsonObject
        {
            ["apiVersion"] = owner.Resource.ApiVersion,
            ["kind"] = owner.Resource.Kind,
            ["name"] = owner.Name,
            ["uid"] = owner.Uid,
            ["controller"] = true,
        });
        return json;
    }
}
