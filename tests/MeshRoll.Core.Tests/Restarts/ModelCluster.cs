using System.Collections.Concurrent;
using MeshRoll.Core.Restarts;
using MeshRoll.Core.Tests.Builders;
using MeshRoll.Core.Tests.Rollouts;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;
using MeshRoll.Kubernetes.Tests.Builders;

namespace MeshRoll.Core.Tests.Restarts;

/// <summary>
/// Deployments on a server in memory, whose controller the test plays: each patched Deployment moves until the test ends it. Counts on its own how many
/// move at a time.
/// </summary>
internal sealed class ModelCluster : IAsyncDisposable
{
    private readonly object _gate = new();
    private readonly HashSet<string> _moving = [];
    private readonly CancellationTokenSource _patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly ConcurrentQueue<RestartEvent> _events = new();
    private Task _reading = Task.CompletedTask;

    public ModelCluster(int deployments, string sidecar = "1.7.8")
    {
        _patience.CancelAfter(TimeSpan.FromSeconds(30));
        Session = Server.Session(Time);
        Names = [.. Enumerable.Range(0, deployments).Select(number => $"web{number}")];
        foreach (var name in Names)
        {
            Server.Put(Resources.Deployments, Some.Deployment(replicas: 1, generation: 1, name: name));
            PutPod(name, "old", sidecar);
        }
        Server.Patched = (_, name) =>
        {
            lock (_gate)
            {
                Patched.Add(name);
                _moving.Add(name);
                MostMoving = Math.Max(MostMoving, _moving.Count);
            }
            return Task.CompletedTask;
        };
    }

    public LiveApiServer Server { get; } = new();

    public ManualTimeProvider Time { get; } = new();

    public ClusterSession Session { get; }

    public IReadOnlyList<string> Names { get; }

    /// <summary>The Deployments in the order in which they were patched.</summary>
    public List<string> Patched { get; } = [];

    public int MostMoving { get; private set; }

    public IReadOnlyList<RestartEvent> Events => [.. _events];

    public bool IsEnded => _reading.IsCompleted;

    public Task Reading => _reading;

    /// <summary>All Deployments as targets that should carry 1.11.8.</summary>
    public IReadOnlyList<RestartTarget> Targets => [.. Names.Select(name => new RestartTarget(new("shop", "Deployment", name), "1.11.8"))];

    /// <summary>Runs the engine and collects its events.</summary>
    public void Run(RestartOptions options, IReadOnlyList<RestartTarget>? targets = null, CancellationToken? cancellation = null)
    {
        var events = new RestartEngine(Session).RunAsync(targets ?? Targets, options, cancellation ?? _patience.Token);
        _reading = Task.Run(async () =>
        {
            await foreach (var news in events) _events.Enqueue(news);
        });
    }

    /// <summary>The controller is done with a Deployment: its pod is new and carries this sidecar.</summary>
    public void Succeed(string name, string sidecar = "1.11.8")
    {
        Leave(name);
        PutPod(name, "new", sidecar);
        Server.Delete(Resources.Pods, $"{name}-old");
        Update(name, conditions: []);
    }

    /// <summary>The controller gives a Deployment up.</summary>
    public void Fail(string name)
    {
        Leave(name);
        Update(name, [Some.DeadlineExceeded(Time.GetUtcNow())]);
    }

    /// <summary>Waits until so many were patched.</summary>
    public Task PatchedAsync(int count) => Following.EventuallyAsync(() =>
    {
        lock (_gate) return Patched.Count >= count;
    }, () => $"{Patched.Count} patched; {string.Join("; ", Events)}");

    public Task EventuallyAsync(Func<IReadOnlyList<RestartEvent>, bool> condition) => Following.EventuallyAsync(() => condition(Events), () => string.Join("; ", Events));

    public async ValueTask DisposeAsync()
    {
        await _patience.CancelAsync();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Session.DisposeAsync();
        _patience.Dispose();
    }

    private void Leave(string name)
    {
        lock (_gate) _moving.Remove(name);
    }

    private void Update(string name, IReadOnlyList<Condition> conditions)
    {
        var found = Server.Get(Resources.Deployments, name);
        Server.Put(Resources.Deployments, found with { Status = found.Status with { ObservedGeneration = found.Metadata.Generation, Conditions = conditions } });
    }

    private void PutPod(string name, string hash, string sidecar)
    {
        var restart = Server.Get(Resources.Deployments, name).Spec.Template.Metadata.Annotations;
        var pod = Some.Injected($"{name}-{hash}", sidecar, hash);
        Server.Put(Resources.Pods, pod with
        {
            Metadata = pod.Metadata with { Annotations = restart, OwnerReferences = [new() { ApiVersion = "apps/v1", Kind = "ReplicaSet", Name = $"{name}-{hash}", Controller = true }] },
        });
    }
}
