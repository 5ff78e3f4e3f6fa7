namespace MeshRoll.Kubernetes.Watching;

/// <summary>Waits that double, from 0.8 s to 30 s, each made longer by up to its own length at random: client-go's, so that a thousand clients do not come back at once.</summary>
internal sealed class Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(0.8);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private TimeSpan _next = First;

    /// <summary>The next wait.</summary>
    public TimeSpan Next()
    {
        var delay = _next;
        _next = delay * 2 < Longest ? delay * 2 : Longest;
        return delay * (1 + Random.Shared.NextDouble());
    }

    /// <summary>It went well: begin with the shortest wait again.</summary>
    public void Reset() => _next = First;
}
