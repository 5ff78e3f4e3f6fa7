using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using MeshRoll.TestControlPlane.Api;

namespace MeshRoll.TestControlPlane.Kubelet;

/// <summary>
/// Plays the kubelet of several nodes: pods that the scheduler binds become ready after a delay, or fail as their
/// annotations say (<see cref="PodFaults"/>), and deleted pods go away. Nothing runs; only statuses and events are written.
/// </summary>
public sealed class FakeKubelet : IAsyncDisposable
{
    private const string BoundPods = "fieldSelector=spec.nodeName%21%3D";

    private static readonly string AllPods = ObjectPath.Pods();

    private readonly KubeApi _api;
    private readonly FakeKubeletOptions _options;
    private readonly PodWriter _writer;
    private readonly CancellationTokenSource _shutdown = new();
    private readonly Dictionary<string, PodLife> _pods = [];
    private readonly ConcurrentQueue<Exception> _failures = new();
    private int _addresses;
    private Task _watching = Task.CompletedTask;

    private FakeKubelet(KubeApi api, FakeKubeletOptions options)
    {
        _api = api;
        _options = options;
        _writer = new PodWriter(api, options.Parallelism);
    }

    /// <summary>Where its nodes pull images from.</summary>
    public ImageRegistry Images { get; } = new();

    /// <summary>What went wrong in the kubelet itself; empty as long as the fixture can be trusted.</summary>
    public IReadOnlyCollection<Exception> Failures => _failures;

    /// <summary>Registers the nodes and begins to look after their pods. Dispose it before the control plane.</summary>
    public static async Task<FakeKubelet> StartAsync(ControlPlane controlPlane, FakeKubeletOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(controlPlane);
        var kubelet = new FakeKubelet(controlPlane.CreateApi(controlPlane.AdminToken), options ?? new FakeKubeletOptions());
        try
        {
            await kubelet.RegisterNodesAsync(cancellation);
        }
        catch
        {
            await kubelet.DisposeAsync();
            throw;
        }

        kubelet._watching = kubelet.WatchAsync(kubelet._shutdown.Token);
        return kubelet;
    }

    /// <summary>Stops looking after the pods; nodes and pods stay as they are.</summary>
    public async ValueTask DisposeAsync()
    {
        await _shutdown.CancelAsync();
        await _watching;
        foreach (var life in _pods.Values)
        {
            await life.DisposeAsync();
        }

        _pods.Clear();
        _writer.Dispose();
        _api.Dispose();
        _shutdown.Dispose();
    }

    private async Task RegisterNodesAsync(CancellationToken cancellation)
    {
        var version = (string)(await _api.GetAsync("/version", cancellation))["gitVersion"]!;
        for (var number = 1; number <= _options.Nodes; number++)
        {
            var node = FakeNode.Describe(number, _options.PodsPerNode, version);
            if (await _api.FindAsync(ObjectPath.Of(node), cancellation) is null)
            {
                await _api.CreateAsync(node, cancellation);
            }

            // Admission marks a new node as not ready; a controller would take that back seconds later.
            await _api.PatchAsync(ObjectPath.Of(node), new JsonObject { ["spec"] = new JsonObject { ["taints"] = null } }, KubeApi.Merge, cancellation)
                ;
        }
    }

    private async Task WatchAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(await ListAsync(cancellation), cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (KubeApiException failure) when (failure.Status == HttpStatusCode.Gone)
            {
                // History is lost: list again at once.
                continue;
            }
            catch (Exception failure) when (failure is HttpRequestException or IOException or KubeApiException)
            {
                // The server restarts or is overloaded.
            }
            catch (Exception failure)
            {
                _failures.Enqueue(failure);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(250), cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<string> ListAsync(CancellationToken cancellation)
    {
        var version = string.Empty;
        var seen = new HashSet<string>();
        await foreach (var page in _api.ListPagesAsync(AllPods, BoundPods, cancellation))
        {
            version = page.ResourceVersion;
            foreach (var pod in page.Items)
            {
                seen.Add(Observe(PodView.Read(pod)));
            }
        }

        foreach (var gone in _pods.Keys.Where(uid => !seen.Contains(uid)).ToArray())
        {
            await ForgetAsync(gone);
        }

        return version;
    }

    private async Task FollowAsync(string version, CancellationToken cancellation)
    {
        while (true)
        {
            await foreach (var change in _api.WatchAsync(AllPods, version, BoundPods, cancellation))
            {
                version = (string)change.Body["metadata"]!["resourceVersion"]!;
                switch (change.Type)
                {
                    case "ADDED" or "MODIFIED":
                        Observe(PodView.Read(change.Body));
                        break;
                    case "DELETED":
                        await ForgetAsync((string)change.Body["metadata"]!["uid"]!);
                        break;
                }
            }

            cancellation.ThrowIfCancellationRequested();
        }
    }

    private string Observe(PodView pod)
    {
        if (_pods.TryGetValue(pod.Uid, out var life))
        {
            life.Observe(pod);
        }
        else
        {
            var address = pod.HostNetwork ? FakeNode.AddressOf(pod.NodeName) : NextAddress();
            _pods[pod.Uid] = new PodLife(pod, address, _options, Images, _writer, _failures.Enqueue, _shutdown.Token);
        }

        return pod.Uid;
    }

    private ValueTask ForgetAsync(string uid) => _pods.Remove(uid, out var life) ? life.DisposeAsync() : ValueTask.CompletedTask;

    private string NextAddress()
    {
        var number = ++_addresses;
        return string.Create(CultureInfo.InvariantCulture, $"10.{(number >> 16) & 0xff}.{(number >> 8) & 0xff}.{number & 0xff}");
    }
}
