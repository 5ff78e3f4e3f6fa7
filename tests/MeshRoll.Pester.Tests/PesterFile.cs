using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MeshRoll.Pester.Tests;

/// <summary>One Pester file: its tests by name, and what came of them. It is run once, when the first of its tests is asked for;
/// tests of this project run one after the other.</summary>
public sealed partial class PesterFile
{
    private static readonly ConcurrentDictionary<string, PesterFile> s_files = new(StringComparer.Ordinal);
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    private readonly string _path;
    private Task<IReadOnlyList<PesterResult>>? _run;

    private PesterFile(string path)
    {
        _path = path;
    }

    /// <summary>The folder of all Pester files.</summary>
    public static string Folder { get; } = Metadata("PesterFiles");

    /// <summary>The runbooks that ship, each with its test beside it; seen from <see cref="Folder"/>.</summary>
    public const string Runbooks = "../../module/runbooks";

    /// <summary>The package under test: MESHROLL_PACKAGE, else the one that was made with this project.</summary>
    public static string Package { get; } = Environment.GetEnvironmentVariable("MESHROLL_PACKAGE") ?? Metadata("Package");

    /// <summary>Every test of the files in a folder below <see cref="Folder"/>: file and name.</summary>
    public static TheoryData<string, string> TestsIn(string subfolder)
    {
        var tests = new TheoryData<string, string>();
        foreach (var path in Directory.EnumerateFiles(Path.Combine(Folder, subfolder), "*.Tests.ps1").Order(StringComparer.Ordinal))
        {
            var file = Path.GetRelativePath(Folder, path).Replace(Path.DirectorySeparatorChar, '/');
            foreach (var name in NamesIn(path)) tests.Add(file, name);
        }
        return tests;
    }

    /// <summary>The names of the tests in a file, each once.</summary>
    public static IEnumerable<string> NamesIn(string path) => ItPattern().Matches(File.ReadAllText(path)).Select(match => match.Groups["name"].Value.Replace("''", "'", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal);

    /// <summary>The file of that name.</summary>
    public static PesterFile Named(string file) => s_files.GetOrAdd(file, name => new(Path.Combine(Folder, name)));

    /// <summary>Reports what came of one test, run with its whole file where it has not been yet.</summary>
    public async Task ReportAsync(string name, IReadOnlyDictionary<string, string> environment)
    {
        var pwsh = Pwsh.Require();
        var results = (await (_run ??= RunAsync(pwsh, environment))).Where(result => result.Name == name).ToList();
        Assert.True(results.Count > 0, $"Pester did not run '{name}'.");

        var failed = results.Where(result => result.Result == "Failed").ToList();
        if (failed.Count > 0) Assert.Fail(string.Join(Environment.NewLine, failed.Select(result => $"{result.ExpandedPath}{Environment.NewLine}{result.Message}")));
        if (results.TrueForAll(result => result.Result == "Skipped")) Assert.Skip("skipped by the Pester file");
    }

    private static string Metadata(string key) =>
        typeof(PesterFile).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;

    private async Task<IReadOnlyList<PesterResult>> RunAsync(Pwsh pwsh, IReadOnlyDictionary<string, string> environment)
    {
        var report = Path.GetTempFileName();
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            patience.CancelAfter(s_patience);
            var said = await pwsh.RunAsync(
                ["-File", Path.Combine(Folder, "Invoke-PesterFile.ps1"), "-Path", _path, "-Report", report],
                new Dictionary<string, string>(environment) { ["MESHROLL_MODULE"] = Path.Combine(Package, "MeshRoll.psd1"), ["NO_COLOR"] = "1" },
                patience.Token);
            var text = await File.ReadAllTextAsync(report, TestContext.Current.CancellationToken);
            return text.Length > 0 ? JsonSerializer.Deserialize<List<PesterResult>>(text)! : throw new InvalidOperationException($"Pester reported nothing about {_path}:{Environment.NewLine}{said}");
        }
        finally
        {
            File.Delete(report);
        }
    }

    [GeneratedRegex(@"^\s*It\s+'(?<name>(?:[^']|'')+)'", RegexOptions.Multiline)]
    private static partial Regex ItPattern();
}

/// <summary>What came of one It; of one with several cases there are several.</summary>
public sealed record PesterResult(string Name, string ExpandedPath, string Result, string Message);
