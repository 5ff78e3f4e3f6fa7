using System.Text.Json.Nodes;
using MeshRoll.ClusterTests.World;
using MeshRoll.Core;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Rollouts.Verbs;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes;
using MeshRoll.TestControlPlane.Workloads;

namespace MeshRoll.ClusterTests.Verbs;

/// <summary>One workload twice, in two namespaces with the same past: kubectl does something to the one, MeshRoll to the other, and then both must be alike.</summary>
internal sealed class Twins(ClusterWorld world, ClusterSession session, string kind)
{
    private const string Name = "web";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static int _last;

    private readonly int _number = Interlocked.Increment(ref _last);

    /// <summary>As kubectl users write it.</summary>
    public string Short => $"{kind}/{Name}";

    /// <summary>What MeshRoll did last; null when it refused.</summary>
    public MeshRollout? Rollout { get; private set; }

    /// <summary>Why MeshRoll refused last; null when it did not.</summary>
    public MeshRollException? Refusal { get; private set; }

    private string Kubectls => $"verbs-{kind}-{_number}-kubectl";

    private string Ours => $"verbs-{kind}-{_number}-ours";

    private string Plural => kind switch { "deploy" => "deployments", "sts" => "statefulsets", _ => "daemonsets" };

    private WorkloadReference OurWorkload => new(Ours, kind switch { "deploy" => WorkloadKinds.Deployment, "sts" => WorkloadKinds.StatefulSet, _ => WorkloadKinds.DaemonSet }, Name);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Makes both, with two pods, a container app and an init container setup.</summary>
    public async Task CreateAsync(Func<Workload, Workload>? change = null)
    {
        foreach (var home in (string[])[Kubectls, Ours])
        {
            await world.Api.CreateNamespaceAsync(home, cancellation: Cancelled);
            var workload = (change ?? (same => same))(new Workload(home, Name) { Replicas = 2, InitImage = "hub.example/init:1" });
            await world.Api.CreateAsync(kind switch { "deploy" => workload.AsDeployment(), "sts" => workload.AsStatefulSet(), _ => workload.AsDaemonSet() }, Cancelled);
        }
        await ReadyAsync();
    }

    /// <summary>A piece of their past: the same command of kubectl in both, waited for.</summary>
    public async Task PastAsync(params string[] arguments)
    {
        foreach (var home in (string[])[Kubectls, Ours])
        {
            var result = await world.KubectlAsync([.. arguments, $"--namespace={home}"], Cancelled);
            Assert.True(result.ExitCode == 0, $"kubectl {string.Join(' ', arguments)}: {result.Error}");
        }
        await ReadyAsync();
    }

    /// <summary>kubectl does the one, MeshRoll the other; both succeed or both refuse, and the objects are alike.</summary>
    public async Task SameAsync(string[] kubectl, RolloutVerb ours)
    {
        var succeeded = await DoAsync(kubectl, ours);
        Assert.True(succeeded == (Refusal is null), $"kubectl {string.Join(' ', kubectl)} {(succeeded ? "succeeded" : "failed")}; MeshRoll: {Refusal?.Message ?? Rollout?.Message}");
        // Amid a rollout they may be alike by chance, and how often a controller scales what comes next depends on the moment.
        await ReadyAsync(unlessByHand: true);
        await AlikeAsync($"kubectl {string.Join(' ', kubectl)}");
    }

    /// <summary>The same where kubectl fails because all is as wished already, and MeshRoll says so.</summary>
    public async Task SameButKubectlFailsAsync(string[] kubectl, RolloutVerb ours)
    {
        Assert.False(await DoAsync(kubectl, ours));
        Assert.Equal(RolloutState.Skipped, Rollout?.State);
        await AlikeAsync($"kubectl {string.Join(' ', kubectl)}");
    }

    /// <summary>Either of the two, and then the pods are waited for.</summary>
    public async Task SameOneAfterTheOtherAsync(string[] kubectl, RolloutVerb ours)
    {
        var succeeded = await DoAsync(kubectl, ours);
        var isSame = succeeded ? Refusal is null : Refusal is not null || Rollout?.State == RolloutState.Skipped;
        Assert.True(isSame, $"kubectl {string.Join(' ', kubectl)} {(succeeded ? "succeeded" : "failed")}; MeshRoll: {Refusal?.Message ?? Rollout?.Message}");
        await ReadyAsync();
        await AlikeAsync($"kubectl {string.Join(' ', kubectl)}");
    }

    /// <summary>Whether the workload still is as it was, generation and all.</summary>
    public async Task<long> GenerationAsync() =>
        (long)(await world.Api.GetAsync($"/apis/apps/v1/namespaces/{Ours}/{Plural}/{Name}", Cancelled))["metadata"]!["generation"]!;

    /// <summary>kubectl's history of its workload and MeshRoll's of the other: number and change cause, a line for each.</summary>
    public async Task<(string Kubectls, string Ours)> HistoriesAsync()
    {
        var result = await world.KubectlAsync(["rollout", "history", Short, $"--namespace={Kubectls}"], Cancelled);
        var lines = result.Output.Split('\n').Select(line => line.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Where(parts => parts.Length == 2 && long.TryParse(parts[0], System.Globalization.CultureInfo.InvariantCulture, out _)).Select(parts => $"{parts[0]} {parts[1]}");

        var ours = new List<string>();
        await foreach (var happened in new HistoryReader(session).ReadAsync([OurWorkload], [], Cancelled))
        {
            var entry = Assert.IsType<ReadEvent<MeshRevisionEntry>.Found>(happened).Item;
            ours.Add($"{entry.Revision} {(entry.ChangeCause.Length == 0 ? "<none>" : entry.ChangeCause)}");
        }
        return (string.Join('\n', lines), string.Join('\n', ours));
    }

    /// <summary>MeshRoll's workload itself.</summary>
    public Task<JsonObject> OursAsync() => world.Api.GetAsync($"/apis/apps/v1/namespaces/{Ours}/{Plural}/{Name}", Cancelled);

    private async Task<bool> DoAsync(string[] kubectl, RolloutVerb ours)
    {
        var result = await world.KubectlAsync([.. kubectl, $"--namespace={Kubectls}"], Cancelled);
        (Rollout, Refusal) = (null, null);
        try
        {
            Rollout = await new VerbEngine(session).RunAsync(OurWorkload, ours, cancellationToken: Cancelled);
        }
        catch (MeshRollException refusal)
        {
            Refusal = refusal;
        }
        return result.ExitCode == 0;
    }

    // What the controllers make of it takes its time, in both alike.
    private async Task AlikeAsync(string what)
    {
        var until = DateTime.UtcNow + Patience;
        while (true)
        {
            var (kubectls, ours) = (await ReadAsync(Kubectls), await ReadAsync(Ours));
            if (kubectls is not null && kubectls == ours) return;

            Assert.True(DateTime.UtcNow < until, $"{what}\n--- kubectl\n{kubectls ?? "not at rest"}\n--- MeshRoll\n{ours ?? "not at rest"}");
            await Task.Delay(100, Cancelled);
        }
    }

    private async Task<string?> ReadAsync(string home) => await ComparedObjects.IsAtRestAsync(world.Api, home, Plural, Name, Cancelled)
        ? await ComparedObjects.ReadAsync(world.Api, home, Plural, Name, Cancelled)
        : null;

    private async Task ReadyAsync(bool unlessByHand = false)
    {
        foreach (var home in (string[])[Kubectls, Ours])
        {
            // A paused Deployment does not roll, so its pods are never all new; nor those that somebody has to delete by hand.
            var workload = await world.Api.GetAsync($"/apis/apps/v1/namespaces/{home}/{Plural}/{Name}", Cancelled);
            if ((bool?)workload["spec"]!["paused"] == true || (unlessByHand && (string?)workload["spec"]!["updateStrategy"]?["type"] == "OnDelete")) continue;
            await WorkloadReadiness.WaitAsync(world.Api, home, Patience, Cancelled);
        }
    }
}
