using MeshRoll.Sandbox.Admission;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Tests.Controllers.World;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Tests.Controllers;

public sealed class EventRecorderTests
{
    private readonly ControllerWorld _world = new();
    private readonly StoredObject _pod;

    public EventRecorderTests()
    {
        _pod = _world.Create(ApiResources.Pods, Specs.Pod("web"));
        _world.Settle();
    }

    [Fact]
    public void An_event_names_its_object_and_counts_its_repetitions()
    {
        _world.Recorder.Warning(_pod, "kubelet", "BackOff", "again", host: "node-1", fieldPath: "spec.containers{app}");
        _world.Pass(10);
        _world.Recorder.Warning(_pod, "kubelet", "BackOff", "again", host: "node-1", fieldPath: "spec.containers{app}");
        var written = Assert.Single(_world.List(ApiResources.Events)).ToJson();
        Assert.Equal(("Warning", "BackOff", "again", 2L), (written.Text("type"), written.Text("reason"), written.Text("message"), written.Number("count")));
        Assert.Equal(("Pod", "web", _pod.Uid), (written.Text("involvedObject", "kind"), written.Text("involvedObject", "name"), written.Text("involvedObject", "uid")));
        Assert.Equal(("kubelet", "node-1"), (written.Text("source", "component"), written.Text("source", "host")));
        Assert.Equal(TimeSpan.FromSeconds(10), written.Time("lastTimestamp") - written.Time("firstTimestamp"));
    }

    [Fact]
    public void An_event_that_somebody_has_written_since_is_counted_on_from_what_he_wrote()
    {
        _world.Recorder.Warning(_pod, "kubelet", "BackOff", "again");
        var told = Assert.Single(_world.List(ApiResources.Events));
        _world.Cluster.Change(told, json => (json["count"], json["note"]) = (40, "looked at"));
        _world.Recorder.Warning(_pod, "kubelet", "BackOff", "again");
        _world.Recorder.Warning(_pod, "kubelet", "BackOff", "again");
        var written = Assert.Single(_world.List(ApiResources.Events)).ToJson();
        Assert.Equal((42L, "looked at"), (written.Number("count"), written.Text("note")));
    }

    [Fact]
    public void Many_similar_events_become_one()
    {
        for (var i = 1; i <= 15; i++) _world.Recorder.Normal(_pod, "replicaset-controller", "SuccessfulCreate", $"Created pod: web-{i}");
        var messages = _world.Messages("SuccessfulCreate");
        Assert.Equal(10, messages.Count);
        Assert.Equal("(combined from similar events): Created pod: web-15", messages[^1]);
        Assert.Equal(6, _world.List(ApiResources.Events).Max(written => written.ToJson().Number("count")));
    }

    [Fact]
    public void An_event_is_known_again_after_thousands_of_others_and_is_the_same_only_by_its_message()
    {
        _world.Recorder.Warning(_pod, "kubelet", "BackOff", "again");
        for (var i = 0; i < 9000; i++) _world.Recorder.Normal(_pod, "test", $"Reason{i}", "other");
        _world.Recorder.Warning(_pod, "kubelet", "BackOff", "again");
        _world.Recorder.Warning(_pod, "kubelet", "BackOff", "again, but later");
        var written = _world.List(ApiResources.Events).Select(stored => stored.ToJson()).Where(json => json.Text("reason") == "BackOff").OrderBy(json => json.Text("message"), StringComparer.Ordinal);
        Assert.Equal([("again", 2L), ("again, but later", 1L)], written.Select(json => (json.Text("message")!, json.Number("count")!.Value)));
    }

    [Fact]
    public void After_ten_minutes_events_are_combined_anew_and_the_old_ones_still_counted()
    {
        for (var i = 1; i <= 9; i++) _world.Recorder.Normal(_pod, "replicaset-controller", "SuccessfulCreate", $"Created pod: web-{i}");
        _world.Pass(660);
        _world.Recorder.Normal(_pod, "replicaset-controller", "SuccessfulCreate", "Created pod: web-1");
        _world.Recorder.Normal(_pod, "replicaset-controller", "SuccessfulCreate", "Created pod: web-10");
        Assert.Equal(10, _world.Messages("SuccessfulCreate").Count);
        Assert.Equal(2, _world.List(ApiResources.Events).Select(stored => stored.ToJson()).Single(json => json.Text("message") == "Created pod: web-1").Number("count"));
    }

    [Fact]
    public void After_an_hour_an_event_is_forgotten()
    {
        _world.Recorder.Normal(_pod, "test", "One", "one");
        _world.Pass(3700);
        _world.Recorder.Normal(_pod, "test", "Two", "two");
        Assert.Equal("Two", Assert.Single(_world.List(ApiResources.Events)).ToJson().Text("reason"));
    }

    [Fact]
    public void Events_become_objects_when_somebody_reads_them_and_say_what_they_would_have_said()
    {
        var added = new List<StoredObject>();
        _world.Cluster.Store.Changed += change => added.AddRange(change.Object.Resource == ApiResources.Events ? [change.Object] : []);
        var began = _world.Now;
        _world.Recorder.Normal(_pod, "kubelet", "Pulled", "here");
        _world.Recorder.Warning(_pod, "kubelet", "BackOff", "again");
        _world.Pass(20);
        _world.Recorder.Warning(_pod, "kubelet", "BackOff", "again");
        Assert.Empty(added);

        var first = _world.List(ApiResources.Events).OrderBy(stored => stored.Version).Select(stored => stored.ToJson()).ToList();
        Assert.Equal([("here", 1L), ("again", 2L)], first.Select(json => (json.Text("message")!, json.Number("count")!.Value)));
        Assert.All(first, json => Assert.Equal(began, json.Time("firstTimestamp")));
        Assert.All(first, json => Assert.Equal(began, json.Time("metadata", "creationTimestamp")));
        Assert.Equal(began.AddSeconds(20), first[1].Time("lastTimestamp"));

        _world.Recorder.Warning(_pod, "kubelet", "BackOff", "again");
        _world.Recorder.Normal(_pod, "kubelet", "Started", "runs");
        Assert.Equal(["here 1", "again 2", "again 3", "runs 1"], added.Select(stored => stored.ToJson()).Select(json => $"{json.Text("message")} {json.Number("count")}"));
    }

    [Fact]
    public void What_nobody_has_read_within_an_hour_is_forgotten_and_begins_anew()
    {
        _world.Recorder.Warning(_pod, "kubelet", "BackOff", "again");
        _world.Recorder.Normal(_pod, "kubelet", "Pulled", "here");
        _world.Pass(3000);
        _world.Recorder.Warning(_pod, "kubelet", "BackOff", "again");
        _world.Pass(1000);
        _world.Recorder.Normal(_pod, "kubelet", "Pulled", "here");
        _world.Pass(2700);
        _world.Recorder.Normal(_pod, "kubelet", "Started", "runs");
        var written = _world.List(ApiResources.Events).Select(stored => stored.ToJson()).OrderBy(json => json.Text("message"), StringComparer.Ordinal);
        Assert.Equal([("again", 2L), ("here", 1L), ("runs", 1L)], written.Select(json => (json.Text("message")!, json.Number("count")!.Value)));
    }

    [Fact]
    public void Whoever_reads_first_after_an_hour_finds_nothing_older()
    {
        _world.Recorder.Normal(_pod, "test", "One", "one");
        _world.Pass(3700);
        Assert.Empty(_world.List(ApiResources.Events));
    }

    [Fact]
    public void What_was_told_in_a_namespace_that_is_gone_is_gone_with_it()
    {
        _world.Recorder.Normal(_pod, "test", "One", "one");
        _world.Delete(ApiResources.Namespaces, ControllerWorld.Home);
        _world.Settle();
        Assert.Empty(_world.List(ApiResources.Events));
    }

    [Fact]
    public void Whether_somebody_reads_events_changes_nobodys_chances()
    {
        Assert.Equal(Names(reads: false), Names(reads: true));

        static List<string> Names(bool reads)
        {
            var world = new ControllerWorld();
            var pod = world.Create(ApiResources.Pods, Specs.Pod("web"));
            for (var i = 0; i < 5; i++) world.Recorder.Normal(pod, "test", $"Reason{i}", "told");
            if (reads) Assert.Equal(5, world.List(ApiResources.Events).Count);
            var uids = Enumerable.Range(0, 3).Select(_ => world.Cluster.NewUid()).ToList();
            return [.. uids, .. world.List(ApiResources.Events).Select(stored => $"{stored.Name} {stored.Uid}")];
        }
    }

    [Fact]
    public void An_event_that_is_refused_harms_nobody()
    {
        _world.Cluster.Add(new NoEvents());
        _world.Recorder.Normal(_pod, "test", "One", "one");
        Assert.Empty(_world.List(ApiResources.Events));
    }

    [Fact]
    public void Switched_off_it_writes_nothing()
    {
        _world.Recorder.IsOn = false;
        _world.Recorder.Normal(_pod, "test", "One", "one");
        Assert.Empty(_world.List(ApiResources.Events));
    }

    private sealed class NoEvents : IAdmission
    {
        public void Admit(AdmissionRequest request)
        {
            if (request.Resource == ApiResources.Events) throw ApiStatusException.Forbidden(ApiResources.Events, "", "no events");
        }
    }
}
