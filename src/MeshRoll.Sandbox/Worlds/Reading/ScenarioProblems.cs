using System.Globalization;

namespace MeshRoll.Sandbox.Worlds.Reading;

/// <summary>
/// What is wrong with a scenario: collected, so that its author corrects everything in one go, and thrown as one error that names file, line, key
/// and what is allowed.
/// </summary>
/// <param name="source">How the scenario is called: a file's path, or what it came from.</param>
internal sealed class ScenarioProblems(string source)
{
    /// <summary>How many are shown; what follows is mostly a consequence.</summary>
    public const int MaximumShown = 10;

    private readonly List<(int Line, string Path, string Problem)> _found = [];

    /// <summary>Remembers one.</summary>
    /// <param name="line">The line, or 0 where there are no lines.</param>
    /// <param name="path">The path of keys, such as <c>namespaces[0].name</c>; empty for the whole scenario.</param>
    /// <param name="problem">A sentence: what is wrong and what is allowed.</param>
    public void Add(int line, string path, string problem) => _found.Add((line, path, problem));

    /// <summary>The error for a scenario that cannot even be read.</summary>
    public SandboxException Fatal(int line, string problem, Exception? inner = null)
    {
        _found.Clear();
        Add(line, "", problem);
        return Error(inner);
    }

    /// <summary>Throws when there is a problem.</summary>
    /// <exception cref="SandboxException">There is.</exception>
    public void ThrowIfAny()
    {
        if (_found.Count > 0) throw Error(null);
    }

    private SandboxException Error(Exception? inner)
    {
        var sorted = _found.OrderBy(problem => problem.Line).ToList();
        if (sorted.Count == 1) return new("MeshRoll.SandboxScenarioInvalid", $"{source}{(sorted[0].Line > 0 ? ", " : sorted[0].Path.Length > 0 ? ", " : ": ")}{Say(sorted[0])}", inner);

        var lines = sorted.Take(MaximumShown).Select(problem => $"{Environment.NewLine}  {Say(problem)}");
        var more = sorted.Count > MaximumShown ? string.Create(CultureInfo.InvariantCulture, $"{Environment.NewLine}  … and {sorted.Count - MaximumShown} more.") : "";
        return new("MeshRoll.SandboxScenarioInvalid", string.Create(CultureInfo.InvariantCulture, $"{source} has {sorted.Count} errors:{string.Concat(lines)}{more}"), inner);
    }

    private static string Say((int Line, string Path, string Problem) found)
    {
        var line = found.Line > 0 ? string.Create(CultureInfo.InvariantCulture, $"line {found.Line}") : "";
        var place = line.Length > 0 && found.Path.Length > 0 ? $"{line}, {found.Path}" : line + found.Path;
        return place.Length > 0 ? $"{place}: {found.Problem}" : found.Problem;
    }
}
