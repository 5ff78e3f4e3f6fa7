using System.Collections;
using System.Globalization;

namespace MeshRoll.Sandbox.Worlds.Reading;

/// <summary>Takes a scenario that comes as objects: a hashtable with hashtables, lists, texts, numbers, flags and durations in it.</summary>
internal sealed class ObjectData(ScenarioProblems problems)
{
    private long _values;

    /// <summary>The values of a hashtable, its keys in a reproducible order.</summary>
    /// <exception cref="SandboxException">It has something in it that is no data, or refers to itself.</exception>
    public static DataNode Read(IDictionary scenario, ScenarioProblems problems) => new ObjectData(problems).ReadValue(scenario, "", 0);

    private DataNode ReadValue(object? value, string path, int depth)
    {
        if (depth > ScenarioLimits.MaximumDepth) throw Fatal(path, $"it nests deeper than {ScenarioLimits.MaximumDepth} levels. Does a hashtable contain itself?");
        if (++_values > ScenarioLimits.MaximumValues) throw Fatal(path, $"there are more than {ScenarioLimits.MaximumValues} values. For many workloads of one sort use the world Large.");
        return value switch
        {
            null => DataNode.OfScalar("", isText: false, 0),
            string text => DataNode.OfScalar(text, isText: true, 0),
            bool flag => DataNode.OfScalar(flag ? "true" : "false", isText: false, 0),
            TimeSpan duration => DataNode.OfDuration(duration),
            char or Enum or Uri or Version => DataNode.OfScalar(value.ToString() ?? "", isText: true, 0),
            DateTime time => DataNode.OfScalar(time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), isText: true, 0),
            DateTimeOffset time => DataNode.OfScalar(time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), isText: true, 0),
            IConvertible number => DataNode.OfScalar(number.ToString(CultureInfo.InvariantCulture), isText: false, 0),
            IDictionary map => ReadMap(map, path, depth),
            IEnumerable list => ReadList(list, path, depth),
            _ => throw Fatal(path, $"a {value.GetType().Name} stands there, which is no data. Allowed are texts, numbers, $true and $false, durations, lists and hashtables."),
        };
    }

    private DataNode ReadMap(IDictionary entries, string path, int depth)
    {
        var map = DataNode.OfMap(0);
        // A plain hashtable has no order of its own; an ordered dictionary's is kept.
        var keys = entries.Keys.Cast<object>();
        foreach (var key in entries is Hashtable ? keys.OrderBy(Key, StringComparer.Ordinal) : keys)
            map.Add(Key(key), 0, ReadValue(entries[key], path.Length == 0 ? Key(key) : $"{path}.{Key(key)}", depth + 1));
        return map;
    }

    private DataNode ReadList(IEnumerable items, string path, int depth)
    {
        var list = DataNode.OfList(0);
        foreach (var item in items) list.Add(ReadValue(item, string.Create(CultureInfo.InvariantCulture, $"{path}[{list.Items.Count}]"), depth + 1));
        return list;
    }

    private static string Key(object key) => Convert.ToString(key, CultureInfo.InvariantCulture) ?? "";

    private SandboxException Fatal(string path, string problem) => problems.Fatal(0, path.Length == 0 ? problem : $"{path}: {problem}");
}
