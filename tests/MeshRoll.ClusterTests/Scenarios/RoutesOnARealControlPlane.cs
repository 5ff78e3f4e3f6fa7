using System.Text.Json.Nodes;
using MeshRoll.ClusterTests.World;
using MeshRoll.Core;
using MeshRoll.Core.Preflight;
using static MeshRoll.ClusterTests.Scenarios.FaultyWorkloads;

namespace MeshRoll.ClusterTests.Scenarios;

/// <summary>
/// The rule about Istio's routes, where Istio's kinds are installed. The sandbox serves no kinds of others than its own, so that it happens on the real control
/// plane alone.
/// </summary>
public sealed class RoutesOnARealControlPlane(RealWorld world) : Scenario(world)
{
    private const string Definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private const string Group = "networking.istio.io";

    private static readonly (string Plural, string Kind)[] s_kinds = [("virtualservices", "VirtualService"), ("destinationrules", "DestinationRule")];

    [Fact]
    public async Task Routes_without_retries_are_seen_once_Istios_kinds_are_there_and_those_with_them_are_not()
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "routes");
        string[] names = ["off", "silent", "rule", "fine"];
        foreach (var name in names) await CreateAsync(shop, name, _ => { });
        await shop.ReadyAsync();
        // Nothing is known of routes, and nothing is said.
        await using (var before = Open()) Assert.Empty(await FindingsAsync(before, shop.Name));

        try
        {
            foreach (var (plural, kind) in s_kinds) await InstallAsync(plural, kind);
            await RouteAsync(shop, "off", new() { ["attempts"] = 0 });
            await RouteAsync(shop, "silent", null);
            await RouteAsync(shop, "fine", new() { ["attempts"] = 2, ["perTryTimeout"] = "2s" });
            await AddAsync(shop, "destinationrules", "DestinationRule", "rule", new() { ["host"] = "rule" });
            await AddAsync(shop, "destinationrules", "DestinationRule", "fine", new() { ["host"] = $"fine.{shop.Name}.svc.cluster.local", ["trafficPolicy"] = new JsonObject { ["outlierDetection"] = new JsonObject { ["consecutive5xxErrors"] = 5 } } });
            await using var session = Open();

            var found = await FindingsAsync(session, shop.Name);
            Assert.Equal(
                [
                    "off Warning: VirtualService off switches retries off (attempts: 0)",
                    "rule Information: DestinationRule rule has no outlierDetection: a pod that fails keeps its share of the requests",
                    "silent Information: VirtualService silent says nothing of retries: the mesh's own are used",
                ],
                found.Select(finding => $"{finding.Name} {finding.Severity}: {finding.Seen}").Order(StringComparer.Ordinal));
        }
        finally
        {
            foreach (var (plural, _) in s_kinds) await World.Api.DeleteAsync($"{Definitions}/{plural}.{Group}", cancellation: CancellationToken.None);
        }
    }

    private async Task InstallAsync(string plural, string kind)
    {
        await World.Api.CreateAsync(Parse($$$"""
            {
              "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": { "name": "{{{plural}}}.{{{Group}}}" },
              "spec": {
                "group": "{{{Group}}}", "scope": "Namespaced", "names": { "plural": "{{{plural}}}", "singular": "{{{kind.ToLowerInvariant()}}}", "kind": "{{{kind}}}" },
                "versions": [ { "name": "v1beta1", "served": true, "storage": true, "schema": { "openAPIV3Schema": { "type": "object", "x-kubernetes-preserve-unknown-fields": true } } } ]
              }
            }
            """), Cancelled);
        await World.Api.WaitAsync(
            $"/apis/{Group}/v1beta1", resources => resources?["resources"]?.AsArray().Any(resource => (string?)resource!["name"] == plural) == true, TimeSpan.FromSeconds(30), Cancelled);
    }

    private Task RouteAsync(ScenarioNamespace shop, string name, JsonObject? retries)
    {
        var route = new JsonObject { ["route"] = new JsonArray(new JsonObject { ["destination"] = new JsonObject { ["host"] = name } }) };
        if (retries is not null) route["retries"] = retries;
        return AddAsync(shop, "virtualservices", "VirtualService", name, new() { ["hosts"] = new JsonArray(name), ["http"] = new JsonArray(route) });
    }

    private Task AddAsync(ScenarioNamespace shop, string plural, string kind, string name, JsonObject spec) => World.Api.CreateAsync(
        $"/apis/{Group}/v1beta1/namespaces/{shop.Name}/{plural}",
        new() { ["apiVersion"] = $"{Group}/v1beta1", ["kind"] = kind, ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = shop.Name }, ["spec"] = spec },
        Cancelled);

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();

    private static async Task<List<MeshReadinessFinding>> FindingsAsync(ClusterSession session, string place)
    {
        List<MeshReadinessFinding> found = [];
        await foreach (var item in new ReadinessReader(session).ReadAsync(new() { Selection = new() { Namespaces = [place] }, Rules = ["NoRetries"] }, Cancelled))
            found.Add(Assert.IsType<ReadEvent<MeshReadinessFinding>.Found>(item).Item);
        return found;
    }
}
