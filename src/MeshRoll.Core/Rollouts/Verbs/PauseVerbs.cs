using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Rollouts.Verbs;

/// <summary>
/// Pauses a Deployment, as kubectl rollout pause does. kubectl fails for one that is paused already; here nothing is done, and that is said: what was
/// wished for is so.
/// </summary>
public sealed record SuspendVerb : RolloutVerb
{
    internal override VerbRefusedException? RefuseKind(WorkloadReference workload) => PauseRules.RefuseKind(workload, "suspended", "pause");

    internal override VerbVerdict Decide(VerbFacts facts) => facts.Model is Deployment { Spec.Paused: true }
        ? new VerbVerdict.Skip("it is suspended already, perhaps by somebody else")
        : new VerbVerdict.Change(PauseRules.Paused, "Suspend the rollout; pods that run stay as they are, and changes of the template wait", "suspended: changes of the template wait until it is resumed");
}

/// <summary>Lets a paused Deployment go on, as kubectl rollout resume does. One that is not paused is left as it is, where kubectl fails.</summary>
public sealed record ResumeVerb : RolloutVerb
{
    internal override VerbRefusedException? RefuseKind(WorkloadReference workload) => PauseRules.RefuseKind(workload, "resumed", "promote");

    internal override VerbVerdict Decide(VerbFacts facts) => facts.Model is Deployment { Spec.Paused: false }
        ? new VerbVerdict.Skip("it is not suspended")
        : new VerbVerdict.Change(PauseRules.Resumed, "Resume the rollout; changes that waited begin to roll", "resumed");
}

/// <summary>Pausing exists for Deployments only: a StatefulSet or DaemonSet has no such field.</summary>
internal static class PauseRules
{
    public static Patch Paused { get; } = new(PatchKind.StrategicMerge, """{"spec":{"paused":true}}"""u8.ToArray());

    // Null removes the field, as kubectl leaves it.
    public static Patch Resumed { get; } = new(PatchKind.StrategicMerge, """{"spec":{"paused":null}}"""u8.ToArray());

    public static VerbRefusedException? RefuseKind(WorkloadReference workload, string done, string argosWord) => workload.Kind switch
    {
        WorkloadKinds.Deployment => null,
        WorkloadKinds.Rollout => new(VerbRefusedException.NotSupported, workload,
            $"{workload} cannot be {done} by MeshRoll: an Argo Rollout pauses at its own steps (kubectl argo rollouts {argosWord} {workload.Name} -n {workload.Namespace}); its history and images are supported."),
        WorkloadKinds.StatefulSet => new(VerbRefusedException.NotSupported, workload,
            $"{workload} cannot be {done}: Kubernetes knows that for Deployments only; to hold pods of a StatefulSet back, set spec.updateStrategy.rollingUpdate.partition."),
        WorkloadKinds.DaemonSet => new(VerbRefusedException.NotSupported, workload,
            $"{workload} cannot be {done}: Kubernetes knows that for Deployments only; to hold pods of a DaemonSet back, set spec.updateStrategy.type to OnDelete."),
        _ => new(VerbRefusedException.NotSupported, workload, $"{workload} cannot be {done}: Kubernetes knows that for Deployments only."),
    };
}
