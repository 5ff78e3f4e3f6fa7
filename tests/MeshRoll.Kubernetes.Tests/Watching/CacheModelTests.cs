using System.Net;
using MeshRoll.Kubernetes.Models;
using MeshRoll.Kubernetes.Watching;

namespace MeshRoll.Kubernetes.Tests.Watching;

/// <summary>Whatever happens to the server and to the watches, every reader ends with what the server has, and hears a story that makes sense.</summary>
public sealed class CacheModelTests
{
    private static readonly string[] Names = ["a", "b", "c", "d"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task Readers_of_any_speed_end_with_the_servers_state(int seed)
    {
        var random = new Random(seed);
        await using var world = new World();
        foreach (var name in Names) world.Cluster.Put(name, uid: $"{name}-0");
        var lease = await world.JoinAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var stories = Enumerable.Range(0, 6).Select(i => new Story(lease, i % 3 == 2 ? "a" : null, pause: i % 2 == 0 ? 0 : i * 2, stop.Token)).ToArray();

        for (var i = 0; i < 150; i++)
        {
            Happen(world, random, i);
            if (random.Next(4) == 0) await Task.Yield();
            if (random.Next(10) == 0) world.Cluster.Time.Advance(TimeSpan.FromSeconds(random.Next(1, 4)));
        }
        world.Cluster.Refuse(null);
        world.Cluster.EndWatches();
        world.Cluster.Put("end", uid: "end");

        var told = Task.WhenAll(stories.Where(story => story.Only is null).Select(story => story.HasHeardOf("end")));
        await world.PassingTimeAsync(Completed(told));
        var expected = world.Cluster.Pods.ToDictionary(pod => pod.Name, pod => (pod.Uid, pod.Version));
        Assert.Equivalent(expected, lease.Snapshot().ToDictionary(pod => pod.Metadata.Name, pod => (pod.Metadata.Uid, pod.Metadata.ResourceVersion)), strict: true);
        foreach (var story in stories)
        {
            await world.PassingTimeAsync(Completed(story.Until(known => known.ToHashSet().SetEquals(expected.Where(pod => story.Only is null || pod.Key == story.Only)))));
            Assert.Empty(story.Complaints);
        }

        await stop.CancelAsync();
        await lease.DisposeAsync();
    }

    private static void Happen(World world, Random random, int i)
    {
        var name = Names[random.Next(Names.Length)];
        switch (random.Next(20))
        {
            case < 8: world.Cluster.Put(name, $"Phase{i}"); break;
            case < 11: world.Cluster.Delete(name); break;
            case < 14:
                world.Cluster.Delete(name);
                world.Cluster.Put(name, $"Phase{i}", uid: $"{name}-{i}");
                break;
            case 14: world.Cluster.Bookmark(); break;
            case 15: world.Cluster.EndWatches(); break;
            case 16: world.Cluster.CutWatches(); break;
            case 17:
                world.Cluster.Compact();
                world.Cluster.FailWatches(HttpStatusCode.Gone, "Expired");
                break;
            case 18:
                world.Cluster.StopWatching();
                world.Cluster.Compact();
                world.Cluster.EndWatches();
                break;
            default: world.Cluster.Refuse(random.Next(2) == 0 ? HttpStatusCode.ServiceUnavailable : null); break;
        }
    }

    private static async Task<bool> Completed(Task task)
    {
        await task;
        return true;
    }

    /// <summary>What one reader was told, and whether it makes sense.</summary>
    private sealed class Story
    {
        private readonly object _lock = new();
        private readonly Dictionary<string, (string Uid, string Version)> _known = [];
        private readonly List<string> _complaints = [];
        private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Story(CacheLease<Pod> lease, string? only, int pause, CancellationToken cancellationToken)
        {
            Only = only;
            _ = Task.Run(() => ListenAsync(lease, pause, cancellationToken), cancellationToken);
        }

        public string? Only { get; }

        public IReadOnlyList<string> Complaints
        {
            get
            {
                lock (_lock) return [.. _complaints];
            }
        }

        public Task HasHeardOf(string name) => Until(known => known.ContainsKey(name));

        public async Task Until(Func<Dictionary<string, (string Uid, string Version)>, bool> condition)
        {
            while (true)
            {
                Task changed;
                lock (_lock)
                {
                    if (condition(_known)) return;
                    changed = _changed.Task;
                }
                await changed.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            }
        }

        private async Task ListenAsync(CacheLease<Pod> lease, int pause, CancellationToken cancellationToken)
        {
            var synced = false;
            await foreach (var news in Only is null ? lease.ReadAsync(cancellationToken) : lease.ReadAsync("shop", Only, cancellationToken))
            {
                lock (_lock)
                {
                    if (news.Type == CacheEventType.Synced && synced) _complaints.Add("Synced twice");
                    synced |= news.Type == CacheEventType.Synced;
                    if (news.Item is { } pod) Hear(news.Type, pod);
                    _changed.TrySetResult();
                    _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
                }
                if (pause > 0) await Task.Delay(pause, cancellationToken);
            }
        }

        private void Hear(CacheEventType type, Pod pod)
        {
            var (name, uid, version) = (pod.Metadata.Name, pod.Metadata.Uid, pod.Metadata.ResourceVersion);
            var isKnown = _known.TryGetValue(name, out var before);
            if (Only is not null && name != Only) _complaints.Add($"{name} is none of my business");
            if (type == CacheEventType.Added == isKnown) _complaints.Add($"{type} {name}, known: {isKnown}");
            if (isKnown && before.Uid != uid) _complaints.Add($"{type} {name} of uid {uid}, known as {before.Uid}");
            if (isKnown && type == CacheEventType.Modified && long.Parse(before.Version) >= long.Parse(version)) _complaints.Add($"{name} went back in time");
            if (type == CacheEventType.Deleted) _known.Remove(name);
            else _known[name] = (uid, version);
        }
    }
}
