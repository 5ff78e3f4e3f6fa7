using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using MeshRoll.TestControlPlane.Api;

namespace MeshRoll.ClusterTests.World;

/// <summary>
/// Sees to it from outside that the pods of a namespace are injected once at every moment. It creates pods without pause, as dry runs, which take the same way
/// through admission; and it plays each state that the webhooks go through, as a watch tells them, the way the API server calls them: by name, each with the
/// labels that the one before left.
/// </summary>
public sealed class InjectionLoop : IAsyncDisposable
{
    private const string Injected = "security.istio.io/tlsMode";
    private static readonly string s_webhooks = ObjectPath.Collection("admissionregistration.k8s.io/v1", "mutatingwebhookconfigurations");

    private readonly CancellationTokenSource _enough = new();
    private readonly ConcurrentQueue<string> _wrong = [];
    private readonly ConcurrentDictionary<string, int> _revisions = new();
    private readonly SortedDictionary<string, JsonObject> _configurations = new(StringComparer.Ordinal);
    private readonly KubeApi _api;
    private readonly string _namespace;
    private Task _running = Task.CompletedTask;

    private InjectionLoop(KubeApi api, string @namespace) => (_api, _namespace) = (api, @namespace);

    /// <summary>Whatever was not one injection: blocked, none, two.</summary>
    public IReadOnlyCollection<string> Wrong => _wrong;

    /// <summary>How many states of webhooks were played.</summary>
    public int States { get; private set; }

    /// <summary>Begins.</summary>
    public static async Task<InjectionLoop> StartAsync(KubeApi api, string @namespace, CancellationToken cancellation)
    {
        var loop = new InjectionLoop(api, @namespace);
        var list = await api.ListAsync(s_webhooks, cancellation: cancellation);
        foreach (var configuration in list.Items) loop._configurations[NameOf(configuration)] = configuration;
        loop._running = Task.WhenAll(Task.Run(() => loop.WatchAsync(list.ResourceVersion), cancellation), Task.Run(loop.CreateAsync, cancellation), Task.Run(loop.CreateAsync, cancellation));
        return loop;
    }

    public async ValueTask DisposeAsync()
    {
        await _enough.CancelAsync();
        await _running;
        _enough.Dispose();
    }

    /// <summary>Waits until a revision has injected ten more pods, and no other ten in between.</summary>
    public async Task UntilAsync(string revision, CancellationToken cancellation)
    {
        _revisions.Clear();
        for (var tries = 0; _revisions.GetValueOrDefault(revision) < 10; tries++)
        {
            Assert.True(tries < 400, $"{revision} does not inject; {string.Join(", ", _revisions)}; {string.Join("; ", _wrong.Take(3))}");
            await Task.Delay(25, cancellation);
        }
    }

    private static string NameOf(JsonObject item) => (string)item["metadata"]!["name"]!;

    private async Task CreateAsync()
    {
        JsonObject pod = new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = new JsonObject { ["generateName"] = "tried-", ["namespace"] = _namespace },
            ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "app", ["image"] = "app" }) },
        };
        while (!_enough.IsCancellationRequested)
        {
            try
            {
                var made = await _api.CreateAsync(ObjectPath.Pods(_namespace) + "?dryRun=All", pod, CancellationToken.None);
                var proxies = made["spec"]!["containers"]!.AsArray().Count(container => (string?)container!["name"] == "istio-proxy");
                if (proxies != 1 || (string?)made["metadata"]!["annotations"]?["sidecar.istio.io/status"] is not { } status) _wrong.Enqueue($"a pod with {proxies} proxies");
                else _revisions.AddOrUpdate((string)JsonNode.Parse(status)!["revision"]!, 1, (_, count) => count + 1);
            }
            catch (KubeApiException blocked)
            {
                _wrong.Enqueue(blocked.Message);
            }
        }
    }

    private async Task WatchAsync(string version)
    {
        var home = (await _api.GetAsync("/api/v1/namespaces/" + _namespace, CancellationToken.None))["metadata"]!["labels"]!.AsObject();
        try
        {
            await foreach (var change in _api.WatchAsync(s_webhooks, version, cancellation: _enough.Token))
            {
                if (change.Type == "DELETED") _configurations.Remove(NameOf(change.Body));
                else if (change.Type is "ADDED" or "MODIFIED") _configurations[NameOf(change.Body)] = change.Body;
                else continue;
                States++;
                var times = Play(home);
                if (times != 1) _wrong.Enqueue($"after a change of {NameOf(change.Body)} a pod is injected {times} times");
            }
        }
        catch (OperationCanceledException) when (_enough.IsCancellationRequested)
        {
            // Enough.
        }
    }

    private int Play(JsonObject home)
    {
        JsonObject pod = [];
        var times = 0;
        foreach (var webhook in _configurations.Values.SelectMany(configuration => configuration["webhooks"]!.AsArray()))
        {
            if (!((string)webhook!["name"]!).EndsWith("sidecar-injector.istio.io", StringComparison.Ordinal) || !Selects(webhook["namespaceSelector"], home) || !Selects(webhook["objectSelector"], pod)) continue;
            times++;
            pod[Injected] = "istio";
        }
        return times;
    }

    private static bool Selects(JsonNode? selector, JsonObject labels) =>
        (selector?["matchLabels"]?.AsObject() ?? []).All(wanted => (string?)labels[wanted.Key] == (string?)wanted.Value)
        && (selector?["matchExpressions"]?.AsArray() ?? []).All(requirement =>
        {
            var value = (string?)labels[(string)requirement!["key"]!];
            var isListed = value is not null && requirement["values"]?.AsArray().Any(one => (string?)one == value) == true;
            return (string)requirement["operator"]! switch { "In" => isListed, "NotIn" => !isListed, "Exists" => value is not null, _ => value is null };
        });
}
