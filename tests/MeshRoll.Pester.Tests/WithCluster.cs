namespace MeshRoll.Pester.Tests;

/// <summary>The main job and what can go wrong with it, on a real control plane.</summary>
[Collection(nameof(OneAfterTheOther))]
public sealed class WithCluster(PreparedCluster cluster) : IClassFixture<PreparedCluster>
{
    public static TheoryData<string, string> Tests => PesterFile.TestsIn("cluster");

    [Theory]
    [MemberData(nameof(Tests))]
    public async Task Pester(string file, string name)
    {
        Pwsh.Require();
        await PesterFile.Named(file).ReportAsync(name, await cluster.RequireAsync());
    }
}

/// <summary>A small machine does one thing at a time.</summary>
[CollectionDefinition(nameof(OneAfterTheOther), DisableParallelization = true)]
public sealed class OneAfterTheOther;
