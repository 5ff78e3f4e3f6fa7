namespace MeshRoll.Core.Plans.Gates;

/// <summary>Asked after each wave whether the next one may begin. May be asked again and again until it opens.</summary>
public interface IRunGate
{
    /// <summary>Asks. What goes wrong is an answer too: closed, with the reason.</summary>
    Task<GateAnswer> AskAsync(GateQuestion question, CancellationToken cancellationToken);
}

/// <summary>What a gate is asked.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Done">The wave that is done.</param>
/// <param name="Next">The wave that is to begin.</param>
public sealed record GateQuestion(MeshRolloutPlan Plan, PlanWave Done, PlanWave Next);

/// <summary>What a gate says.</summary>
/// <param name="IsOpen">Whether the next wave may begin.</param>
/// <param name="Message">Why, in words.</param>
public sealed record GateAnswer(bool IsOpen, string Message);
