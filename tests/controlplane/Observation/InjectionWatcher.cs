using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using MeshRoll.TestControlPlane.Api;

namespace MeshRoll.TestControlPlane.Observation;

/// <summary>
/// Watches over the injection of some namespaces, from outside: after every change of an injector webhook it works out by its own reading of the selectors how
/// many of them match, and all the time it asks the API server to create a pod without creating it (a dry run). What it saw that must not be is in <see cref="Wrongs"/>.
/// </summary>
public sealed class InjectionWatcher : IAsyncDisposable
{
    private static readonly string s_webhooks = ObjectPath.Collection("admissionregistration.k8s.io/v1", "mutatingwebhookconfigurations");

    private readonly KubeApi _api;
    private readonly IReadOnlyList<string> _namespaces;
    private readonly CancellationTokenSource _shutdown = new();
    private readonly ConcurrentQueue<string> _wrongs = [];
    private readonly ConcurrentDictionary<string, JsonObject> _configurations = new(StringComparer.Ordinal);
    private Task _running = Task.CompletedTask;
    private int _probes;
    private int _changes;

    private InjectionWatcher(KubeApi api, IReadOnlyList<string> namespaces) => (_api, _namespaces) = (api, namespaces);

    /// <summary>What was seen: pods that could not be created, webhooks that match together, sidecars that were injected twice or not at all.</summary>
    public IReadOnlyList<string> Wrongs => [.. _wrongs];

    /// <summary>How many pods were tried.</summary>
    public int Probes => Volatile.Read(ref _probes);

    /// <summary>How many changes of webhooks were looked at.</summary>
    public int Changes => Volatile.Read(ref _changes);

    /// <summary>Begins to watch.</summary>
    public static async Task<InjectionWatcher> StartAsync(KubeApi api, IReadOnlyList<string> namespaces, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(api);
        ArgumentNullException.ThrowIfNull(namespaces);
        var watcher = new InjectionWatcher(api, namespaces);
        var list = await api.ListAsync(s_webhooks, cancellation: cancellation);
        foreach (var configuration in list.Items) watcher._configurations[NameOf(configuration)] = configuration;
        await watcher.CountAsync(cancellation);
        watcher._running = Task.WhenAll(watcher.WatchAsync(list.ResourceVersion, watcher._shutdown.Token), watcher.ProbeAsync(watcher._shutdown.Token));
        return watcher;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _shutdown.CancelAsync();
        await _running;
        _shutdown.Dispose();
    }

    private static string NameOf(JsonObject item) => (string)item["metadata"]!["name"]!;

    private async Task WatchAsync(string version, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await foreach (var change in _api.WatchAsync(s_webhooks, version, cancellation: cancellation))
                {
                    version = (string)change.Body["metadata"]!["resourceVersion"]!;
                    if (change.Type is "ADDED" or "MODIFIED") _configurations[NameOf(change.Body)] = change.Body;
                    else if (change.Type == "DELETED") _configurations.TryRemove(NameOf(change.Body), out _);
                    Interlocked.Increment(ref _changes);
                    await CountAsync(cancellation);
                }
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task CountAsync(CancellationToken cancellation)
    {
        foreach (var name in _namespaces)
        {
            var found = await _api.GetAsync("/api/v1/namespaces/" + name, cancellation);
            var labels = found["metadata"]!["labels"]?.AsObject() ?? [];
            var matching = _configurations.Values.Where(configuration => configuration["webhooks"]!.AsArray().Any(webhook => Matches(webhook!, labels))).Select(NameOf).ToList();
            if (matching.Count > 1) _wrongs.Enqueue($"{name} is matched by {string.Join(" and ", matching)}");
        }
    }

    private static bool Matches(JsonNode webhook, JsonObject namespaceLabels) =>
        ((string)webhook["name"]!).EndsWith("sidecar-injector.istio.io", StringComparison.Ordinal) && Selects(webhook["namespaceSelector"], namespaceLabels) && Selects(webhook["objectSelector"], []);

    private static bool Selects(JsonNode? selector, JsonObject labels)
    {
        foreach (var (key, value) in selector?["matchLabels"]?.AsObject() ?? [])
        {
            if ((string?)labels[key] != (string?)value) return false;
        }
        foreach (var expression in selector?["matchExpressions"]?.AsArray() ?? [])
        {
            var value = (string?)labels[(string)expression!["key"]!];
            var isListed = value is not null && (expression["values"]?.AsArray().Any(one => (string?)one == value) ?? false);
            var holds = (string)expression["operator"]! switch
            {
                "In" => isListed,
                "NotIn" => !isListed,
                "Exists" => value is not null,
                _ => value is null,
            };
            if (!holds) return false;
        }
        return true;
    }

    private async Task ProbeAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            foreach (var name in _namespaces)
            {
                try
                {
                    var pod = await _api.CreateAsync(ObjectPath.Pods(name) + "?dryRun=All", Pod(name), cancellation);
                    var sidecars = pod["spec"]!["containers"]!.AsArray().Concat(pod["spec"]!["initContainers"]?.AsArray() ?? []).Count(container => (string?)container!["name"] == "istio-proxy");
                    if (sidecars != 1) _wrongs.Enqueue($"a pod in {name} would have {sidecars} sidecars");
                    Interlocked.Increment(ref _probes);
                }
                catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
                {
                    return;
                }
                catch (KubeApiException refused)
                {
                    _wrongs.Enqueue($"a pod in {name} could not be created: {refused.Message}");
                }
            }
            await Task.Delay(100, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static JsonObject Pod(string name) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Pod",
        ["metadata"] = new JsonObject { ["generateName"] = "injection-watch-", ["namespace"] = name },
        ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "app", ["image"] = "hub.example/app:1" }) },
    };
}
