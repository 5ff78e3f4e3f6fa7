namespace MeshRoll.Pester.Tests;

/// <summary>The runbooks that ship, by the tests that ship with them. They connect to sandboxes of their own.</summary>
[Collection(nameof(OneAfterTheOther))]
public sealed class Runbooks
{
    public static TheoryData<string, string> Tests => PesterFile.TestsIn(PesterFile.Runbooks);

    [Theory]
    [MemberData(nameof(Tests))]
    public Task Pester(string file, string name) => PesterFile.Named(file).ReportAsync(name, new Dictionary<string, string> { ["KUBECONFIG"] = "/nonexistent" });

    [Fact]
    public void Every_runbook_has_its_test_beside_it()
    {
        var folder = Path.Combine(PesterFile.Folder, PesterFile.Runbooks);
        var scripts = Directory.GetFiles(folder, "*.ps1").Where(path => !path.EndsWith(".Tests.ps1", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(scripts);
        Assert.All(scripts, script => Assert.True(File.Exists(Path.ChangeExtension(script, ".Tests.ps1")), $"{Path.GetFileName(script)} has no test beside it."));
    }
}
