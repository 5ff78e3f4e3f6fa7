using System.Text.Json;
using MeshRoll.Sandbox.Worlds;
using MeshRoll.Sandbox.Worlds.Building;

namespace MeshRoll.Sandbox.Tests.Worlds;

public sealed class BuiltInWorldsTests
{
    public static TheoryData<string> Names => [.. BuiltInWorlds.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_built_in_world_can_be_read(string name)
    {
        var world = BuiltInWorlds.Find(name.ToUpperInvariant());

        Assert.Equal(name, world.Name);
        Assert.NotEmpty(world.Description);
        Assert.NotNull(world.Mesh);
    }

    [Fact]
    public void The_shop_is_what_its_file_says() =>
        Assert.Equal(Said(WorldReader.ReadText(BuiltInWorlds.Text("Shop")!, "Shop")), Said(BuiltInWorlds.Find("Shop")));

    [Fact]
    public void The_shop_has_workloads_of_all_kinds_on_old_and_new_sidecars()
    {
        var shop = BuiltInWorlds.Find(BuiltInWorlds.Default);
        var workloads = shop.Namespaces.SelectMany(home => home.Workloads.Select(workload => (Workload: workload, SidecarOrigin.Of(shop.Mesh, home, workload).Version))).ToList();

        Assert.Equal(3, shop.Namespaces.Count);
        Assert.Equal(Enum.GetValues<WorldWorkloadKind>(), workloads.Select(one => one.Workload.Kind).Distinct().Order());
        Assert.Equal(["", "1.26.4", "1.27.1"], workloads.Select(one => one.Version ?? "").Distinct().Order());
        Assert.Contains(workloads, one => one is { Workload: { Kind: WorldWorkloadKind.Deployment, Replicas: 1 }, Version: "1.26.4" });
        Assert.Contains(workloads, one => one.Workload is { Kind: WorldWorkloadKind.StatefulSet, Strategy: "OnDelete" });
        Assert.Contains(workloads, one => one.Workload.DisruptionBudget is not null);
        Assert.Contains(workloads, one => one.Workload.Autoscaler is not null);
        Assert.Contains(workloads, one => one.Workload.Paused);
        Assert.Contains(workloads, one => one.Workload.ReadinessProbe is null);
        Assert.Contains(workloads, one => one.Workload.ReadyAfter >= TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Large_is_as_large_as_asked_for()
    {
        var large = BuiltInWorlds.Find("large", workloads: 250, podsPerWorkload: 4);

        Assert.Equal([100, 100, 50], large.Namespaces.Select(home => home.Workloads.Count));
        Assert.Equal(1000, large.Namespaces.Sum(home => home.Workloads.Sum(workload => workload.Replicas)));
        Assert.True(large.Nodes.Sum(node => node.Pods) > 1250);
    }

    [Theory]
    [InlineData(0, 10, "Workloads is 0, but must be from 1 to 100000")]
    [InlineData(10, -1, "PodsPerWorkload is -1, but must be from 1 to 10000")]
    [InlineData(100_000, 10_000, "100000 workloads with 10000 pods each are more than a million pods, more than fit")]
    public void Large_cannot_be_of_every_size(int workloads, int pods, string said) =>
        Assert.Equal($"The world Large cannot be made: {said}.", Assert.Throws<SandboxException>(() => BuiltInWorlds.Find("Large", workloads, pods)).Message);

    [Fact]
    public void An_unknown_world_is_refused_with_the_names_of_those_there_are()
    {
        var error = Assert.Throws<SandboxException>(() => BuiltInWorlds.Find("Shpo"));

        Assert.Equal("MeshRoll.SandboxScenarioNotFound", error.Id);
        Assert.Equal("There is no world 'Shpo'. Did you mean 'Shop'? There are Shop, Minimal, Empty, Large; a scenario file is named by a path that ends in .yaml.", error.Message);
    }

    [Theory]
    [InlineData("shop.yaml", true)]
    [InlineData("SHOP.YML", true)]
    [InlineData("./shop", true)]
    [InlineData("worlds\\shop", true)]
    [InlineData("Shop", false)]
    public void What_looks_like_a_path_is_a_file(string text, bool isPath) => Assert.Equal(isPath, BuiltInWorlds.IsPath(text));

    [Fact]
    public void A_missing_file_is_said_to_be_missing() =>
        Assert.Equal("MeshRoll.SandboxScenarioNotFound", Assert.Throws<SandboxException>(() => BuiltInWorlds.Find("no/such.yaml")).Id);

    private static readonly JsonSerializerOptions OnLines = new() { WriteIndented = true };

    private static string Said(SandboxWorld world) => JsonSerializer.Serialize(world, OnLines);
}
