using MeshRoll.Core.Sidecars;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Rollouts.Diagnosis;

/// <summary>How an istiod in this cluster is, by its pods.</summary>
/// <param name="Revision">Its revision.</param>
/// <param name="Namespace">Where it runs.</param>
/// <param name="Pods">Its pods that have not ended.</param>
/// <param name="Ready">Those of them that are ready.</param>
public sealed record IstiodHealth(string Revision, string Namespace, int Pods, int Ready)
{
    /// <summary>What to do about one that is unwell.</summary>
    internal const string Advice = "Bring istiod back (kubectl get pods -l app=istiod -A); sidecars get ready by themselves then.";

    /// <summary>Whether nobody answers.</summary>
    public bool IsUnwell => Ready == 0;

    /// <summary><c>no istiod of revision 1-27-1 is ready (0 of 2 pods in namespace istio-system)</c>.</summary>
    public string InWords => $"{(IsUnwell ? "no" : "an")} istiod of revision {Revision} is ready ({Ready} of {Wording.Count(Pods, "pod")} in namespace {Namespace})";

    /// <summary>By the pods that carry istiod's label, wherever they are.</summary>
    public static IReadOnlyList<IstiodHealth> Of(IEnumerable<Pod> pods)
    {
        ArgumentNullException.ThrowIfNull(pods);
        return [.. pods.Where(PodQuery.IsLive)
            .GroupBy(pod => (Revision: pod.Metadata.Labels.GetValueOrDefault(IstioStatus.RevisionLabel, IstioStatus.DefaultRevision), pod.Metadata.Namespace))
            .Select(group => new IstiodHealth(group.Key.Revision, group.Key.Namespace, group.Count(), group.Count(PodQuery.IsReady)))];
    }

    /// <summary>The one behind a webhook that failed: the API server's message names the service (https://istiod-1-27-1.istio-system.svc:443/inject).</summary>
    internal static IstiodHealth? Behind(string message, IReadOnlyList<IstiodHealth> istiods)
    {
        const string Service = "https://istiod";
        var start = message.IndexOf(Service, StringComparison.Ordinal);
        if (start < 0) return null;
        var host = message.AsSpan(start + Service.Length);
        var end = host.IndexOfAny(':', '/');
        var parts = (end < 0 ? host : host[..end]).ToString().Split('.');
        if (parts.Length < 2) return null;
        var revision = parts[0].Length == 0 ? IstioStatus.DefaultRevision : parts[0].TrimStart('-');
        return istiods.FirstOrDefault(istiod => istiod.Revision == revision && istiod.Namespace == parts[1]);
    }
}
