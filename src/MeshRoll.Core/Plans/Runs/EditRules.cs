using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MeshRoll.Core.Plans.Checking;
using MeshRoll.Core.Plans.Journal;
using MeshRoll.Core.Restarts.Marks;
using MeshRoll.Core.Rollouts;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Plans.Runs;

/// <summary>What others have done to a workload since a run first saw it. Who restarts, scales or changes it meanwhile has a reason; it is left to them.</summary>
internal static class EditRules
{
    /// <summary>A workload as a run finds it, to be compared later.</summary>
    public static RunEntry Known(IKubernetesObject found, string wave) => new()
    {
        Time = default,
        Plan = "",
        Event = RunEvent.Known,
        Wave = wave,
        Workload = WorkloadObject.ReferenceOf(found),
        Uid = found.Metadata.Uid,
        Generation = found.Metadata.Generation,
        Desired = Pods(found),
        RestartedAt = PlanDifferenceRules.RestartedAt(found),
        Template = Print(found),
    };

    /// <summary>Why a workload is left alone; null when nobody else has touched what matters.</summary>
    /// <param name="known">As the run found it first.</param>
    /// <param name="found">As it is now.</param>
    /// <param name="isScaledByOther">Whether an autoscaler sets its count, so that another count is nobody's wish.</param>
    public static string? LeftAlone(RunEntry known, IKubernetesObject found, bool isScaledByOther)
    {
        if (known.Uid != found.Metadata.Uid) return "was deleted and made again under its name during the run";
        if (found.Metadata.DeletionTimestamp is not null) return "is being deleted";
        if (PlanDifferenceRules.RestartedAt(found) is { } restarted && restarted != known.RestartedAt) return $"was restarted by somebody else during the run ({restarted.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)})";
        if (Print(found) != known.Template) return "got another template from somebody else during the run";
        if (!isScaledByOther && known.Desired is { } pods && Pods(found) is { } now && now != pods) return $"was scaled from {pods} to {now} by somebody else during the run";
        return null;
    }

    /// <summary>The count that people set; null where nodes do. A count that a run has raised is not theirs.</summary>
    private static int? Pods(IKubernetesObject found) => found is DaemonSet ? null : MarkRules.Of(found).Mark?.Replicas ?? WorkloadObject.Desired(found);

    /// <summary>What of a template people change when they deploy: images, labels and annotations, and an Argo Rollout's restart.</summary>
    private static string Print(IKubernetesObject found)
    {
        var text = new StringBuilder();
        if (WorkloadObject.TemplateOf(found) is { } template)
        {
            foreach (var container in template.Spec.InitContainers.Concat(template.Spec.Containers)) text.Append(container.Name).Append('=').Append(container.Image).Append('\n');
            foreach (var (key, value) in template.Metadata.Labels.Concat(template.Metadata.Annotations).OrderBy(pair => pair.Key, StringComparer.Ordinal)) text.Append(key).Append('=').Append(value).Append('\n');
        }
        if (found is ArgoRollout { Spec.RestartAt: { } restart }) text.Append(CultureInfo.InvariantCulture, $"{restart.UtcTicks}");
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..16];
    }
}
