using MeshRoll.Core.ControlPlane.Istiods;

namespace MeshRoll.Core.ControlPlane.ProxyStatus;

/// <summary>The answers of all istiods of a cluster, merged: who is known, and what silence means.</summary>
internal sealed class KnownProxies
{
    private readonly Dictionary<(string Namespace, string Pod), List<KnownProxy>> _proxies = [];
    private readonly HashSet<string> _localIds = new(StringComparer.Ordinal);

    private KnownProxies(IstiodListing listing, IReadOnlyList<IstiodAnswer> answers)
    {
        Istiods = listing.Pods;
        Silent = [.. answers.Where(static answer => answer.Proxies is null)];
        _localIds.UnionWith(listing.Pods.Select(static pod => pod.ClusterId).OfType<string>());
        foreach (var proxy in answers.SelectMany(static answer => answer.Proxies ?? [])) Add(proxy);
        Gap = GapOf(listing, answers);
        Remarks = [.. RemarksOf(listing)];
    }

    /// <summary>All istiods that were found.</summary>
    public IReadOnlyList<IstiodPod> Istiods { get; }

    /// <summary>Why a proxy that no istiod named may be connected nonetheless, in words; empty when it cannot: all istiods were found and have answered.</summary>
    public string Gap { get; }

    /// <summary>What could not be asked, in sentences: one for each revision and cause.</summary>
    public IReadOnlyList<string> Remarks { get; }

    private IReadOnlyList<IstiodAnswer> Silent { get; }

    /// <summary>Merges answers.</summary>
    public static KnownProxies From(IstiodListing listing, IReadOnlyList<IstiodAnswer> answers) => new(listing, answers);

    /// <summary>Finds all istiods and asks each that runs, at the same time; for the proxies of one namespace, or for all.</summary>
    public static async Task<KnownProxies> ReadAsync(ClusterSession session, string? @namespace, CancellationToken cancellationToken)
    {
        var listing = await IstiodListing.ReadAsync(session, cancellationToken);
        var answers = await Task.WhenAll(listing.Pods.Where(static pod => pod.Runs).Select(pod => IstiodInquiry.AskAsync(session, pod, @namespace, cancellationToken)));
        return new(listing, answers);
    }

    /// <summary>What is known of a pod of this cluster, which then is no longer among the <see cref="Rest"/>; null when nothing is.</summary>
    public KnownProxy? Take(string @namespace, string pod)
    {
        if (!_proxies.TryGetValue((@namespace, pod), out var known)) return null;
        // A pod of the same name in another cluster of the mesh, such as db-0 of a StatefulSet, is another proxy.
        var local = known.FindIndex(proxy => IsLocal(proxy.ClusterId));
        if (local < 0) return null;
        var taken = known[local];
        known.RemoveAt(local);
        if (known.Count == 0) _proxies.Remove((@namespace, pod));
        return taken;
    }

    /// <summary>Those that no pod was found for, by namespace and name.</summary>
    public IEnumerable<KnownProxy> Rest => _proxies.Values.SelectMany(static known => known)
        .OrderBy(static proxy => proxy.Namespace, StringComparer.Ordinal).ThenBy(static proxy => proxy.Pod, StringComparer.Ordinal).ThenBy(static proxy => proxy.ClusterId, StringComparer.Ordinal);

    /// <summary>Whether istiods mean their own cluster by a name. Those that do not tell their own are taken to know no other.</summary>
    public bool IsLocal(string clusterId) => _localIds.Count == 0 || clusterId.Length == 0 || _localIds.Contains(clusterId);

    /// <summary>Whether an istiod of a revision runs.</summary>
    public bool Serves(string revision) => Istiods.Any(istiod => istiod.Runs && istiod.Revision == revision);

    private void Add(KnownProxy proxy)
    {
        var key = (proxy.Namespace, proxy.Pod);
        if (!_proxies.TryGetValue(key, out var known)) _proxies[key] = known = new(1);
        var same = known.FindIndex(other => other.ClusterId == proxy.ClusterId);
        if (same < 0) known.Add(proxy);
        else known[same] = ProxyStatusRules.Merge(known[same], proxy);
    }

    private static string GapOf(IstiodListing listing, IReadOnlyList<IstiodAnswer> answers)
    {
        var silent = answers.Where(static answer => answer.Proxies is null).Select(static answer => answer.Istiod.Name).ToList();
        if (listing.Pods.Count == 0) return "no istiod was found";
        if (silent.Count > 0 && silent.Count == answers.Count) return "no istiod could be asked";
        if (silent.Count > 0) return $"no istiod that answered knows it, and {Listed(silent)} could not be asked";
        return listing.Problem.Length > 0 ? "no istiod that was found knows it, and others may be there" : "";
    }

    private IEnumerable<string> RemarksOf(IstiodListing listing)
    {
        if (listing.Pods.Count == 0)
        {
            yield return listing.Problem.Length > 0
                ? $"Istiods cannot be found ({listing.Problem}): the state of all proxies is Unknown. Ask for the right to list pods where istiod runs."
                : $"There is no istiod in this cluster (no pod with {Istiod.Selector}): the state of all proxies is Unknown. Where the control plane runs in another cluster, ask there.";
        }
        else if (listing.Problem.Length > 0)
        {
            yield return $"Istiods may be missing ({listing.Problem}): what none of those found knows is Unknown. Ask for the right to list pods in all namespaces.";
        }
        if (listing.Pods.Count > 0 && !listing.Pods.Any(static pod => pod.Runs))
            yield return $"No istiod runs ({Listed([.. listing.Pods.Select(static pod => $"{pod.Namespace}/{pod.Name}")])}): no proxy is connected to any. See what keeps these pods.";

        foreach (var group in Silent.GroupBy(static answer => (answer.Istiod.Revision, Problem: answer.Problem.Replace(answer.Istiod.Name, "…", StringComparison.Ordinal))))
        {
            var names = group.Select(static answer => $"{answer.Istiod.Namespace}/{answer.Istiod.Name}").ToList();
            yield return $"istiod of revision {group.Key.Revision} ({Listed(names)}) could not be asked for its proxies: {group.First().Problem} What only it can tell is Unknown.";
        }
    }

    private static string Listed(List<string> names) => names.Count <= 5 ? string.Join(", ", names) : $"{string.Join(", ", names.Take(5))} and {names.Count - 5} more";
}
