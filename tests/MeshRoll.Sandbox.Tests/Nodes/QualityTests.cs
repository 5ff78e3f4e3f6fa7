using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Nodes.Pods;

namespace MeshRoll.Sandbox.Tests.Nodes;

public sealed class QualityTests
{
    private const string Exact = """{"limits":{"cpu":"1","memory":"1Gi"}}""";

    [Theory]
    [InlineData("{}", "{}", "BestEffort")]
    [InlineData("""{"requests":{},"limits":{}}""", "{}", "BestEffort")]
    [InlineData(Exact, Exact, "Guaranteed")]
    [InlineData("""{"limits":{"cpu":"1","memory":"1Gi"},"requests":{"cpu":"1000m","memory":"1024Mi"}}""", Exact, "Guaranteed")]
    [InlineData("""{"limits":{"cpu":"1","memory":"1Gi"},"requests":{"cpu":"500m","memory":"1Gi"}}""", Exact, "Burstable")]
    [InlineData("""{"limits":{"cpu":"1"}}""", Exact, "Burstable")]
    [InlineData("""{"requests":{"cpu":"1","memory":"1Gi"}}""", Exact, "Burstable")]
    [InlineData(Exact, "{}", "Burstable")]
    [InlineData("{}", Exact, "Burstable")]
    public void It_follows_from_what_all_containers_ask_for(string container, string initContainer, string expected)
    {
        var spec = $$"""{"containers":[{"name":"app","resources":{{container}}}],"initContainers":[{"name":"init","resources":{{initContainer}}}]}""";

        Assert.Equal(expected, Quality.Of(JsonNode.Parse(spec)));
        using var document = JsonDocument.Parse(spec);
        Assert.Equal(expected, Quality.Of(document.RootElement));
    }

    [Fact]
    public void A_spec_without_containers_asks_for_nothing()
    {
        Assert.Equal("BestEffort", Quality.Of((JsonNode?)null));
        Assert.Equal("BestEffort", Quality.Of(default(JsonElement)));
    }
}
