using System.Text.Json;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Preflight;

/// <summary>
/// Finds what selects given labels without trying every selector: a namespace with a thousand Services and a thousand workloads has a million pairs. Selectors
/// that name a label's value are found by it; the few others are tried each time.
/// </summary>
internal sealed class SelectorIndex
{
    private readonly Dictionary<(string Key, string Value), List<Entry>> _byLabel = [];
    private readonly List<Entry> _others = [];

    private SelectorIndex(IEnumerable<(JsonElement Item, LabelSelector Selector)> entries)
    {
        var place = 0;
        foreach (var (item, selector) in entries)
        {
            var entry = new Entry(place++, item, selector);
            if (selector.MatchLabels.Count == 0)
            {
                _others.Add(entry);
                continue;
            }
            var (key, value) = selector.MatchLabels.First();
            if (!_byLabel.TryGetValue((key, value), out var bucket)) _byLabel[(key, value)] = bucket = [];
            bucket.Add(entry);
        }
    }

    /// <summary>Of Services: labels alone; an empty selector selects nothing.</summary>
    public static SelectorIndex OfServices(IEnumerable<JsonElement> services) => new(
        services.Select(service => (service, Selectors.OfMap(service.At("spec", "selector")))).Where(entry => entry.Item2.MatchLabels.Count > 0));

    /// <summary>Of what has a selector with matchLabels and matchExpressions; a missing one selects nothing, an empty one all.</summary>
    public static SelectorIndex Of(IEnumerable<JsonElement> items) => new(
        items.Where(item => item.At("spec", "selector").Is()).Select(item => (item, Selectors.Of(item.At("spec", "selector")))));

    /// <summary>What selects these labels, in the order in which it was given.</summary>
    public IReadOnlyList<JsonElement> Selecting(IReadOnlyDictionary<string, string> labels)
    {
        var found = _others.Where(entry => SelectorMatch.Selects(entry.Selector, labels)).ToList();
        foreach (var (key, value) in labels)
        {
            if (_byLabel.TryGetValue((key, value), out var bucket)) found.AddRange(bucket.Where(entry => SelectorMatch.Selects(entry.Selector, labels)));
        }
        return [.. found.OrderBy(entry => entry.Place).Select(entry => entry.Item)];
    }

    private sealed record Entry(int Place, JsonElement Item, LabelSelector Selector);
}
