using System.Globalization;
using System.Management.Automation;

namespace MeshRoll.Formatting;

/// <summary>Reads a moment in every form in which it comes back from a job or a remote session.</summary>
internal static class Moments
{
    /// <summary>The moment; null for none.</summary>
    public static DateTimeOffset? Read(object? value) => value switch
    {
        null => null,
        DateTimeOffset time => time,
        DateTime time => time,
        PSObject { BaseObject: not PSCustomObject and var inner } => Read(inner),
        PSObject bag => Read(bag.Properties["UtcDateTime"]?.Value),
        string text when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) => time,
        _ => null,
    };
}
