namespace MeshRoll.Sandbox.Wire.Faults;

/// <summary>What the faults do to one request.</summary>
/// <param name="Names">The faults that hit, joined with a comma.</param>
/// <param name="Latency">All their latencies together.</param>
/// <param name="Action">What happens; null for a late but proper answer.</param>
internal sealed record WireVerdict(string Names, TimeSpan Latency, WireAction? Action);
