namespace MeshRoll.Sandbox.Wire.Faults;

/// <summary>
/// The faults in force. They are tried in the order in which they were added: latencies add up, the first one with an action decides.
/// Chance is drawn from a seed, so that the same requests in the same order meet the same faults. Safe to use from everywhere.
/// </summary>
/// <param name="seed">The seed.</param>
internal sealed class WireFaults(int seed = 0)
{
    private readonly object _lock = new();
    private readonly HashSet<OpenWatch> _watches = [];
    private readonly Random _random = new(seed);
    private List<Entry> _entries = [];
    private int _named;

    /// <summary>The faults in force. The count is what is left of it.</summary>
    public IReadOnlyList<WireFault> Active
    {
        get
        {
            lock (_lock) return [.. _entries.Select(static entry => entry.Fault with { Count = entry.Left })];
        }
    }

    /// <summary>Puts a fault in force, in the place of one of the same name if there is one, and returns it with its name. Open watches feel it at once.</summary>
    /// <exception cref="SandboxException">The fault makes no sense.</exception>
    public WireFault Add(WireFault fault)
    {
        fault.Check();
        List<(OpenWatch Watch, WireVerdict Verdict)> hit = [];
        lock (_lock)
        {
            if (fault.Name.Length == 0) fault = fault with { Name = NextName() };
            var entry = new Entry(fault);
            // A new list each time: the readers without a lock see the old one or the new one.
            List<Entry> entries = [.. _entries];
            var earlier = entries.FindIndex(other => other.Fault.Name == fault.Name);
            if (earlier < 0) entries.Add(entry);
            else entries[earlier] = entry;
            _entries = entries;

            if (fault.Action is WireAction.Expire or WireAction.Cut)
            {
                foreach (var watch in _watches)
                {
                    if (Hits(entry, watch.Request)) hit.Add((watch, new(fault.Name, fault.Latency, fault.Action)));
                }
            }
        }
        foreach (var (watch, verdict) in hit) watch.Hit(verdict);
        return fault;
    }

    /// <summary>Takes a fault away; false when there is none of the name.</summary>
    public bool Remove(string name)
    {
        lock (_lock)
        {
            var kept = _entries.FindAll(entry => entry.Fault.Name != name);
            if (kept.Count == _entries.Count) return false;
            _entries = kept;
            return true;
        }
    }

    /// <summary>Takes all faults away.</summary>
    public void Clear()
    {
        lock (_lock) _entries = [];
    }

    /// <summary>Takes all faults away and forgets the open watches, because what they watch is over: later faults are not spent on them.</summary>
    public void Reset()
    {
        lock (_lock)
        {
            _entries = [];
            _watches.Clear();
        }
    }

    /// <summary>What happens to a request; null when it is left in peace.</summary>
    public WireVerdict? Decide(HttpRequest request)
    {
        if (Volatile.Read(ref _entries).Count == 0) return null;
        lock (_lock)
        {
            var names = new List<string>();
            var latency = TimeSpan.Zero;
            WireAction? action = null;
            foreach (var entry in _entries)
            {
                if (!Hits(entry, request)) continue;
                names.Add(entry.Fault.Name);
                latency += entry.Fault.Latency;
                action = entry.Fault.Action;
                if (action is not null) break;
            }
            return names.Count == 0 ? null : new(string.Join(", ", names), latency, action);
        }
    }

    /// <summary>Tells of a watch that is open, so that later faults reach it; until what is returned is disposed of.</summary>
    public IDisposable Watch(HttpRequest request, Action<WireVerdict> hit)
    {
        var watch = new OpenWatch(this, request, hit);
        lock (_lock) _watches.Add(watch);
        return watch;
    }

    private string NextName()
    {
        string name;
        do name = $"wire-{++_named}";
        while (_entries.Exists(entry => entry.Fault.Name == name));
        return name;
    }

    private bool Hits(Entry entry, HttpRequest request)
    {
        var fault = entry.Fault;
        if (fault.Action is WireAction.Expire && request.Target is not { IsResource: true, Verb: "watch" }) return false;
        if (!fault.Match.Fits(request)) return false;
        if (fault.Rate < 1 && _random.NextDouble() >= fault.Rate) return false;
        if (entry.Left is null) return true;
        if (entry.Left == 0) return false;
        entry.Left--;
        // What is used up goes; the loop over the old list is not disturbed.
        if (entry.Left == 0) _entries = _entries.FindAll(other => other != entry);
        return true;
    }

    private sealed class Entry(WireFault fault)
    {
        public WireFault Fault { get; } = fault;

        public int? Left { get; set; } = fault.Count;
    }

    private sealed class OpenWatch(WireFaults faults, HttpRequest request, Action<WireVerdict> hit) : IDisposable
    {
        public HttpRequest Request { get; } = request;

        public void Hit(WireVerdict verdict) => hit(verdict);

        public void Dispose()
        {
            lock (faults._lock) faults._watches.Remove(this);
        }
    }
}
