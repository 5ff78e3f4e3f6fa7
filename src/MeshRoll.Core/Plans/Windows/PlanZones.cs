using MeshRoll.Core.Workloads;

namespace MeshRoll.Core.Plans.Windows;

/// <summary>
/// Time zones by their IANA name, on every system: a plan written on one machine is carried out on another. .NET takes both kinds of names where it has
/// ICU; where it has not, Windows' own name is asked for by the IANA name.
/// </summary>
internal static class PlanZones
{
    /// <summary>The zone.</summary>
    /// <exception cref="InvalidRequestException"><c>MeshRoll.ZoneUnknown</c>, with the names that resemble it.</exception>
    public static TimeZoneInfo Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Equals("UTC", StringComparison.OrdinalIgnoreCase) || name == "Z") return TimeZoneInfo.Utc;
        if (name.Equals("local", StringComparison.OrdinalIgnoreCase)) throw Unknown(name, " A plan may run on another machine, whose local time is another.");
        // On Linux names are file names, and a path that leaves the zones must not be followed.
        if (name.Contains("..", StringComparison.Ordinal) || name.StartsWith('/')) throw Unknown(name, "");
        if (TimeZoneInfo.TryConvertWindowsIdToIanaId(name, out var iana) && iana != name) throw Unknown(name, $" It is Windows' name for {iana}: write that.");
        // Whether letters of another case are forgiven depends on the system, and on what was asked of it before: a plan must mean the same everywhere.
        var known = TimeZoneInfo.GetSystemTimeZones().Select(zone => zone.Id).ToList();
        if (known.Find(id => id.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } id && id != name) throw Unknown(name, $" Did you mean {id}?");
        if (TimeZoneInfo.TryFindSystemTimeZoneById(name, out var found)) return found;
        if (TimeZoneInfo.TryConvertIanaIdToWindowsId(name, out var windows) && TimeZoneInfo.TryFindSystemTimeZoneById(windows, out found)) return found;
        throw Unknown(name, NearMatches.Sentence(name, known));
    }

    private static InvalidRequestException Unknown(string name, string hint) =>
        new("MeshRoll.ZoneUnknown", $"'{name}' is no time zone that can be used: write an IANA name such as Europe/Berlin, or UTC.{hint}");
}
