namespace MeshRoll.Tests.Surface;

public class BinTests
{
    [Fact]
    public void The_module_ships_its_own_assemblies_and_nothing_of_the_host() =>
        Assert.Equal(
            ["MeshRoll.Core.dll", "MeshRoll.Kubernetes.dll", "MeshRoll.Loader.dll", "MeshRoll.Sandbox.dll", "MeshRoll.dll", "YamlDotNet.dll"],
            Directory.EnumerateFiles(Path.Combine(ModuleFiles.Root, "module", "bin"), "*.dll").Select(Path.GetFileName).Order(StringComparer.Ordinal));
}
