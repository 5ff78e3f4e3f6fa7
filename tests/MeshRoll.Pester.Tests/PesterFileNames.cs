namespace MeshRoll.Pester.Tests;

/// <summary>What the reporting rests on; needs no PowerShell.</summary>
public sealed class PesterFileNames
{
    public static TheoryData<string> Folders => [".", "cluster", PesterFile.Runbooks];

    [Theory]
    [MemberData(nameof(Folders))]
    public void Every_Pester_file_names_its_tests_and_none_twice(string folder)
    {
        var files = Directory.GetFiles(Path.Combine(PesterFile.Folder, folder), "*.Tests.ps1");
        Assert.NotEmpty(files);
        Assert.All(files, file =>
        {
            var names = PesterFile.NamesIn(file).ToList();
            Assert.NotEmpty(names);
            Assert.Equal(names.Count, File.ReadLines(file).Count(line => line.TrimStart().StartsWith("It ", StringComparison.Ordinal)));
        });
    }
}
