using MeshRoll.Sandbox.Selecting;

namespace MeshRoll.Sandbox.Controllers;

/// <summary>Finds who selects a pod without asking everybody in a namespace: selectors are filed under one label that they ask for.</summary>
internal sealed class SelectorIndex
{
    private readonly Dictionary<(string Namespace, string Name), LabelSelector> _selectors = [];
    private readonly Dictionary<(string Namespace, string Key, string Value), SortedSet<string>> _names = [];

    /// <summary>Files a selector under its owner's name, in place of the one before; null takes it out.</summary>
    public void Set(string @namespace, string name, LabelSelector? selector)
    {
        if (_selectors.Remove((@namespace, name), out var before) && _names.TryGetValue(Place(@namespace, before), out var names)) names.Remove(name);
        if (selector is null || selector.IsNothing) return;
        _selectors[(@namespace, name)] = selector;
        var place = Place(@namespace, selector);
        if (!_names.TryGetValue(place, out names)) _names[place] = names = new(StringComparer.Ordinal);
        names.Add(name);
    }

    /// <summary>The names of those who select an object with these labels.</summary>
    public IReadOnlyList<string> Matching(string @namespace, IReadOnlyDictionary<string, string> labels)
    {
        if (_selectors.Count == 0) return [];
        List<string>? found = null;
        foreach (var (key, value) in labels) AddMatching(ref found, (@namespace, key, value), labels);
        AddMatching(ref found, (@namespace, "", ""), labels);
        return found ?? (IReadOnlyList<string>)[];
    }

    private void AddMatching(ref List<string>? found, (string Namespace, string Key, string Value) place, IReadOnlyDictionary<string, string> labels)
    {
        if (!_names.TryGetValue(place, out var names)) return;
        foreach (var name in names)
        {
            if (_selectors[(place.Namespace, name)].Matches(labels)) (found ??= []).Add(name);
        }
    }

    // Those that ask for no certain label are filed under the empty one.
    private static (string Namespace, string Key, string Value) Place(string @namespace, LabelSelector selector)
    {
        foreach (var requirement in selector.Requirements)
        {
            if (requirement.NamesOneValue) return (@namespace, requirement.Key, requirement.Values[0]);
        }
        return (@namespace, "", "");
    }
}
