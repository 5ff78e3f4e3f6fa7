using System.Net;

namespace MeshRoll.Kubernetes.Transport;

/// <summary>
/// Remembers the last answers in which a server throttled (429) or failed (5xx), retried or not. Evictions are left out: there 429 and 500 speak of
/// disruption budgets, not of the server. Safe to be used from several threads.
/// </summary>
public sealed class ServerStrain
{
    /// <summary>So many are remembered: enough to tell trouble from stumbling.</summary>
    private const int Kept = 64;

    private readonly object _gate = new();
    private readonly Queue<(DateTimeOffset Time, bool IsThrottling)> _answers = [];

    /// <summary>Such answers since <paramref name="time"/>, UTC.</summary>
    public (int Throttled, int Failed) Since(DateTimeOffset time)
    {
        lock (_gate)
        {
            var recent = _answers.Where(answer => answer.Time >= time).ToList();
            var throttled = recent.Count(answer => answer.IsThrottling);
            return (throttled, recent.Count - throttled);
        }
    }

    /// <summary>Takes note of an answer.</summary>
    internal void Note(Uri asked, HttpStatusCode answer, DateTimeOffset now)
    {
        var isThrottling = answer == HttpStatusCode.TooManyRequests;
        if (!isThrottling && (int)answer < 500) return;
        if (asked.AbsolutePath.EndsWith("/eviction", StringComparison.Ordinal)) return;
        lock (_gate)
        {
            if (_answers.Count == Kept) _answers.Dequeue();
            _answers.Enqueue((now, isThrottling));
        }
    }
}
