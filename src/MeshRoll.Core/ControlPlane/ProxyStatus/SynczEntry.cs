using System.Text.Json;

namespace MeshRoll.Core.ControlPlane.ProxyStatus;

/// <summary>One entry of <c>/debug/syncz</c> while it is being read; used again for the next, with the texts that repeat.</summary>
internal sealed class SynczEntry
{
    private static readonly int s_kinds = Enum.GetValues<XdsKind>().Length;

    private readonly Nonces[] _pairs = new Nonces[s_kinds];
    private readonly Nonces[] _resources = new Nonces[s_kinds];
    private string _other = "";
    private Nonces _current;
    private string _proxy = "";
    private string _type = "";
    private string _version = "";
    private string _cluster = "";

    private record struct Nonces(string? Sent, string? Acked, DateTimeOffset? SentTime, string? Error);

    /// <summary>Begins anew.</summary>
    public void Clear()
    {
        Array.Clear(_pairs);
        Array.Clear(_resources);
        (_proxy, _other, _current) = ("", "", default);
        (IsTyped, IsVersioned, IsPlaced) = (false, false, false);
    }

    /// <summary>A text of the entry itself.</summary>
    public void Take(string property, ref Utf8JsonReader value)
    {
        switch (property)
        {
            case "proxy": _proxy = value.GetString()!; break;
            case "proxy_type": (_type, IsTyped) = (Again(_type, ref value), true); break;
            case "istio_version": (_version, IsVersioned) = (Again(_version, ref value), true); break;
            case "cluster_id": (_cluster, IsPlaced) = (Again(_cluster, ref value), true); break;
            default:
                if (KindOfPair(property) is not { } kind) break;
                ref var nonces = ref _pairs[(int)kind];
                if (property.EndsWith("_sent", StringComparison.Ordinal)) nonces.Sent = value.GetString();
                else nonces.Acked = value.GetString();
                break;
        }
    }

    /// <summary>A text of one of its resources.</summary>
    public void TakeResource(string typeUrl, string property, ref Utf8JsonReader value)
    {
        var kind = KindOfType(typeUrl);
        if (kind == XdsKind.Other && typeUrl != _other)
        {
            KeepWorse();
            _other = typeUrl;
        }
        ref var nonces = ref kind == XdsKind.Other ? ref _current : ref _resources[(int)kind];
        switch (property)
        {
            case "sent": nonces.Sent = value.GetString(); break;
            case "acked": nonces.Acked = value.GetString(); break;
            // Go's zero time stands for never.
            case "sentTime" or "sent_time": nonces.SentTime = value.TryGetDateTimeOffset(out var time) && time.Year > 1 ? time : null; break;
            case "lastError" or "last_error": nonces.Error = value.GetString(); break;
        }
    }

    /// <summary>The proxy; null when the entry does not say which one it is about.</summary>
    public KnownProxy? Finish(IstiodPod istiod)
    {
        KeepWorse();
        // A pod's name may hold dots, a namespace's cannot.
        var name = PlainText.Of(_proxy);
        var dot = name.LastIndexOf('.');
        if (dot <= 0 || dot == name.Length - 1) return null;
        var statuses = new XdsStatus[s_kinds];
        for (var i = 0; i < s_kinds; i++) statuses[i] = StatusOf(_resources[i].Sent is null && _resources[i].SentTime is null ? _pairs[i] : _resources[i]);
        return new()
        {
            Namespace = name[(dot + 1)..],
            Pod = name[..dot],
            ClusterId = IsPlaced ? PlainText.Of(_cluster) : "",
            Type = IsTyped ? _type : "",
            Version = IsVersioned ? PlainText.Of(_version) : "",
            Statuses = statuses,
            Istiod = istiod,
        };
    }

    private bool IsTyped { get; set; }

    private bool IsVersioned { get; set; }

    private bool IsPlaced { get; set; }

    private static XdsStatus StatusOf(Nonces nonces) => ProxyStatusRules.StatusOf(nonces.Sent, nonces.Acked, nonces.SentTime, nonces.Error);

    // Of all other types, the one that is behind speaks for them.
    private void KeepWorse()
    {
        ref var kept = ref _resources[(int)XdsKind.Other];
        if (_current.Sent is { Length: > 0 } && (kept.Sent is null || (kept.Sent == kept.Acked && _current.Sent != _current.Acked))) kept = _current;
        _current = default;
    }

    // Thousands of proxies share a few versions and one cluster.
    private static string Again(string last, ref Utf8JsonReader value) => value.ValueTextEquals(last) ? last : value.GetString()!;

    private static XdsKind? KindOfPair(string property) => property switch
    {
        "cluster_sent" or "cluster_acked" => XdsKind.Cds,
        "listener_sent" or "listener_acked" => XdsKind.Lds,
        "endpoint_sent" or "endpoint_acked" => XdsKind.Eds,
        "route_sent" or "route_acked" => XdsKind.Rds,
        "extensionconfig_sent" or "extensionconfig_acked" => XdsKind.Ecds,
        _ => null,
    };

    // By the message alone: the package before it counts up with Envoy's API.
    private static XdsKind KindOfType(string typeUrl) => typeUrl[(typeUrl.LastIndexOf('.') + 1)..] switch
    {
        "Cluster" => XdsKind.Cds,
        "Listener" => XdsKind.Lds,
        "ClusterLoadAssignment" => XdsKind.Eds,
        "RouteConfiguration" => XdsKind.Rds,
        "TypedExtensionConfig" => XdsKind.Ecds,
        _ => XdsKind.Other,
    };
}
