using System.Net;
using System.Text.Json.Nodes;
using MeshRoll.TestControlPlane.Api;

namespace MeshRoll.TestControlPlane.Kubelet;

/// <summary>Sends what pods' lives produce: a bounded number of requests at once, repeated while the server is away or overloaded.</summary>
internal sealed class PodWriter(KubeApi api, int parallelism) : IDisposable
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _slots = new(parallelism);

    public Task ReportAsync(PodView pod, PodStatus status, CancellationToken cancellation)
        => SendAsync(() => api.PatchAsync(pod.Path + "/status", status.ToPatch(), KubeApi.StrategicMerge, cancellation), cancellation);

    public Task RemoveAsync(PodView pod, CancellationToken cancellation)
    {
        var options = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "DeleteOptions",
            ["gracePeriodSeconds"] = 0,
            ["preconditions"] = new JsonObject { ["uid"] = pod.Uid },
        };
        return SendAsync(() => api.DeleteAsync(pod.Path, options, cancellation), cancellation);
    }

    public Task RecordAsync(PodView pod, string type, string reason, string message, string? container, int count, CancellationToken cancellation)
    {
        var now = PodStatus.Now();
        // The name is derived from what happened, so that repetitions replace one event as a kubelet's do.
        var name = $"{pod.Name}.{unchecked((uint)StringComparer.Ordinal.GetHashCode($"{pod.Uid}{reason}{message}")):x}";
        var body = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Event",
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = pod.Namespace },
            ["involvedObject"] = new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Pod",
                ["namespace"] = pod.Namespace,
                ["name"] = pod.Name,
                ["uid"] = pod.Uid,
                ["fieldPath"] = container is null ? null : $"spec.containers{{{container}}}",
            },
            ["type"] = type,
            ["reason"] = reason,
            ["message"] = message,
            ["source"] = new JsonObject { ["component"] = "kubelet", ["host"] = pod.NodeName },
            ["firstTimestamp"] = now,
            ["lastTimestamp"] = now,
            ["count"] = count,
        };
        var collection = $"/api/v1/namespaces/{pod.Namespace}/events";
        return count == 1
            ? SendAsync(() => api.CreateAsync(collection, body, cancellation), cancellation)
            : SendAsync(
                () => api.PatchAsync($"{collection}/{name}", new JsonObject { ["count"] = count, ["lastTimestamp"] = now }, KubeApi.Merge, cancellation),
                cancellation);
    }

    public void Dispose() => _slots.Dispose();

    private static bool IsSettled(HttpStatusCode status) => status is HttpStatusCode.NotFound or HttpStatusCode.Conflict or HttpStatusCode.Forbidden;

    private async Task SendAsync(Func<Task> request, CancellationToken cancellation)
    {
        for (var pause = TimeSpan.FromMilliseconds(100); ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            await _slots.WaitAsync(cancellation);
            try
            {
                await request();
                return;
            }
            catch (KubeApiException failure) when (IsSettled(failure.Status))
            {
                // The pod is gone, is another one by now, or its namespace is being deleted.
                return;
            }
            catch (KubeApiException failure) when (failure.Status == HttpStatusCode.TooManyRequests || (int)failure.Status >= 500)
            {
            }
            catch (Exception failure) when (failure is HttpRequestException or IOException)
            {
                // The server restarts.
            }
            finally
            {
                _slots.Release();
            }

            await Task.Delay(pause, cancellation);
        }
    }
}
