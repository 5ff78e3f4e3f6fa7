namespace MeshRoll.Pester.Tests;

/// <summary>What can be tried without a cluster.</summary>
[Collection(nameof(OneAfterTheOther))]
public sealed class WithoutCluster
{
    public static TheoryData<string, string> Tests => PesterFile.TestsIn(".");

    [Theory]
    [MemberData(nameof(Tests))]
    public Task Pester(string file, string name) => PesterFile.Named(file).ReportAsync(name, new Dictionary<string, string> { ["KUBECONFIG"] = "/nonexistent" });
}
