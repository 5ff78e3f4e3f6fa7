using System.Collections;
using System.Collections.Specialized;
using System.Management.Automation;

namespace MeshRoll.Parameters;

/// <summary>Takes a scenario as a word, a path, a file, or a hashtable, whose values lose PowerShell's wrappers: what reads them knows none.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ScenarioAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => Bare(inputData) switch
    {
        string { Length: > 0 } text => text,
        FileInfo file => file.FullName,
        IDictionary data => data,
        _ => throw new ArgumentTransformationMetadataException("A scenario is the name of a built-in one, the path of a YAML file, or a hashtable; about_MeshSandbox tells what they hold."),
    };

    /// <summary>A value, and all in it, without PowerShell's wrappers. Custom objects become dictionaries, as ConvertFrom-Json makes such.</summary>
    internal static object? Bare(object? value) => value switch
    {
        PSObject { BaseObject: PSCustomObject } bag => Copy(new OrderedDictionary(), bag.Properties.Select(property => ((object)property.Name, (object?)property.Value))),
        PSObject wrapped => Bare(wrapped.BaseObject),
        Hashtable data => Copy(new Hashtable(), data.Keys.Cast<object>().Select(key => (key, data[key]))),
        IDictionary data => Copy(new OrderedDictionary(), data.Keys.Cast<object>().Select(key => (key, data[key]))),
        string text => text,
        IList items => items.Cast<object?>().Select(Bare).ToList(),
        _ => value,
    };

    private static IDictionary Copy(IDictionary copy, IEnumerable<(object Key, object? Value)> entries)
    {
        foreach (var (key, value) in entries) copy[Bare(key)!] = Bare(value);
        return copy;
    }
}
