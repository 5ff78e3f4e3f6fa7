using System.Globalization;
using MeshRoll.Sandbox.Faults;
using MeshRoll.Sandbox.Wire.Faults;

namespace MeshRoll.Sandboxes;

/// <summary>Faults in words.</summary>
internal static class FaultText
{
    /// <summary>A fault of the cluster as the object that a command gives.</summary>
    public static MeshSandboxFault Describe(MeshSandbox sandbox, SandboxFault fault) => new()
    {
        Sandbox = sandbox.Name,
        Name = fault.Name,
        Kind = Kind(fault),
        Target = Target(fault),
        Namespace = fault.Namespace,
    };

    /// <summary>A fault on the wire as the object that a command gives.</summary>
    public static MeshSandboxFault Describe(MeshSandbox sandbox, WireFault fault) => new()
    {
        Sandbox = sandbox.Name,
        Name = fault.Name,
        Kind = Kind(fault),
        Target = Target(fault),
        Namespace = fault.Match.Namespace,
        Rate = fault.Rate,
        Count = fault.Count,
    };

    /// <summary><c>ImageMissing</c>, <c>Slow 00:00:10</c>.</summary>
    public static string Kind(SandboxFault fault) => fault.After is { } after ? string.Create(CultureInfo.InvariantCulture, $"{fault.Kind} {after:c}") : fault.Kind.ToString();

    /// <summary><c>Status 503</c>, <c>Throttle</c>, <c>Cut</c>, <c>ExpireWatch</c>, <c>Latency 200ms</c>.</summary>
    public static string Kind(WireFault fault)
    {
        var action = fault.Action switch
        {
            WireAction.Answer answer => string.Create(CultureInfo.InvariantCulture, $"Status {answer.Status}"),
            WireAction.Throttle => "Throttle",
            WireAction.Cut => "Cut",
            WireAction.Expire => "ExpireWatch",
            _ => "",
        };
        if (fault.Latency == TimeSpan.Zero) return action;

        var latency = string.Create(CultureInfo.InvariantCulture, $"Latency {fault.Latency.TotalMilliseconds:0}ms");
        return action.Length == 0 ? latency : $"{action}, {latency}";
    }

    /// <summary><c>workload web* in shop</c>; <c>node node-1</c>; <c>all</c>.</summary>
    public static string Target(SandboxFault fault) => Joined(
        "all", Named("image", fault.Image ?? "*"), Named("revision", fault.Revision), Named("node", fault.Node), Named("workload", fault.Workload), Named("in", fault.Namespace));

    /// <summary><c>patch deployments web* in shop</c>; <c>all requests</c>.</summary>
    public static string Target(WireFault fault)
    {
        var match = fault.Match;
        return Joined("all requests", match.Verb == "*" ? "" : match.Verb, match.Resource, match.Name == "*" ? "" : match.Name, Named("in", match.Namespace));
    }

    private static string Named(string word, string pattern) => pattern == "*" ? "" : $"{word} {pattern}";

    private static string Joined(string all, params string[] words)
    {
        var said = string.Join(' ', words.Where(word => word.Length > 0));
        return said.Length == 0 ? all : said;
    }
}
