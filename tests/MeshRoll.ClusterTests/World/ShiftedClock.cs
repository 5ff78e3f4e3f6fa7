namespace MeshRoll.ClusterTests.World;

/// <summary>A machine's clock that stands wrong, or is set while something runs. Timers run as they do.</summary>
public sealed class ShiftedClock : TimeProvider
{
    private long _shift;

    /// <summary>Sets it so that it shows this moment now.</summary>
    public void Set(DateTimeOffset shown) => Interlocked.Exchange(ref _shift, (shown - DateTimeOffset.UtcNow).Ticks);

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UtcNow.AddTicks(Interlocked.Read(ref _shift));
}
