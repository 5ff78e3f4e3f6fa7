using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Restarts;

/// <summary>Who else sets the counts of workloads: HorizontalPodAutoscalers (KEDA makes one for each of its ScaledObjects). One list for a namespace and minute.</summary>
internal sealed class Autoscalers(ClusterSession session)
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, (DateTimeOffset ReadAt, IReadOnlyList<HorizontalPodAutoscaler> Found, string? Unreadable)> _byNamespace = [];

    /// <summary>The autoscaler of a workload, or why that cannot be told. Not for several threads at a time.</summary>
    public async Task<AutoscalerReading> OfAsync(WorkloadReference workload, CancellationToken cancellationToken)
    {
        var now = session.TimeProvider.GetUtcNow();
        if (!_byNamespace.TryGetValue(workload.Namespace, out var known) || now - known.ReadAt > MaxAge)
            _byNamespace[workload.Namespace] = known = await ReadAsync(workload.Namespace, now, cancellationToken);
        if (known.Unreadable is { } why) return new(null, why);
        var scaler = known.Found.FirstOrDefault(scaler => scaler.Spec.ScaleTargetRef.Kind == workload.Kind && scaler.Spec.ScaleTargetRef.Name == workload.Name);
        return new(scaler?.Metadata.Name);
    }

    private async Task<(DateTimeOffset, IReadOnlyList<HorizontalPodAutoscaler>, string?)> ReadAsync(string @namespace, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            var found = new List<HorizontalPodAutoscaler>();
            await foreach (var scaler in session.Client.ListAsync(Resources.HorizontalPodAutoscalers, @namespace, cancellationToken: cancellationToken)) found.Add(scaler);
            return (now, found, null);
        }
        catch (MeshRollException error) when (Refusal.IsOfThisPart(error))
        {
            return (now, [], Refusal.InWords(error));
        }
    }
}
