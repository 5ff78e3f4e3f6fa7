using System.Globalization;

namespace MeshRoll.Core.ControlPlane.ProxyStatus;

/// <summary>What sent and acknowledged nonces say of a proxy. Source: istioctl's writer of proxy-status (istioctl/pkg/writer/pilot/status.go).</summary>
internal static class ProxyStatusRules
{
    private const int LongestError = 300;

    private static readonly string[] s_names = ["clusters", "listeners", "endpoints", "routes", "extensions", "other resources"];

    /// <summary>One kind of resource, as istioctl judges it: nothing sent, all acknowledged, or something that is not.</summary>
    public static XdsStatus StatusOf(string? sent, string? acked, DateTimeOffset? sentTime = null, string? error = null)
    {
        if (string.IsNullOrEmpty(sent)) return XdsStatus.NotSent with { SentTime = sentTime };
        if (sent == acked) return new(XdsSync.Synced, SentTime: sentTime);
        return new(XdsSync.Stale, string.IsNullOrEmpty(acked), sentTime, string.IsNullOrWhiteSpace(error) ? null : error);
    }

    /// <summary>
    /// The whole proxy in one word. Every Envoy asks for clusters and listeners first, and for endpoints, routes and extensions only where these
    /// lead to some: their absence means nothing. What is no Envoy asks for other things.
    /// </summary>
    public static ProxyState StateOf(KnownProxy proxy)
    {
        if (Stale(proxy).Any()) return ProxyState.Stale;
        if (!IsEnvoy(proxy)) return proxy.Statuses.All(static status => status.Sync == XdsSync.NotSent) ? ProxyState.NotSent : ProxyState.Synced;
        return Unsent(proxy).Any() ? ProxyState.NotSent : ProxyState.Synced;
    }

    /// <summary>Why the state is not <see cref="ProxyState.Synced"/>, in words; empty when it is.</summary>
    public static string ReasonOf(KnownProxy proxy) => StateOf(proxy) switch
    {
        ProxyState.Stale => WhyStale(proxy),
        ProxyState.NotSent when !IsEnvoy(proxy) => "it is connected and was sent nothing",
        ProxyState.NotSent => $"it is connected and was not sent {Listed([.. Unsent(proxy)])}",
        _ => "",
    };

    /// <summary>
    /// Of two istiods that claim the same proxy, the one to believe: it has left the other, which has not noticed. The one that sent something later;
    /// where that is not told, the one that says worse, since a connection that is gone looks synced for as long as nothing is sent.
    /// </summary>
    public static KnownProxy Merge(KnownProxy one, KnownProxy other)
    {
        var (kept, left) = IsToBeBelieved(one, other) ? (one, other) : (other, one);
        var claim = $"{left.Istiod.Name} claims it too, as {Word(StateOf(left))}";
        return kept with { Others = string.Join("; ", new[] { kept.Others, left.Others, claim }.Where(static text => text.Length > 0)) };
    }

    private static bool IsToBeBelieved(KnownProxy one, KnownProxy other)
    {
        if (one.LastSent is { } first && other.LastSent is { } second && first != second) return first > second;
        var (a, b) = (Badness(StateOf(one)), Badness(StateOf(other)));
        // Anything that does not depend on who answered first.
        return a != b ? a > b : string.CompareOrdinal(one.Istiod.Name, other.Istiod.Name) <= 0;
    }

    private static int Badness(ProxyState state) => state switch
    {
        ProxyState.Stale => 2,
        ProxyState.NotSent => 1,
        _ => 0,
    };

    private static string Word(ProxyState state) => state switch
    {
        ProxyState.Stale => XdsSync.Stale,
        ProxyState.NotSent => XdsSync.NotSent,
        _ => XdsSync.Synced,
    };

    private static IEnumerable<XdsKind> Stale(KnownProxy proxy) => Enum.GetValues<XdsKind>()
        .Where(kind => proxy.Of(kind).Sync == XdsSync.Stale && (kind != XdsKind.Other || !IsEnvoy(proxy)));

    private static IEnumerable<XdsKind> Unsent(KnownProxy proxy)
    {
        if (proxy.Of(XdsKind.Cds).Sync == XdsSync.NotSent) yield return XdsKind.Cds;
        if (proxy.Of(XdsKind.Lds).Sync == XdsSync.NotSent) yield return XdsKind.Lds;
    }

    private static bool IsEnvoy(KnownProxy proxy) => proxy.Type is "" or "sidecar" or "router" or "waypoint" or "ingress";

    // What it refused each for itself, as each has its own cause; what it owes together.
    private static string WhyStale(KnownProxy proxy)
    {
        var stale = Stale(proxy).ToLookup(kind => (proxy.Of(kind).Error is not null, proxy.Of(kind).NeverAcknowledged));
        List<string> sentences = [];
        foreach (var kind in stale[(true, false)].Concat(stale[(true, true)]).Order())
            sentences.Add($"it refused its {Name(kind)}{Sent(proxy, [kind])}: {Cut(PlainText.Of(proxy.Of(kind).Error!).Trim())}");
        if (stale[(false, true)].ToList() is { Count: > 0 } never) sentences.Add($"it has never acknowledged {Listed(never)}{Sent(proxy, never)}");
        if (stale[(false, false)].ToList() is { Count: > 0 } behind) sentences.Add($"it has not acknowledged its last {Listed(behind)}{Sent(proxy, behind)}");
        return string.Join("; ", sentences);
    }

    private static string Sent(KnownProxy proxy, List<XdsKind> kinds) => kinds.Min(kind => proxy.Of(kind).SentTime) is { } time
        ? $", sent {time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)}"
        : "";

    private static string Listed(List<XdsKind> kinds) =>
        kinds.Count == 1 ? Name(kinds[0]) : $"{string.Join(", ", kinds.SkipLast(1).Select(Name))} and {Name(kinds[^1])}";

    private static string Name(XdsKind kind) => s_names[(int)kind];

    private static string Cut(string text) => text.Length > LongestError ? text[..LongestError].TrimEnd() + "…" : text;
}
