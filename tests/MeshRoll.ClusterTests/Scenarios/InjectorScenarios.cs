using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using MeshRoll.ClusterTests.World;
using MeshRoll.Core;
using MeshRoll.Core.ControlPlane.Injectors;
using MeshRoll.Core.ControlPlane.Injectors.Switching;
using MeshRoll.Kubernetes.Api;
using MeshRoll.TestControlPlane.Api;

namespace MeshRoll.ClusterTests.Scenarios;

public sealed class InjectorsOnARealControlPlane(RealWorld world) : InjectorScenarios(world);

public sealed class InjectorsInTheSandbox(EmbeddedWorld world) : InjectorScenarios(world);

/// <summary>Who injects is changed in all three ways and back, while pods are created without pause; and it is not changed when that would harm.</summary>
public abstract class InjectorScenarios(ClusterWorld world) : Scenario(world), IAsyncLifetime
{
    private const string Old = "default";
    private const string New = ClusterWorld.NewRevision;
    private const string OwnOfOld = "istio-sidecar-injector";
    private const string OwnOfNew = "istio-sidecar-injector-" + New;

    private static readonly string s_mutating = ObjectPath.Collection("admissionregistration.k8s.io/v1", "mutatingwebhookconfigurations");
    private static readonly string s_validating = ObjectPath.Collection("admissionregistration.k8s.io/v1", "validatingwebhookconfigurations");

    private readonly string _folder = Directory.CreateTempSubdirectory("meshroll-backups-").FullName;
    private readonly List<string> _said = [];
    private readonly List<string> _warned = [];
    private readonly Dictionary<string, JsonObject> _before = [];
    private bool _isKnown;

    // The world is shared: whatever a scenario leaves is put back.
    public async ValueTask InitializeAsync()
    {
        foreach (var path in (string[])[s_mutating, s_validating])
        {
            foreach (var item in (await World.Api.ListAsync(path, cancellation: Cancelled)).Items) _before[$"{path}/{(string)item["metadata"]!["name"]!}"] = item.DeepClone().AsObject();
        }
        _isKnown = true;
    }

    public async ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        // Skipped, or broken off before all of it was known.
        if (!_isKnown) return;
        foreach (var path in (string[])[s_mutating, s_validating])
        {
            foreach (var item in (await World.Api.ListAsync(path, cancellation: CancellationToken.None)).Items)
            {
                var own = $"{path}/{(string)item["metadata"]!["name"]!}";
                if (!_before.ContainsKey(own)) await World.Api.DeleteAsync(own, cancellation: CancellationToken.None);
            }
        }
        foreach (var (path, item) in _before)
        {
            var metadata = item["metadata"]!.AsObject();
            foreach (var name in (string[])["uid", "generation", "creationTimestamp", "managedFields"]) metadata.Remove(name);
            item["apiVersion"] = "admissionregistration.k8s.io/v1";
            item["kind"] = path.StartsWith(s_mutating, StringComparison.Ordinal) ? "MutatingWebhookConfiguration" : "ValidatingWebhookConfiguration";
            if (await World.Api.FindAsync(path, CancellationToken.None) is { } now)
            {
                metadata["resourceVersion"] = (string)now["metadata"]!["resourceVersion"]!;
                await World.Api.ReplaceAsync(path, item, CancellationToken.None);
            }
            else
            {
                metadata.Remove("resourceVersion");
                await World.Api.CreateAsync(item, CancellationToken.None);
            }
        }
        await WaitUntilInjectedByAsync("istio-system", Old, CancellationToken.None);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Switched_by_service_and_back_every_pod_is_injected_once_at_every_moment()
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "switchservice");
        await using var session = Open();
        await using var loop = await InjectionLoop.StartAsync(World.Api, shop.Name, Cancelled);

        var forth = await new InjectorEngine(session).SwitchAsync(new() { To = New }, Options(), Cancelled);
        await loop.UntilAsync(New, Cancelled);
        var back = await new InjectorEngine(session).SwitchAsync(new() { To = Old, Name = OwnOfOld }, Options(), Cancelled);
        await loop.UntilAsync(Old, Cancelled);

        Assert.Equal((SwitchWay.Service, Old, New, (bool?)true), (forth!.Way, forth.From, forth.To, forth.Verified));
        Assert.Contains(shop.Name, forth.Namespaces);
        Assert.Contains(forth.Changes, change => change is { Field: "webhooks[0].clientConfig.service.name", Before: "istiod", After: "istiod-" + New });
        Assert.Equal($"Switch-MeshInjector -To default -Name {OwnOfOld} -Cluster {session.Name}", forth.UndoCommand);
        Assert.True(File.Exists(forth.BackupPath));
        Assert.Equal((SwitchWay.Service, New, Old, (bool?)true), (back!.Way, back.From, back.To, back.Verified));
        Assert.Empty(loop.Wrong);
        Assert.Equal(2, loop.States);
        Assert.True(JsonNode.DeepEquals(_before[$"{s_mutating}/{OwnOfOld}"]["webhooks"], (await WebhookAsync(OwnOfOld))!["webhooks"]));
    }

    [Fact]
    public async Task A_tag_is_made_switched_and_removed_and_its_namespaces_follow()
    {
        const string Tag = "canary";
        var shop = await ScenarioNamespace.CreateAsync(World, "switchtag");
        await using var session = Open();
        var engine = new InjectorEngine(session);

        var made = await engine.SetTagAsync(Tag, Old, move: false, Options(), Cancelled);
        await WaitUntilInjectedByAsync(shop.Name, Old, Cancelled);
        var labelled = await engine.SetNamespacesAsync([shop.Name], new NamespaceWish.Tag(Tag), Options(), Cancelled);
        await using (var loop = await InjectionLoop.StartAsync(World.Api, shop.Name, Cancelled))
        {
            Assert.Equal("MeshRoll.TagExists", (await Assert.ThrowsAsync<InjectorRefusedException>(() => engine.SetTagAsync(Tag, New, move: false, Options(), Cancelled))).Id);
            var moved = await engine.SwitchAsync(new() { To = New, Tag = Tag }, Options(), Cancelled);
            await loop.UntilAsync(New, Cancelled);
            Assert.Equal((SwitchWay.Tag, Old, New, (bool?)true), (moved!.Way, moved.From, moved.To, moved.Verified));
            Assert.Contains(moved.Changes, change => change is { Field: "metadata.labels[istio.io/rev]", Before: Old, After: New });
            Assert.Equal([shop.Name], moved.Namespaces);
            Assert.Empty(loop.Wrong);
        }

        var refused = await Assert.ThrowsAsync<InjectorRefusedException>(() => engine.RemoveTagAsync(Tag, force: false, Options(), Cancelled));
        Assert.Equal("MeshRoll.TagInUse", refused.Id);
        Assert.Contains(shop.Name, refused.Message, StringComparison.Ordinal);
        var back = await engine.SetNamespacesAsync([shop.Name], new NamespaceWish.Enabled(), Options(), Cancelled);
        var removed = await engine.RemoveTagAsync(Tag, force: false, Options(), Cancelled);

        Assert.Equal($"Remove-MeshRevisionTag -Tag {Tag} -Cluster {session.Name}", made!.UndoCommand);
        Assert.Equal($"Set-MeshNamespaceRevision -Namespace {shop.Name} -Default -Cluster {session.Name}", labelled!.UndoCommand);
        Assert.Equal($"Set-MeshNamespaceRevision -Namespace {shop.Name} -Tag {Tag} -Cluster {session.Name}", back!.UndoCommand);
        Assert.True(removed!.Changed);
        Assert.Null(await WebhookAsync("istio-revision-tag-" + Tag));
        await WaitUntilInjectedByAsync(shop.Name, Old, Cancelled);
    }

    [Fact]
    public async Task Switched_by_label_only_the_namespaces_named_move()
    {
        var (one, two) = (await ScenarioNamespace.CreateAsync(World, "switchlabel"), await ScenarioNamespace.CreateAsync(World, "switchlabel"));
        await using var session = Open();

        var moved = await new InjectorEngine(session).SwitchAsync(new() { To = New, Namespaces = [one.Name] }, Options(), Cancelled);

        Assert.Equal((SwitchWay.Namespace, (bool?)true), (moved!.Way, moved.Verified));
        Assert.Equal([$"Namespace/{one.Name} metadata.labels.istio-injection: enabled -> (none)", $"Namespace/{one.Name} metadata.labels[istio.io/rev]: (none) -> {New}"],
            moved.Changes.Where(change => change.Field.Contains("istio", StringComparison.Ordinal)).Select(change => change.ToString()).Order(StringComparer.Ordinal));
        await WaitUntilInjectedByAsync(one.Name, New, Cancelled);
        await WaitUntilInjectedByAsync(two.Name, Old, Cancelled);
        var restored = await new InjectorEngine(session).RestoreAsync(moved.BackupPath!, force: false, Options(), Cancelled);
        Assert.True(restored!.Changed);
        await WaitUntilInjectedByAsync(one.Name, Old, Cancelled);
        Assert.Equal("enabled", (string?)(await World.Api.GetAsync("/api/v1/namespaces/" + one.Name, Cancelled))["metadata"]!["labels"]!["istio-injection"]);
    }

    /// <summary>Killed after each write, and finished by the same command; then back the same way.</summary>
    [Fact]
    public async Task The_tag_default_takes_over_and_gives_back_though_killed_after_every_write_and_no_pod_notices()
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "switchdefault");
        await using var session = Open();
        var engine = new InjectorEngine(session);
        await using var loop = await InjectionLoop.StartAsync(World.Api, shop.Name, Cancelled);

        for (var write = 1; write <= 4; write++)
        {
            await Assert.ThrowsAsync<KilledException>(() => engine.SetTagAsync(Old, New, move: false, KilledAfter(write), Cancelled));
            var done = await engine.SetTagAsync(Old, New, move: false, Options(), Cancelled);
            Assert.True(done!.Verified ?? !done.Changed, done.Message);
            await loop.UntilAsync(New, Cancelled);
            Assert.Contains((await InjectorsAsync(session)).Where(injector => injector.Health == InjectorHealth.Inactive), injector => injector.Name == OwnOfOld);

            await Assert.ThrowsAsync<KilledException>(() => engine.RemoveTagAsync(Old, force: false, KilledAfter(write), Cancelled));
            if (write < 4) Assert.True((await engine.RemoveTagAsync(Old, force: false, Options(), Cancelled))!.Changed);
            else Assert.Equal("MeshRoll.TagNotFound", (await Assert.ThrowsAsync<InjectorRefusedException>(() => engine.RemoveTagAsync(Old, force: false, Options(), Cancelled))).Id);
            await loop.UntilAsync(Old, Cancelled);
        }

        Assert.True(JsonNode.DeepEquals(_before[$"{s_mutating}/{OwnOfOld}"]["webhooks"], (await WebhookAsync(OwnOfOld))!["webhooks"]));
        Assert.Null((await WebhookAsync(OwnOfOld))!["metadata"]!["annotations"]?["meshroll.io/selectors"]);
        Assert.Empty(loop.Wrong);
        Assert.True(loop.States >= 20, $"{loop.States} states");
    }

    [Fact]
    public async Task A_backup_brings_deleted_webhooks_back_as_they_were_by_the_word_of_kubectl()
    {
        await using var session = Open();
        var engine = new InjectorEngine(session);
        var backup = await engine.BackupAsync([], Options(), Cancelled);
        await World.Api.DeleteAsync($"{s_mutating}/{OwnOfNew}", cancellation: Cancelled);
        await World.Api.PatchAsync($"{s_mutating}/{OwnOfOld}", new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["release"] = "another" } } }, KubeApi.Merge, Cancelled);
        Assert.NotEqual(0, (await World.KubectlAsync(["diff", "-f", backup!.Path], Cancelled)).ExitCode);

        var restored = await engine.RestoreAsync(backup.Path, force: false, Options(), Cancelled);

        var diff = await World.KubectlAsync(["diff", "-f", backup.Path], Cancelled);
        Assert.True(diff.ExitCode == 0, diff.Output + diff.Error);
        Assert.Equal([$"MutatingWebhookConfiguration/{OwnOfOld} metadata.labels.release: another -> istio", $"MutatingWebhookConfiguration/{OwnOfNew} created"],
            restored!.Changes.Select(change => change.ToString()).Order(StringComparer.Ordinal));
        Assert.False((await engine.RestoreAsync(backup.Path, force: false, Options(), Cancelled))!.Changed);
        var applied = await World.KubectlAsync(["apply", "-f", backup.Path], Cancelled);
        Assert.True(applied.ExitCode == 0, applied.Error);
    }

    [Fact]
    public async Task Killed_between_two_objects_the_same_command_finishes_what_is_left()
    {
        var (one, two) = (await ScenarioNamespace.CreateAsync(World, "switchkilled"), await ScenarioNamespace.CreateAsync(World, "switchkilled"));
        await using var session = Open();
        var engine = new InjectorEngine(session);
        var request = new SwitchRequest { To = New, Namespaces = [one.Name, two.Name] };

        await Assert.ThrowsAsync<KilledException>(() => engine.SwitchAsync(request, KilledAfter(1), Cancelled));
        await WaitUntilInjectedByAsync(one.Name, New, Cancelled);
        await WaitUntilInjectedByAsync(two.Name, Old, Cancelled);
        Assert.Equal(two.Name, Assert.Single((await engine.SwitchAsync(request, Options(), Cancelled))!.Changes.Select(change => change.Object.Split('/')[1]).Distinct()));

        var backup = await engine.BackupAsync([], Options(), Cancelled);
        foreach (var name in (string[])[OwnOfOld, OwnOfNew]) await World.Api.DeleteAsync($"{s_mutating}/{name}", cancellation: Cancelled);
        await Assert.ThrowsAsync<KilledException>(() => engine.RestoreAsync(backup!.Path, force: false, KilledAfter(1), Cancelled));
        Assert.Single((await engine.RestoreAsync(backup!.Path, force: false, Options(), Cancelled))!.Changes);
        await WaitUntilInjectedByAsync(two.Name, New, Cancelled);
    }

    [Fact]
    public async Task What_somebody_else_changed_meanwhile_is_a_conflict_and_stays()
    {
        await using var session = Open();
        var options = Options() with
        {
            Approve = async (_, _) =>
            {
                await World.Api.PatchAsync($"{s_mutating}/{OwnOfOld}", new JsonArray(new JsonObject { ["op"] = "replace", ["path"] = "/webhooks/0/clientConfig/service/name", ["value"] = "istiod-" + New }), KubeApi.JsonPatch, Cancelled);
                return true;
            },
        };

        var refused = await Assert.ThrowsAsync<InjectorRefusedException>(() => new InjectorEngine(session).SwitchAsync(new() { To = New, Name = OwnOfOld }, options, Cancelled));

        Assert.Equal("MeshRoll.Conflict", refused.Id);
        var webhooks = (await WebhookAsync(OwnOfOld))!["webhooks"]!.AsArray();
        Assert.Equal(["istiod-" + New, "istiod"], webhooks.Take(2).Select(webhook => (string)webhook!["clientConfig"]!["service"]!["name"]!));
    }

    [Fact]
    public async Task With_a_wrong_authority_in_the_targets_own_webhook_nothing_is_changed()
    {
        await DistrustAsync(OwnOfNew);
        await AssertNothingChangedAsync("MeshRoll.TargetRefuses", "certificate");
    }

    [Fact]
    public async Task Where_only_the_change_itself_shows_that_no_pod_can_be_created_it_is_taken_back()
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "switchback");
        // Without injection in istiod's namespace the target cannot be tried beforehand.
        await World.Api.LabelAsync("/api/v1/namespaces/istio-system", new Dictionary<string, string?> { ["istio-injection"] = "disabled" }, Cancelled);
        try
        {
            await DistrustAsync(OwnOfNew);
            await AssertNothingChangedAsync("MeshRoll.InjectionFailed", "taken back");
            await WaitUntilInjectedByAsync(shop.Name, Old, Cancelled);
        }
        finally
        {
            await World.Api.LabelAsync("/api/v1/namespaces/istio-system", new Dictionary<string, string?> { ["istio-injection"] = null }, CancellationToken.None);
        }
    }

    [Fact]
    public async Task To_an_istiod_that_is_not_ready_nothing_is_switched()
    {
        var path = $"/apis/apps/v1/namespaces/istio-system/deployments/istiod-{New}";
        await World.Api.PatchAsync(path, new JsonObject { ["spec"] = new JsonObject { ["replicas"] = 0 } }, KubeApi.Merge, Cancelled);
        try
        {
            await World.Api.WaitAsync($"/api/v1/namespaces/istio-system/endpoints/istiod-{New}", found => found?["subsets"] is not JsonArray { Count: > 0 }, TimeSpan.FromSeconds(30), Cancelled);
            await AssertNothingChangedAsync("MeshRoll.TargetNotReady", $"istiod-{New}");
            await using var session = Open();
            var own = Assert.Single(await InjectorsAsync(session), injector => injector.Name == OwnOfNew);
            Assert.Equal((InjectorHealth.Broken, (bool?)false, 0), (own.Health, own.Ready, own.Endpoints));
        }
        finally
        {
            await World.Api.PatchAsync(path, new JsonObject { ["spec"] = new JsonObject { ["replicas"] = 1 } }, KubeApi.Merge, CancellationToken.None);
            await World.Api.WaitAsync($"/api/v1/namespaces/istio-system/endpoints/istiod-{New}", found => found?["subsets"]?[0]?["addresses"] is JsonArray { Count: > 0 }, TimeSpan.FromSeconds(30), CancellationToken.None);
        }
    }

    [Fact]
    public async Task To_a_revision_that_is_not_there_those_that_are_are_named() => await AssertNothingChangedAsync("MeshRoll.RevisionNotFound", $"{New}, {Old}", "9-9-9");

    [Fact]
    public async Task Without_the_right_to_patch_the_right_is_named_and_nothing_is_changed()
    {
        var user = World.CreateUser("default");
        await World.Api.GrantAsync(user.Name, null,
            [new("admissionregistration.k8s.io", ["mutatingwebhookconfigurations"], ["get", "list"]), new("", ["namespaces", "services", "endpoints"], ["get", "list"]), new("apps", ["deployments"], ["get", "list"])], Cancelled);
        await using var session = Open(user.KubeConfigPath);

        var refused = await Assert.ThrowsAsync<ApiException>(() => new InjectorEngine(session).SwitchAsync(new() { To = New, Name = OwnOfOld }, Options(), Cancelled));

        Assert.Equal((HttpStatusCode.Forbidden, "patch", "mutatingwebhookconfigurations.admissionregistration.k8s.io"), (refused.Code, refused.Request.Verb, refused.Request.Resource));
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
        Assert.Equal(2, (await InjectorsAsync(session)).Count(injector => injector is { Ready: true, Health: InjectorHealth.Healthy }));
    }

    [Fact]
    public async Task Without_the_right_to_look_at_istiod_that_is_unknown_and_nothing_is_switched()
    {
        var user = World.CreateUser("default");
        await World.Api.GrantAsync(user.Name, null, [new("admissionregistration.k8s.io", ["mutatingwebhookconfigurations"], ["get", "list", "patch"])], Cancelled);
        await using var session = Open(user.KubeConfigPath);

        var injector = Assert.Single(await InjectorsAsync(session), injector => injector.Name == OwnOfNew);
        var refused = await Assert.ThrowsAsync<InjectorRefusedException>(() => new InjectorEngine(session).SwitchAsync(new() { To = New, Name = OwnOfOld }, Options(), Cancelled));

        Assert.Equal((InjectorHealth.Unknown, (bool?)null), (injector.Health, injector.Ready));
        Assert.Null(injector.Namespaces);
        Assert.Equal("MeshRoll.TargetUnknown", refused.Id);
        Assert.Contains("endpoints", refused.Message, StringComparison.Ordinal);
    }

    private InjectorChangeOptions Options() => new()
    {
        BackupPath = _folder,
        Say = text => Add(_said, text),
        Warn = text => Add(_warned, text),
        TrialPatience = TimeSpan.FromSeconds(5),
    };

    private static ValueTask Add(List<string> list, string text)
    {
        list.Add(text);
        return ValueTask.CompletedTask;
    }

    private InjectorChangeOptions KilledAfter(int write) => Options() with
    {
        Say = text => text.StartsWith($"Written ({write} of ", StringComparison.Ordinal) ? throw new KilledException() : ValueTask.CompletedTask,
    };

    private async Task AssertNothingChangedAsync(string id, string names, string to = New)
    {
        await using var session = Open();
        var before = (await WebhookAsync(OwnOfOld))!["webhooks"];
        var refused = await Assert.ThrowsAsync<InjectorRefusedException>(() => new InjectorEngine(session).SwitchAsync(new() { To = to, Name = OwnOfOld }, Options(), Cancelled));
        Assert.Equal(id, refused.Id);
        Assert.Contains(names, refused.Message, StringComparison.Ordinal);
        Assert.True(JsonNode.DeepEquals(before, (await WebhookAsync(OwnOfOld))!["webhooks"]));
    }

    /// <summary>Has a webhook trust an authority that nobody is signed by.</summary>
    private async Task DistrustAsync(string webhook)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var authority = new CertificateRequest("CN=somebody else", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var bundle = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(authority.ExportCertificatePem()));
        var entries = (await WebhookAsync(webhook))!["webhooks"]!.AsArray();
        await World.Api.PatchAsync($"{s_mutating}/{webhook}", new JsonArray([.. entries.Select((_, index) => new JsonObject { ["op"] = "replace", ["path"] = $"/webhooks/{index}/clientConfig/caBundle", ["value"] = bundle })]), KubeApi.JsonPatch, Cancelled);
        for (var tries = 0; tries < 100; tries++)
        {
            var trial = await TryAsync("istio-system", New);
            if (trial is "blocked" or "none") return;
            await Task.Delay(50, Cancelled);
        }
    }

    private Task<JsonObject?> WebhookAsync(string name) => World.Api.FindAsync($"{s_mutating}/{name}", Cancelled);

    private async Task WaitUntilInjectedByAsync(string @namespace, string revision, CancellationToken cancellation)
    {
        var seen = "";
        for (var tries = 0; tries < 200; tries++)
        {
            seen = await TryAsync(@namespace, @namespace == "istio-system" ? revision : null);
            if (seen == revision) return;
            await Task.Delay(50, cancellation);
        }
        Assert.Fail($"{@namespace} is injected by {seen} and not by {revision}");
    }

    private async Task<string> TryAsync(string @namespace, string? label)
    {
        JsonObject pod = new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = new JsonObject { ["generateName"] = "tried-", ["namespace"] = @namespace, ["labels"] = label is null ? null : new JsonObject { ["istio.io/rev"] = label } },
            ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "app", ["image"] = "app" }) },
        };
        try
        {
            var made = await World.Api.CreateAsync(ObjectPath.Pods(@namespace) + "?dryRun=All", pod, CancellationToken.None);
            return (string?)made["metadata"]!["annotations"]?["sidecar.istio.io/status"] is { } status ? (string)JsonNode.Parse(status)!["revision"]! : "none";
        }
        catch (KubeApiException)
        {
            return "blocked";
        }
    }

    private static async Task<List<MeshInjector>> InjectorsAsync(ClusterSession session)
    {
        List<MeshInjector> found = [];
        await foreach (var happening in new InjectorReader(session).ReadAsync(Cancelled))
        {
            if (happening is ReadEvent<MeshInjector>.Found(var injector)) found.Add(injector);
        }
        return found;
    }

    /// <summary>The process is gone: nothing that belongs to it runs any more.</summary>
    private sealed class KilledException : Exception;
}
