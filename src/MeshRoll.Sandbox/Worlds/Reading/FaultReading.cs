using System.Globalization;
using MeshRoll.Sandbox.Faults;
using MeshRoll.Sandbox.Wire.Faults;

namespace MeshRoll.Sandbox.Worlds.Reading;

/// <summary>
/// Reads the faults that a world begins with. What goes wrong in the cluster and what goes wrong on the wire stand in one list, told apart by their
/// kind; the keys are those of the parameters of Set-MeshSandboxFault.
/// </summary>
internal sealed class FaultReading
{
    private const string Status = "Status";
    private const string Throttle = "Throttle";
    private const string Cut = "Cut";
    private const string ExpireWatch = "ExpireWatch";
    private const string Latency = "Latency";

    private static readonly string[] OnTheWire = [Status, Throttle, Cut, ExpireWatch, Latency];

    private readonly List<string> _names = [];

    /// <summary>Faults of the cluster.</summary>
    public List<SandboxFault> Cluster { get; } = [];

    /// <summary>Faults between the clients and the API server.</summary>
    public List<WireFault> Wire { get; } = [];

    public static FaultReading Read(MapReading world)
    {
        var reading = new FaultReading();
        foreach (var map in world.Maps("faults", "a fault with its keys (kind, …)")) reading.Add(map);
        return reading;
    }

    private void Add(MapReading map)
    {
        map.RequiredText("kind");
        if (map.Word("kind", [.. Enum.GetNames<SandboxFaultKind>(), .. OnTheWire]) is not { } kind) return;
        var name = map.Text("name") ?? "";
        if (name.Length > 0 && _names.Contains(name)) map.Wrong("name", $"there is a fault '{name}' already.");
        _names.Add(name);
        try
        {
            if (OnTheWire.Contains(kind)) AddWire(map, kind, name);
            else AddCluster(map, Enum.Parse<SandboxFaultKind>(kind), name);
        }
        catch (SandboxException e)
        {
            map.Wrong(Lowered(e.Message));
        }
        map.End();
    }

    private void AddCluster(MapReading map, SandboxFaultKind kind, string name)
    {
        var standard = new SandboxFault { Kind = kind, Name = name };
        var fault = standard with
        {
            Namespace = map.Text("namespace") ?? standard.Namespace,
            Workload = map.Text("workload") ?? standard.Workload,
            Image = map.Text("image"),
            Revision = map.Text("revision") ?? standard.Revision,
            Node = map.Text("node") ?? standard.Node,
            After = map.Duration("after"),
            ExitCode = map.Number("exitCode", 1, 255) ?? standard.ExitCode,
        };
        fault.Check();
        Cluster.Add(fault);
    }

    private void AddWire(MapReading map, string kind, string name)
    {
        var standard = new WireMatch();
        var fault = new WireFault
        {
            Name = name,
            Match = new()
            {
                Verb = map.Text("verb") ?? standard.Verb,
                Resource = map.Text("resource") ?? standard.Resource,
                Namespace = map.Text("namespace") ?? standard.Namespace,
                Name = map.Text("objectName") ?? standard.Name,
                Path = map.Text("path") ?? standard.Path,
            },
            Action = ActionOf(map, kind),
            Latency = map.Duration("latency") ?? TimeSpan.Zero,
            Rate = map.Text("rate", static text => Share(text) is >= 0 and <= 1, "a number from 0 to 1") is { } rate ? Share(rate)!.Value : 1,
            Count = map.Number("count", 1),
        };
        if (kind == Latency && !map.Has("latency")) map.Wrong("the key 'latency' is missing.");
        else fault.Check();
        Wire.Add(fault);
    }

    private static WireAction? ActionOf(MapReading map, string kind)
    {
        switch (kind)
        {
            case Status:
                var status = map.Number("statusCode", 400, 599);
                if (!map.Has("statusCode")) map.Wrong("the key 'statusCode' is missing.");
                return new WireAction.Answer(status ?? 500) { Message = map.Text("message"), Reason = map.Text("reason"), RetryAfter = map.Number("retryAfter", 0, 86_400) };
            case Throttle:
                return new WireAction.Throttle(map.Number("retryAfter", 0, 86_400) ?? 1);
            case Cut:
                return new WireAction.Cut(map.Number("afterBytes", 0, int.MaxValue));
            case ExpireWatch:
                return new WireAction.Expire();
            default:
                return null;
        }
    }

    private static double? Share(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share) ? share : null;

    private static string Lowered(string sentence) => char.ToLowerInvariant(sentence[0]) + sentence[1..];
}
