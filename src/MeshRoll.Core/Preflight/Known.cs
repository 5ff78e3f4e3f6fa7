namespace MeshRoll.Core.Preflight;

/// <summary>Something that was read, or why it could not be: what is unknown is never taken for none.</summary>
/// <param name="Value">What was read.</param>
/// <param name="Problem">Why it could not be read, in words; empty when it was.</param>
internal readonly record struct Known<T>(T? Value, string Problem = "") where T : class
{
    /// <summary>Why it could not be read, in words; empty when it was.</summary>
    public string Problem { get => field ?? ""; } = Problem;

    /// <summary>Whether it was read.</summary>
    public bool Is => Value is not null;
}
