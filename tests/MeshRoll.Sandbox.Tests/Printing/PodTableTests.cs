namespace MeshRoll.Sandbox.Tests.Printing;

public sealed class PodTableTests
{
    private const string Running = "'ready':true,'state':{'running':{}}";
    private const string Ended = "'state':{'terminated':{'exitCode':0,'reason':'Completed'}}";

    [Theory]
    [InlineData("[" + Running + "]", "1/1 | Running")]
    [InlineData("['ready':false,'state':{'running':{}}]", "0/1 | Running")]
    [InlineData("['state':{'waiting':{'reason':'ImagePullBackOff'}}]", "0/1 | ImagePullBackOff")]
    [InlineData("['state':{'waiting':{}}]", "0/1 | Running")]
    [InlineData("[" + Ended + "]", "0/1 | Completed")]
    [InlineData("['state':{'terminated':{'exitCode':3}}]", "0/1 | ExitCode:3")]
    [InlineData("['state':{'terminated':{'exitCode':137,'signal':9}}]", "0/1 | Signal:9")]
    [InlineData("['state':{'terminated':{'exitCode':1,'reason':'Error'}}]", "0/1 | Error")]
    [InlineData("[" + Running + "][" + Ended + "]", "1/2 | NotReady")]
    [InlineData("[" + Ended + "][" + Running + "]", "1/2 | NotReady")]
    [InlineData("['state':{'waiting':{'reason':'CrashLoopBackOff'}}][" + Ended + "]", "0/2 | CrashLoopBackOff")]
    [InlineData("['state':{'waiting':{'reason':'CrashLoopBackOff'}}][" + Running + "]", "1/2 | CrashLoopBackOff")]
    public void The_containers_tell_the_status(string containers, string expected) => Assert.Equal(expected, ReadyAndStatus($"'phase':'Running','containerStatuses':{Statuses(containers)}", Names(containers)));

    [Fact]
    public void A_pod_with_an_ended_container_is_running_as_long_as_it_is_ready() => Assert.Equal(
        "1/2 | Running",
        ReadyAndStatus($"'phase':'Running','conditions':[{{'type':'Ready','status':'True'}}],'containerStatuses':[{{{Running}}},{{{Ended}}}]", "'containers':[{'name':'0'},{'name':'1'}]"));

    [Theory]
    [InlineData("['state':{'waiting':{'reason':'PodInitializing'}}]['state':{'waiting':{'reason':'PodInitializing'}}]", "Init:0/2")]
    [InlineData("['state':{'running':{}}]['state':{'waiting':{'reason':'PodInitializing'}}]", "Init:0/2")]
    [InlineData("[" + Ended + "]['state':{'running':{}}]", "Init:1/2")]
    [InlineData("[" + Ended + "]['state':{'waiting':{'reason':'CrashLoopBackOff'}}]", "Init:CrashLoopBackOff")]
    [InlineData("['state':{'terminated':{'exitCode':1,'reason':'Error'}}][]", "Init:Error")]
    [InlineData("['state':{'terminated':{'exitCode':7}}][]", "Init:ExitCode:7")]
    [InlineData("['state':{'terminated':{'exitCode':7,'signal':15}}][]", "Init:Signal:15")]
    [InlineData("[" + Ended + "][" + Ended + "]", "PodInitializing")]
    public void While_it_initialises_the_init_containers_tell_the_status(string containers, string expected) => Assert.Equal(
        "0/1 | " + expected,
        ReadyAndStatus(
            $"'phase':'Pending','initContainerStatuses':{Statuses(containers)},'containerStatuses':[{{'state':{{'waiting':{{'reason':'PodInitializing'}}}}}}]",
            $"'containers':[{{'name':'app'}}],{Names(containers, "initContainers")}"));

    [Theory]
    [InlineData("'started':true,'ready':true,'state':{'running':{}}", Running, "2/2 | Running")]
    [InlineData("'started':true,'ready':false,'state':{'running':{}}", Running, "1/2 | Running")]
    [InlineData("'started':false,'state':{'running':{}}", "'state':{'waiting':{'reason':'PodInitializing'}}", "0/2 | Init:0/1")]
    [InlineData("'state':{'terminated':{'exitCode':0,'reason':'Completed'}}", Ended, "0/2 | Completed")]
    public void A_native_sidecar_counts_as_a_container(string sidecar, string container, string expected) => Assert.Equal(
        expected,
        ReadyAndStatus($"'phase':'Running','initContainerStatuses':[{{'name':'proxy',{sidecar}}}],'containerStatuses':[{{{container}}}]", "'containers':[{'name':'app'}],'initContainers':[{'name':'proxy','restartPolicy':'Always'}]"));

    [Fact]
    public void Once_initialised_the_containers_count_although_a_sidecar_starts_again() => Assert.Equal(
        "1/2 | Init:0/1",
        ReadyAndStatus(
            $"'phase':'Running','reason':'','conditions':[{{'type':'Initialized','status':'True'}}],'initContainerStatuses':[{{'name':'proxy','state':{{'waiting':{{}}}}}}],'containerStatuses':[{{{Running}}}]",
            "'containers':[{'name':'app'}],'initContainers':[{'name':'proxy','restartPolicy':'Always'}]"));

    [Theory]
    [InlineData("'phase':'Pending'", "Pending")]
    [InlineData("'phase':'Failed','reason':'Evicted'", "Evicted")]
    [InlineData("'phase':'Pending','conditions':[{'type':'PodScheduled','reason':'SchedulingGated'}]", "SchedulingGated")]
    public void Without_containers_the_phase_or_its_reason_tells(string status, string expected) => Assert.Equal("0/1 | " + expected, ReadyAndStatus(status, "'containers':[{'name':'app'}]"));

    [Theory]
    [InlineData("'phase':'Running'", "Terminating")]
    [InlineData("'phase':'Running','reason':'NodeLost'", "Unknown")]
    public void A_pod_that_is_being_deleted_is_terminating(string status, string expected) =>
        Assert.Equal($"p | 0/0 | {expected} | 0 | 5m", Table.Row("", "Pod", $"{{'metadata':{{'name':'p',{Table.Created},'deletionTimestamp':'2026-01-01T13:05:30Z'}},'status':{{{status}}}}}"));

    [Theory]
    [InlineData("'restartCount':0", "0")]
    [InlineData("'restartCount':3", "3")]
    [InlineData("'restartCount':3,'lastState':{'terminated':{'finishedAt':'2026-01-01T13:04:00Z'}}", "3 (60s ago)")]
    public void Restarts_say_how_many_and_when_last(string container, string expected) =>
        Assert.Equal($"p | 0/0 | Running | {expected} | 5m", Table.Row("", "Pod", $"{{'metadata':{{'name':'p',{Table.Created}}},'status':{{'phase':'Running','containerStatuses':[{{{container}}}]}}}}"));

    [Fact]
    public void While_initialising_the_restarts_of_init_containers_count_and_later_those_of_sidecars_only()
    {
        const string Spec = "'spec':{'initContainers':[{'name':'setup'},{'name':'proxy','restartPolicy':'Always'}],'containers':[{'name':'app'}]}";
        const string Setup = "'name':'setup','restartCount':2,'lastState':{'terminated':{'finishedAt':'2026-01-01T13:04:30Z'}}";
        const string Proxy = "{'name':'proxy','restartCount':1,'started':true,'state':{'running':{}},'lastState':{'terminated':{'finishedAt':'2026-01-01T13:04:00Z'}}}";
        const string Container = "{'restartCount':4,'lastState':{'terminated':{'finishedAt':'2026-01-01T13:03:00Z'}}}";

        string Restarts(string setupState, string proxy) =>
            Table.Row("", "Pod", $"{{'metadata':{{'name':'p',{Table.Created}}},{Spec},'status':{{'phase':'Running','initContainerStatuses':[{{{Setup},{setupState}}}{proxy}],'containerStatuses':[{Container}]}}}}").Split(" | ")[3];

        Assert.Equal("2 (30s ago)", Restarts("'state':{'waiting':{'reason':'CrashLoopBackOff'}}", ""));
        Assert.Equal("5 (60s ago)", Restarts(Ended, "," + Proxy));
    }

    [Fact]
    public void Wide_columns_tell_where_it_runs()
    {
        Assert.Equal("Name | Ready | Status | Restarts | Age | IP+ | Node+ | Nominated Node+ | Readiness Gates+", Table.Heading("", "Pod"));
        Assert.Equal("p | 0/0 |  | 0 | <unknown> | <none> | <none> | <none> | <none>", Table.Row("", "Pod", "{'metadata':{'name':'p'}}", isWide: true));
        Assert.Equal("p | 0/0 |  | 0 | <unknown> | 10.0.0.2 | <none> | <none> | <none>", Table.Row("", "Pod", "{'metadata':{'name':'p'},'status':{'podIP':'10.0.0.2'}}", isWide: true));
        Assert.Equal(
            "p | 0/0 | Running | 0 | 5m | 10.0.0.1 | node-1 | node-2 | 1/2",
            Table.Row(
                "",
                "Pod",
                $"{{'metadata':{{'name':'p',{Table.Created}}},'spec':{{'nodeName':'node-1','readinessGates':[{{'conditionType':'a'}},{{'conditionType':'b'}}]}},'status':{{'phase':'Running','podIPs':[{{'ip':'10.0.0.1'}}],'nominatedNodeName':'node-2','conditions':[{{'type':'a','status':'True'}},{{'type':'b','status':'False'}}]}}}}",
                isWide: true));
    }

    private static string ReadyAndStatus(string status, string spec) =>
        string.Join(" | ", Table.Row("", "Pod", $"{{'metadata':{{'name':'p'}},'spec':{{{spec}}},'status':{{{status}}}}}").Split(" | ")[1..3]);

    // Containers are written as [a][b], each in brackets of its own.
    private static string[] Split(string containers) => [.. containers[1..^1].Split("][")];

    private static string Statuses(string containers) => $"[{string.Join(',', Split(containers).Select((container, i) => $"{{'name':'{i}'{(container.Length > 0 ? "," : "")}{container}}}"))}]";

    private static string Names(string containers, string list = "containers") => $"'{list}':[{string.Join(',', Split(containers).Select((_, i) => $"{{'name':'{i}'}}"))}]";
}
