using System.Text.Json.Nodes;
using MeshRoll.ClusterTests.World;
using MeshRoll.TestControlPlane.Workloads;

namespace MeshRoll.ClusterTests.Kubectl;

/// <summary>One story told to kubectl twice, on the real control plane and in the sandbox: what it prints must be the same.</summary>
public abstract class KubectlComparison(RealWorld real, EmbeddedWorld sandbox)
{
    /// <summary>How long two worlds may take to say the same: events, counts and endpoints come a moment after what they tell of.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static int _last;

    private readonly ClusterWorld[] _worlds = [real, sandbox];

    /// <summary>The namespace of this story, of the same name in both worlds.</summary>
    protected string Namespace { get; } = $"kubectl-{Interlocked.Increment(ref _last)}";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    protected Workload Workload(string name) => new(Namespace, name);

    /// <summary>Makes the namespace and objects in both worlds and waits until they are ready.</summary>
    protected Task BeginAsync(params JsonObject[] objects) => InBothAsync(async world =>
    {
        await world.Api.CreateNamespaceAsync(Namespace, cancellation: Cancelled);
        foreach (var body in objects) await world.Api.CreateAsync(body.DeepClone().AsObject(), Cancelled);
        await ReadyAsync(world);
    });

    /// <summary>Waits in both worlds until all workloads are ready.</summary>
    protected Task ReadyAsync() => InBothAsync(ReadyAsync);

    /// <summary>Waits in both worlds until an object is as wished; null is an object that is not there.</summary>
    protected Task WaitAsync(string path, Func<JsonObject?, bool> wished) =>
        InBothAsync(world => world.Api.WaitAsync(path, wished, TimeSpan.FromSeconds(30), Cancelled));

    /// <summary>
    /// Runs one kubectl command in the namespace of the story and asserts that both worlds answer the same. One that only reads is run again until they do, for
    /// a while.
    /// </summary>
    protected Task SameAsync(params string[] arguments) => SameAsync(text => text, arguments);

    /// <summary>The same, of that part of the output which <paramref name="part"/> picks.</summary>
    protected async Task SameAsync(Func<string, string> part, params string[] arguments)
    {
        var seen = await AskAsync(part, arguments);
        var began = TimeProvider.System.GetTimestamp();
        while (seen[0] != seen[1] && OnlyReads(arguments) && TimeProvider.System.GetElapsedTime(began) < Patience)
        {
            await Task.Delay(200, Cancelled);
            seen = await AskAsync(part, arguments);
        }
        AssertSame(arguments, seen);
    }

    /// <summary>Runs a kubectl command that watches, makes changes by other commands once it has begun, and asserts that it prints the same lines in both worlds.</summary>
    /// <param name="count">How many lines it has to print.</param>
    /// <param name="changes">The other commands, each with blanks between its words.</param>
    /// <param name="arguments">The command that watches.</param>
    protected async Task SameWatchAsync(int count, IReadOnlyList<string> changes, params string[] arguments)
    {
        var seen = new List<string>();
        foreach (var world in _worlds)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
            patience.CancelAfter(TimeSpan.FromSeconds(30));
            var lines = await world.Kubectl.FollowAsync([.. arguments, $"--namespace={Namespace}"], count, async () =>
            {
                foreach (var change in changes) await DoAsync(world, change.Split(' '));
            }, patience.Token);
            Assert.Equal(count, lines.Count);
            seen.Add(Normalised.Of(string.Join('\n', lines)));
        }
        AssertSame(arguments, seen);
    }

    /// <summary>Runs one command in both worlds that prepares what comes next.</summary>
    protected Task DoAsync(params string[] arguments) => InBothAsync(world => DoAsync(world, arguments));

    /// <summary>A file for kubectl; deleted with the test's folder.</summary>
    protected static string FileOf(JsonObject body)
    {
        var path = Path.Combine(Path.GetTempPath(), $"meshroll-{Guid.NewGuid():n}.json");
        File.WriteAllText(path, body.ToJsonString());
        return path;
    }

    private static bool OnlyReads(string[] arguments) => arguments is ["get" or "describe", ..] or ["rollout", "history", ..];

    private async Task<List<string>> AskAsync(Func<string, string> part, string[] arguments)
    {
        var seen = new List<string>();
        foreach (var world in _worlds)
        {
            var result = await world.KubectlAsync([.. arguments, $"--namespace={Namespace}"], Cancelled);
            var error = result.Error.Trim().Length == 0 ? "" : $"\nstderr: {Normalised.Of(result.Error)}";
            seen.Add($"{part(Normalised.Of(result.Output))}{error}\nexit code {result.ExitCode}".Trim());
        }
        return seen;
    }

    private static void AssertSame(string[] arguments, List<string> seen) =>
        Assert.True(seen[0] == seen[1], $"kubectl {string.Join(' ', arguments)}\n--- real\n{seen[0]}\n--- sandbox\n{seen[1]}\n");

    private async Task DoAsync(ClusterWorld world, string[] arguments)
    {
        var result = await world.KubectlAsync([.. arguments, $"--namespace={Namespace}"], Cancelled);
        Assert.True(result.ExitCode == 0, $"kubectl {string.Join(' ', arguments)}: {result.Error}");
    }

    private Task InBothAsync(Func<ClusterWorld, Task> work) => Task.WhenAll(_worlds.Select(work));

    private Task ReadyAsync(ClusterWorld world) => WorkloadReadiness.WaitAsync(world.Api, Namespace, TimeSpan.FromSeconds(60), Cancelled);
}
