using MeshRoll.Errors;
using MeshRoll.Sandbox.Faults;
using MeshRoll.Sandbox.Wire.Faults;
using MeshRoll.Sandboxes;

namespace MeshRoll.Tests.Sandboxes;

public class FaultTextTests
{
    public static TheoryData<WireFault, string, string> Faults => new()
    {
        { new() { Action = new WireAction.Answer(503) }, "Status 503", "all requests" },
        { new() { Action = new WireAction.Throttle(), Match = new() { Verb = "patch" } }, "Throttle", "patch" },
        { new() { Action = new WireAction.Cut(), Match = new() { Resource = "pods", Namespace = "shop" } }, "Cut", "pods in shop" },
        { new() { Action = new WireAction.Expire(), Match = new() { Verb = "watch", Resource = "pods", Name = "web*" } }, "ExpireWatch", "watch pods web*" },
        { new() { Latency = TimeSpan.FromMilliseconds(200) }, "Latency 200ms", "all requests" },
        { new() { Action = new WireAction.Answer(500), Latency = TimeSpan.FromSeconds(2) }, "Status 500, Latency 2000ms", "all requests" },
    };

    public static TheoryData<SandboxFault, string, string> ClusterFaults => new()
    {
        { new() { Kind = SandboxFaultKind.ImageMissing }, "ImageMissing", "all" },
        { new() { Kind = SandboxFaultKind.Slow, After = TimeSpan.FromSeconds(10), Namespace = "shop", Workload = "web*" }, "Slow 00:00:10", "workload web* in shop" },
        { new() { Kind = SandboxFaultKind.NodeFull, Node = "node-1" }, "NodeFull", "node node-1" },
        { new() { Kind = SandboxFaultKind.WebhookDown, Revision = "1-27-1" }, "WebhookDown", "revision 1-27-1" },
    };

    [Theory]
    [MemberData(nameof(ClusterFaults))]
    public void A_fault_of_the_cluster_says_so_too(SandboxFault fault, string kind, string target)
    {
        Assert.Equal(kind, FaultText.Kind(fault));
        Assert.Equal(target, FaultText.Target(fault));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_fault_says_what_happens_and_to_whom(WireFault fault, string kind, string target)
    {
        Assert.Equal(kind, FaultText.Kind(fault));
        Assert.Equal(target, FaultText.Target(fault));
    }

    [Theory]
    [InlineData("NodeFull")]
    [InlineData("nodefull")]
    public void A_kind_is_known_by_name(string name) => Assert.Equal(SandboxFaultKind.NodeFull, FaultKinds.Read(name));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("Earthquake")]
    [InlineData("NodeFull, Slow")]
    public void Another_one_is_refused_with_those_there_are(string name) =>
        Assert.Contains("ImageMissing, ", Assert.Throws<CommandException>(() => FaultKinds.Read(name)).Message, StringComparison.Ordinal);
}
