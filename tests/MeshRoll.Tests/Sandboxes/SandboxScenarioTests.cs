using System.Collections;
using System.Collections.Specialized;
using MeshRoll.Kubernetes;
using MeshRoll.Parameters;
using MeshRoll.Sandboxes;

namespace MeshRoll.Tests.Sandboxes;

public sealed class SandboxScenarioTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("meshroll-scenario-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("Shop", "Shop")]
    [InlineData("shop", "Shop")]
    [InlineData("MINIMAL", "Minimal")]
    public void A_word_is_a_built_in_world_whatever_its_case(string word, string name) => Assert.Equal(name, Read(word).Name);

    [Fact]
    public void What_looks_like_a_path_is_a_file()
    {
        var path = Path.Combine(_folder.FullName, "friday.yaml");
        File.WriteAllText(path, "nodes: 1");
        Assert.Equal("friday", new SandboxScenario("./friday.yaml", path, null, null).Read().Name);
    }

    [Theory]
    [InlineData("Shopp", "Shop")]
    [InlineData("./none.yaml", "none.yaml")]
    public void What_is_neither_is_not_found_and_the_message_helps(string value, string said)
    {
        var error = Assert.ThrowsAny<MeshRollException>(() => new SandboxScenario(value, Path.Combine(_folder.FullName, value), null, null).Read());
        Assert.Equal("MeshRoll.SandboxScenarioNotFound", error.Id);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<IDictionary> Dictionaries =>
    [
        new Hashtable { ["name"] = "web", ["replicas"] = 3 },
        new OrderedDictionary { ["name"] = "web", ["replicas"] = 3 },
        new Dictionary<string, object> { ["name"] = "web", ["replicas"] = 3 },
    ];

    [Theory]
    [MemberData(nameof(Dictionaries))]
    public void A_hashtable_or_any_dictionary_is_a_world(IDictionary workload)
    {
        var scenario = ScenarioAttribute.Bare(new Hashtable { ["namespaces"] = new object[] { new Hashtable { ["name"] = "shop", ["workloads"] = new object[] { workload } } } });
        var found = Assert.Single(Assert.Single(new SandboxScenario(scenario!, "", null, null).Read().Namespaces).Workloads);
        Assert.Equal(("web", 3), (found.Name, found.Replicas));
    }

    [Theory]
    [InlineData(7, null, 7)]
    [InlineData(7, 2, 7)]
    public void Large_is_as_large_as_told(int? workloads, int? pods, int expected)
    {
        var world = new SandboxScenario("large", "", workloads, pods).Read();
        Assert.Equal(expected, world.Namespaces.Sum(home => home.Workloads.Count));
        if (pods is not null) Assert.All(world.Namespaces.SelectMany(home => home.Workloads), workload => Assert.Equal(pods, workload.Replicas));
    }

    [Theory]
    [InlineData(7, null)]
    [InlineData(null, 2)]
    public void A_size_is_refused_where_the_scenario_says_its_own(int? workloads, int? pods) =>
        Assert.Equal("MeshRoll.SandboxSizeInvalid", Assert.ThrowsAny<MeshRollException>(() => new SandboxScenario("Shop", "", workloads, pods).Read()).Id);

    private static Sandbox.Worlds.SandboxWorld Read(string word) => new SandboxScenario(word, "/nowhere", null, null).Read();
}
