namespace MeshRoll.Pipeline;

/// <summary>One progress bar at one moment.</summary>
/// <param name="Id">Which bar.</param>
/// <param name="Activity">What is going on.</param>
/// <param name="Status">How far it is, in words.</param>
/// <param name="Percent">0 to 100, or -1 when it cannot be told.</param>
internal sealed record CommandProgress(int Id, string Activity, string Status, int Percent)
{
    /// <summary>The bar this one belongs under; -1 for none.</summary>
    public int ParentId { get; init; } = -1;

    /// <summary>Estimate of the time left; null when unknown.</summary>
    public TimeSpan? Remaining { get; init; }

    /// <summary>The activity is over: its bar goes away.</summary>
    public bool Completed { get; init; }
}
