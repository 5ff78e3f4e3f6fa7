namespace MeshRoll.Sandbox.Time;

/// <summary>How time passes in a sandbox.</summary>
internal sealed record SimulationOptions
{
    /// <summary>Where real time comes from; tests bring their own.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Seconds in the sandbox per real second; positive infinity is virtual time, which jumps to whatever happens next.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>What every random choice follows from.</summary>
    public int Seed { get; init; } = 1;
}
