namespace MeshRoll.Sandbox.Wire.Requests;

/// <summary>The last requests a sandbox was sent, in the order of their arrival. Safe to use from everywhere.</summary>
/// <param name="capacity">How many are kept.</param>
internal sealed class RequestLog(int capacity = 10_000)
{
    private readonly object _lock = new();
    private readonly Dictionary<string, int> _openWatches = [];
    private LoggedRequest[] _ring = [];
    private int _next;

    /// <summary>How many requests ever arrived since the last <see cref="Clear"/>, those that fell out of the log included.</summary>
    public long Total { get; private set; }

    /// <summary>How many watches are open, by resource: <c>pods</c>, <c>deployments.apps</c>.</summary>
    public IReadOnlyDictionary<string, int> OpenWatches
    {
        get
        {
            lock (_lock) return new Dictionary<string, int>(_openWatches);
        }
    }

    /// <summary>All that are kept, oldest first.</summary>
    public IReadOnlyList<SandboxRequest> Read()
    {
        lock (_lock)
        {
            var kept = (int)Math.Min(Total, capacity);
            var requests = new SandboxRequest[kept];
            for (var i = 0; i < kept; i++) requests[i] = _ring[(_next - kept + i + capacity) % capacity].ToSandboxRequest();
            return requests;
        }
    }

    /// <summary>Forgets all. Watches that are open stay open and stay counted.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            (_ring, _next, Total) = ([], 0, 0);
        }
    }

    /// <summary>Notes the beginning of an answer.</summary>
    public void Begin(LoggedRequest request)
    {
        lock (_lock)
        {
            // Grows to its size: most sandboxes see few requests.
            if (_next == _ring.Length && _next < capacity) Array.Resize(ref _ring, Math.Min(capacity, Math.Max(64, _ring.Length * 2)));
            _ring[_next] = request;
            _next = (_next + 1) % capacity;
            Total++;
            if (IsWatch(request)) Count(request.Target.QualifiedResource, 1);
        }
    }

    /// <summary>Notes the end of an answer; with the status of its failure where the handler failed before it answered.</summary>
    public void End(LoggedRequest request, TimeSpan duration, int failure = 0)
    {
        lock (_lock)
        {
            request.End(duration, failure);
            if (IsWatch(request)) Count(request.Target.QualifiedResource, -1);
        }
    }

    private static bool IsWatch(LoggedRequest request) => request.Target is { IsResource: true, Verb: "watch" };

    private void Count(string resource, int change)
    {
        var count = _openWatches.GetValueOrDefault(resource) + change;
        if (count == 0) _openWatches.Remove(resource);
        else _openWatches[resource] = count;
    }
}
