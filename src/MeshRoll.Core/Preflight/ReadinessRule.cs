using MeshRoll.Core.Rollouts;

namespace MeshRoll.Core.Preflight;

/// <summary>One rule: a pure function from a workload and its surroundings to what is wrong.</summary>
/// <param name="Id">Stable, for scripts.</param>
/// <param name="Severity">How bad it is, unless the sign says otherwise.</param>
/// <param name="Why">Why it hurts during a restart.</param>
/// <param name="Look">Gives a sign for each thing that is wrong; none where nothing is.</param>
internal sealed record ReadinessRule(string Id, FindingSeverity Severity, string Why, Func<ReadinessSubject, IEnumerable<ReadinessSign>> Look);

/// <summary>What a rule has seen.</summary>
/// <param name="Seen">In words.</param>
internal sealed record ReadinessSign(string Seen)
{
    /// <summary>How a sign begins that says what could not be looked at.</summary>
    public const string NotCheckedWords = "not checked: ";

    /// <summary>How bad it is here; null for as bad as the rule says.</summary>
    public FindingSeverity? Severity { get; init; }

    /// <summary>The patch that mends it; null where none can.</summary>
    public ReadinessFix? Fix { get; init; }

    /// <summary>What to do, where no patch can do it.</summary>
    public string Advice { get; init; } = "";

    /// <summary>Whether it could be looked at.</summary>
    public bool Checked { get; init; } = true;

    /// <summary>What else than the workload is concerned.</summary>
    public (string Kind, string Name)? About { get; init; }

    /// <summary>The rule could not be checked.</summary>
    public static ReadinessSign NotChecked(string problem) => new($"{NotCheckedWords}{problem}") { Checked = false };

    /// <summary>The same for something that could not be read.</summary>
    public static IEnumerable<ReadinessSign> Unless<T>(Known<T> known, Func<T, IEnumerable<ReadinessSign>> look) where T : class =>
        known.Is ? look(known.Value!) : [NotChecked(known.Problem)];
}
