using System.Text.Json.Nodes;
using MeshRoll.ClusterTests.World;
using MeshRoll.Core;
using MeshRoll.Core.Preflight;
using MeshRoll.Core.Preflight.Mending;
using static MeshRoll.ClusterTests.Scenarios.FaultyWorkloads;

namespace MeshRoll.ClusterTests.Scenarios;

public sealed class ReadinessRepairOnARealControlPlane(RealWorld world) : ReadinessRepairScenarios(world);

public sealed class ReadinessRepairInTheSandbox(EmbeddedWorld world) : ReadinessRepairScenarios(world);

/// <summary>What the preflight finds is mended, and taken back.</summary>
public abstract class ReadinessRepairScenarios(ClusterWorld world) : Scenario(world)
{
    private const string Outdated = "MeshRoll.FindingOutdated";

    // What no patch can mend, and what is told as well without being wrong.
    private static readonly string[] s_left = ["ReadinessTooEarly", "LongConnections", "MovingTag", "PullSecretMissing"];

    [Fact]
    public async Task Each_fault_with_a_patch_is_mended_and_taken_back_to_the_byte()
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "mend");
        foreach (var (rule, spoil) in All) await CreateAsync(shop, Name(rule), spoil);
        await shop.ReadyAsync();
        await using var session = Open();
        var before = await SpecsAsync(shop);
        var findings = (await FindingsAsync(session, shop.Name)).Where(finding => finding.Checked).ToList();

        // Asked and answered no, as -WhatIf does: the server has tried it and nothing is different.
        var proposed = await RepairAsync(session, findings, new() { AllowGuess = true, Approve = (_, _, _) => ValueTask.FromResult(false) });
        Assert.All(proposed, repair => Assert.True(repair.State is RepairState.Proposed or RepairState.Skipped, repair.ToString()));
        Assert.True(proposed.Count(repair => repair is { State: RepairState.Proposed, Changes.Count: > 0 }) >= 10, string.Join("; ", proposed));
        Assert.Equal(before, await SpecsAsync(shop));

        // What only the owner knows is not applied unasked.
        var guesses = await RepairAsync(session, [.. findings.Where(finding => finding.Id is "NoReadinessProbe" or "OneReplica" or "Recreate")], new());
        Assert.All(guesses, guess => Assert.Equal(RepairState.Skipped, guess.State));
        Assert.Contains(guesses, guess => guess.Reason.Contains("/ready on port 8080 is a guess", StringComparison.Ordinal));

        var repairs = await RepairAsync(session, findings, new() { AllowGuess = true });
        var done = repairs.Where(repair => repair.State == RepairState.Repaired).ToList();
        Assert.Equal(proposed.Where(repair => repair.State == RepairState.Proposed).Select(repair => (repair.Name, Text(repair))), done.Select(repair => (repair.Name, Text(repair))));
        Assert.All(repairs.Except(done), repair => Assert.Contains(repair.Rules[0], s_left));
        Assert.All(done, repair => Assert.Equal(repair.MakesNewPods, repair.Undo.Contains("template:", StringComparison.Ordinal)));
        await shop.ReadyAsync();
        Assert.DoesNotContain(await FindingsAsync(session, shop.Name), finding => finding is { Checked: true, Kind: "Deployment", Fix.Length: > 0 } && !s_left.Contains(finding.Id));

        // Once more: it is so already.
        Assert.All(await RepairAsync(session, [.. findings.Where(finding => finding.Fix.Length > 0)], new() { AllowGuess = true }), repair => Assert.Equal((RepairState.Skipped, "it is so already"), (repair.State, repair.Reason)));

        var undone = await ReadAsync(new ReadinessRepair(session).UndoAsync(done, new(), Cancelled));
        Assert.All(undone, repair => Assert.Equal(RepairState.Undone, repair.State));
        Assert.Equal(before, await SpecsAsync(shop));
    }

    [Fact]
    public async Task Budgets_and_autoscalers_are_mended_and_taken_back()
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "mendaround");
        await CreateAsync(shop, "web", _ => { });
        await shop.ReadyAsync();
        var policy = (await World.Api.FindAsync("/apis/policy/v1", Cancelled))?["resources"]!.AsArray().Any(item => (string?)item!["name"] == "poddisruptionbudgets") == true ? "policy/v1" : "policy/v1beta1";
        await World.Api.CreateAsync(Parse($$$"""{"apiVersion":"{{{policy}}}","kind":"PodDisruptionBudget","metadata":{"name":"tight","namespace":"{{{shop.Name}}}"},"spec":{"minAvailable":2,"selector":{"matchLabels":{"app":"web"} } } }"""), Cancelled);
        await World.Api.CreateAsync(Parse($$$"""{"apiVersion":"autoscaling/v1","kind":"HorizontalPodAutoscaler","metadata":{"name":"web","namespace":"{{{shop.Name}}}"},"spec":{"minReplicas":1,"maxReplicas":2,"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"web"} } }"""), Cancelled);
        string[] paths = [$"/apis/{policy}/namespaces/{shop.Name}/poddisruptionbudgets/tight", $"/apis/autoscaling/v1/namespaces/{shop.Name}/horizontalpodautoscalers/web"];
        await using var session = Open();
        var findings = await WaitForAsync(session, shop.Name, "BudgetAllowsNothing", "AutoscalerAtLimit");
        var before = await Task.WhenAll(paths.Select(SpecAsync));

        var done = await RepairAsync(session, findings, new());
        Assert.Equal(["HorizontalPodAutoscaler/web", "PodDisruptionBudget/tight"], done.Select(repair => $"{repair.Kind}/{repair.Name}").Order());
        Assert.All(done, repair => Assert.Equal((RepairState.Repaired, false), (repair.State, repair.MakesNewPods)));
        Assert.Equal(["1", "3"], [(await World.Api.GetAsync(paths[0], Cancelled))["spec"]!["maxUnavailable"]!.ToString(), (await World.Api.GetAsync(paths[1], Cancelled))["spec"]!["maxReplicas"]!.ToString()]);

        Assert.All(await ReadAsync(new ReadinessRepair(session).UndoAsync(done, new(), Cancelled)), repair => Assert.Equal(RepairState.Undone, repair.State));
        Assert.Equal(before, await Task.WhenAll(paths.Select(SpecAsync)));
    }

    [Fact]
    public async Task What_somebody_else_changed_meanwhile_is_left_to_them_and_what_only_moved_is_not()
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "mendrace");
        foreach (var name in new[] { "edited", "touched", "replaced", "gone", "kept", "never" }) await CreateAsync(shop, name, spec => Container(spec).Remove("lifecycle"));
        await shop.PatchAppAsync("deployments", "kept", Parse("""{"metadata":{"labels":{"kustomize.toolkit.fluxcd.io/name":"shop"} } }"""));
        await shop.PatchAppAsync("deployments", "never", Parse("""{"metadata":{"annotations":{"meshroll.io/restart":"never","meshroll.io/restart-reason":"audit"} } }"""));
        await shop.ReadyAsync();
        await using var session = Open();
        var findings = (await FindingsAsync(session, shop.Name)).Where(finding => finding.Id == "NoDrain").ToDictionary(finding => finding.Name, finding => finding);
        Assert.Equal(6, findings.Count);

        // The same field, by somebody else.
        await shop.PatchAppAsync("deployments", "edited", Parse("""{"spec":{"template":{"spec":{"containers":[{"name":"app","lifecycle":{"preStop":{"exec":{"command":["sleep","3"]} } } }]} } } }"""));
        Assert.Contains("was changed by somebody else since it was looked at", await FailureAsync(session, findings["edited"]), StringComparison.Ordinal);
        // And in the moment in which one thinks about the answer.
        var asked = 0;
        var touched = Assert.Single(await RepairAsync(session, [findings["touched"]], new()
        {
            Approve = async (_, action, _) =>
            {
                asked++;
                Assert.Contains("so replaces its 2 pods at once", action, StringComparison.Ordinal);
                await shop.PatchAppAsync("deployments", "touched", Parse("""{"metadata":{"annotations":{"note":"seen"} } }"""));
                return true;
            },
        }));
        Assert.Equal((RepairState.Repaired, 1), (touched.State, asked));
        var path = $"/apis/apps/v1/namespaces/{shop.Name}/deployments/";
        await World.Api.DeleteAsync(path + "gone", cancellation: Cancelled);
        Assert.Contains("is not there any more", await FailureAsync(session, findings["gone"]), StringComparison.Ordinal);
        await World.Api.DeleteAsync(path + "replaced", cancellation: Cancelled);
        await World.Api.WaitAsync(path + "replaced", found => found is null, TimeSpan.FromSeconds(10), Cancelled);
        await World.Api.CreateAsync((shop.Workload("replaced") with { Replicas = 1 }).AsDeployment(), Cancelled);
        Assert.Contains("was deleted and made again", await FailureAsync(session, findings["replaced"]), StringComparison.Ordinal);

        var kept = await EventsAsync(new ReadinessRepair(session).RunAsync([findings["kept"], findings["never"]], new(), Cancelled));
        Assert.Contains("is kept by Flux (Kustomization) shop", Assert.IsType<ReadEvent<MeshReadinessRepair>.Remark>(kept[0]).Text, StringComparison.Ordinal);
        Assert.Equal((RepairState.Repaired, "Flux (Kustomization) shop"), (Found(kept[1]).State, Found(kept[1]).KeptBy));
        Assert.Equal((RepairState.Skipped, "it would make new pods, and the annotation meshroll.io/restart forbids restarts (audit)"), (Found(kept[2]).State, Found(kept[2]).Reason));
    }

    private static string Text(MeshReadinessRepair repair) => string.Join("; ", repair.Changes);

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();

    private static MeshReadinessRepair Found(ReadEvent<MeshReadinessRepair> happened) => Assert.IsType<ReadEvent<MeshReadinessRepair>.Found>(happened).Item;

    private static async Task<string> FailureAsync(ClusterSession session, MeshReadinessFinding finding)
    {
        var failed = Assert.IsType<ReadEvent<MeshReadinessRepair>.Failed>(Assert.Single(await EventsAsync(new ReadinessRepair(session).RunAsync([finding], new(), Cancelled))));
        Assert.Equal(Outdated, failed.Error.Id);
        return failed.Error.Message;
    }

    private static Task<List<MeshReadinessRepair>> RepairAsync(ClusterSession session, IReadOnlyList<MeshReadinessFinding> findings, ReadinessRepairOptions options) =>
        ReadAsync(new ReadinessRepair(session).RunAsync(findings, options, Cancelled));

    private static async Task<List<MeshReadinessRepair>> ReadAsync(IAsyncEnumerable<ReadEvent<MeshReadinessRepair>> repairs) =>
        [.. (await EventsAsync(repairs)).Select(happened => happened is ReadEvent<MeshReadinessRepair>.Failed failed ? throw failed.Error : Found(happened))];

    private static async Task<List<ReadEvent<MeshReadinessRepair>>> EventsAsync(IAsyncEnumerable<ReadEvent<MeshReadinessRepair>> repairs)
    {
        List<ReadEvent<MeshReadinessRepair>> events = [];
        await foreach (var happened in repairs) events.Add(happened);
        return events;
    }

    private async Task<List<MeshReadinessFinding>> WaitForAsync(ClusterSession session, string place, params string[] rules)
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            var found = (await FindingsAsync(session, place)).Where(finding => finding.Checked && rules.Contains(finding.Id)).ToList();
            if (rules.All(rule => found.Exists(finding => finding.Id == rule))) return found;
            await Task.Delay(100, Cancelled);
        }
        throw new TimeoutException($"Never seen: {string.Join(", ", rules)}.");
    }

    private static async Task<List<MeshReadinessFinding>> FindingsAsync(ClusterSession session, string place)
    {
        List<MeshReadinessFinding> found = [];
        await foreach (var item in new ReadinessReader(session).ReadAsync(new() { Selection = new() { Namespaces = [place] } }, Cancelled))
            found.Add(Assert.IsType<ReadEvent<MeshReadinessFinding>.Found>(item).Item);
        return found;
    }

    private async Task<SortedDictionary<string, string>> SpecsAsync(ScenarioNamespace shop)
    {
        SortedDictionary<string, string> specs = new(StringComparer.Ordinal);
        foreach (var (rule, _) in All) specs[rule] = Sorted((await shop.AppAsync("deployments", Name(rule)))["spec"]);
        return specs;
    }

    private async Task<string> SpecAsync(string path) => Sorted((await World.Api.GetAsync(path, Cancelled))["spec"]);

    // The order of fields says nothing: it is that in which they came.
    private static string Sorted(JsonNode? node) => node switch
    {
        JsonObject map => $"{{{string.Join(',', map.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => $"\"{field.Key}\":{Sorted(field.Value)}"))}}}",
        JsonArray list => $"[{string.Join(',', list.Select(item => Sorted(item)))}]",
        null => "null",
        _ => node.ToJsonString(),
    };
}
