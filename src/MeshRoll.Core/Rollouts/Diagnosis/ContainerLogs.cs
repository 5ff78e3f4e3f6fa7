using MeshRoll.Kubernetes;
using MeshRoll.Kubernetes.Api;

namespace MeshRoll.Core.Rollouts.Diagnosis;

/// <summary>Adds to findings the last lines that the failing container wrote.</summary>
internal sealed class ContainerLogs(ClusterSession session, int lines)
{
    /// <summary>
    /// The finding with its log, and a remark where that could not be read: mostly for want of the right to get pods/log. A sidecar's finding is told more
    /// exactly by it.
    /// </summary>
    public async Task<(MeshFinding Finding, string Remark)> AddAsync(MeshFinding finding, CancellationToken cancellationToken)
    {
        if (finding.LogRun == LogRun.None) return (finding, "");
        try
        {
            // More than is shown: what a sidecar complains of stands a little above its last words.
            var query = new LogQuery { Container = finding.Container, TailLines = Math.Max(lines, 100), Previous = finding.LogRun == LogRun.Previous };
            var log = await session.Client.ReadLogAsync(finding.Namespace, finding.Pod, query, cancellationToken);
            return (SidecarLog.Refine(finding, LogText.Of(log, query.TailLines)) with { Log = LogText.Of(log, lines) }, "");
        }
        catch (MeshRollException error) when (Refusal.IsOfThisPart(error))
        {
            return (finding, $"The log of container {finding.Container} of pod {finding.Pod} in namespace {finding.Namespace} cannot be read ({Refusal.InWords(error)}).");
        }
    }
}
