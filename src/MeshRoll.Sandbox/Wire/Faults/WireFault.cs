namespace MeshRoll.Sandbox.Wire.Faults;

/// <summary>Something that goes wrong between client and API server.</summary>
public sealed record WireFault
{
    /// <summary>How it is called in the request log and taken away again. Left out, it is given one.</summary>
    public string Name { get; init; } = "";

    /// <summary>Which requests it concerns.</summary>
    public WireMatch Match { get; init; } = new();

    /// <summary>What happens to them; null for nothing but the latency.</summary>
    public WireAction? Action { get; init; }

    /// <summary>How much later they are answered.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>The share of the requests that are hit, 0 to 1.</summary>
    public double Rate { get; init; } = 1;

    /// <summary>How many requests are hit before the fault goes away by itself; null for no end.</summary>
    public int? Count { get; init; }

    /// <summary>Refuses a fault that makes no sense.</summary>
    internal void Check()
    {
        if (!(Rate is >= 0 and <= 1)) throw Invalid($"its rate {Rate} is not between 0 and 1");
        if (Count is < 1) throw Invalid($"its count {Count} is less than 1");
        if (Latency < TimeSpan.Zero || Latency > TimeSpan.FromDays(1)) throw Invalid($"its latency {Latency} is not between nothing and a day");
        if (Action is null && Latency == TimeSpan.Zero) throw Invalid("it has neither an action nor a latency");
        if (Action is WireAction.Answer { Status: not (>= 400 and <= 599) and var status }) throw Invalid($"its status {status} is not between 400 and 599");
        if (Action is WireAction.Answer { RetryAfter: < 0 } or WireAction.Throttle { RetryAfter: < 0 }) throw Invalid("its Retry-After is negative");
        if (Action is WireAction.Cut { AfterBytes: < 0 }) throw Invalid("it cuts after a negative number of bytes");
    }

    private SandboxException Invalid(string why) => new("MeshRoll.SandboxFaultInvalid", $"The fault {(Name.Length == 0 ? "" : $"{Name} ")}cannot be injected: {why}.");
}
