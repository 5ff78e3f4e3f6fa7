using System.Management.Automation;
using MeshRoll.Core.Rollouts;
using MeshRoll.Pipeline;

namespace MeshRoll.Errors;

/// <summary>What a rollout that ended has to complain about.</summary>
internal static class RolloutErrors
{
    // The message of an error is read on a screen; the rest is on the rollout.
    private const int MostOthers = 2;

    /// <summary>Whether it did not come back.</summary>
    public static bool IsFailure(MeshRollout rollout) => rollout.State is RolloutState.Failed or RolloutState.TimedOut;

    /// <summary>Its errors; none when all is well.</summary>
    public static IEnumerable<CommandError> Of(MeshRollout rollout)
    {
        switch (rollout.State)
        {
            case RolloutState.Failed:
                yield return CommandErrors.Of("MeshRoll.RolloutFailed", ErrorCategory.InvalidResult, Sentence(rollout, "failed"), rollout);
                break;
            case RolloutState.TimedOut:
                yield return CommandErrors.Of("MeshRoll.RolloutTimedOut", ErrorCategory.OperationTimeout, Sentence(rollout, "was not done in time"), rollout);
                break;
            case RolloutState.Complete:
                foreach (var finding in rollout.Diagnosis.Where(finding => finding.Severity == FindingSeverity.Error))
                    yield return CommandErrors.Of("MeshRoll." + finding.Id, ErrorCategory.InvalidResult, $"{RolloutText.Name(rollout)} was restarted, but {Lower(finding.Message.TrimEnd('.'))}.{Advice(finding)}", rollout);
                break;
        }
    }

    private static string Sentence(MeshRollout rollout, string what)
    {
        var reason = rollout.Message.Length > 0 ? rollout.Message : rollout.Diagnosis.Count > 0 ? rollout.Diagnosis[0].Message : RolloutText.Counts(rollout);
        return $"{RolloutText.Name(rollout)} {what}: {reason.TrimEnd('.')}.{(rollout.Diagnosis.Count > 0 ? Advice(rollout.Diagnosis[0]) : "")}{Others(rollout)}";
    }

    // What is told already is not told again: a message mostly holds the first finding.
    private static string Others(MeshRollout rollout)
    {
        var others = rollout.Diagnosis.Skip(1).Where(finding => !rollout.Message.Contains(finding.Message, StringComparison.Ordinal)).ToList();
        if (others.Count == 0) return "";
        var told = string.Join("; ", others.Take(MostOthers).Select(finding => finding.Message.TrimEnd('.')));
        return $" Besides: {told}{(others.Count > MostOthers ? $"; and {others.Count - MostOthers} more" : "")}.";
    }

    private static string Advice(MeshFinding finding) => finding.Advice.Length == 0 ? "" : " " + finding.Advice;

    private static string Lower(string sentence) => sentence.Length > 1 && char.IsUpper(sentence[0]) && char.IsLower(sentence[1]) ? char.ToLowerInvariant(sentence[0]) + sentence[1..] : sentence;
}
