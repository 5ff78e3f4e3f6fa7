using System.Text.Json.Nodes;
using MeshRoll.TestControlPlane.Api;

namespace MeshRoll.TestControlPlane.Workloads;

/// <summary>Waits for workloads to be as their specs want them, by rules of its own: it must not share the module's mistakes.</summary>
public static class WorkloadReadiness
{
    private static readonly string[] Kinds = ["deployments", "statefulsets", "daemonsets"];

    /// <summary>Waits until every Deployment, StatefulSet and DaemonSet of a namespace is rolled out and all their pods are available.</summary>
    /// <exception cref="TimeoutException">Some are not; the message names the first five.</exception>
    public static async Task WaitAsync(KubeApi api, string @namespace, TimeSpan timeout, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(api);
        var until = DateTime.UtcNow + timeout;
        while (true)
        {
            var waiting = new List<string>();
            foreach (var kind in Kinds)
            {
                var list = await api.ListAsync(ObjectPath.Collection("apps/v1", kind, @namespace), cancellation: cancellation);
                waiting.AddRange(list.Items.Where(item => !IsReady(kind, item)).Select(item => $"{kind}/{(string?)item["metadata"]!["name"]}"));
            }

            if (waiting.Count == 0)
            {
                return;
            }

            if (DateTime.UtcNow > until)
            {
                throw new TimeoutException($"{waiting.Count} workloads of {@namespace} are not ready after {timeout}: {string.Join(", ", waiting.Take(5))}");
            }

            await Task.Delay(250, cancellation);
        }
    }

    private static bool IsReady(string kind, JsonObject workload)
    {
        var status = workload["status"] as JsonObject;
        if (((long?)status?["observedGeneration"] ?? 0) < (long)workload["metadata"]!["generation"]!)
        {
            return false;
        }

        var wanted = kind == "daemonsets" ? Number("desiredNumberScheduled") : (int?)workload["spec"]!["replicas"] ?? 1;
        return kind switch
        {
            "deployments" => Number("updatedReplicas") == wanted && Number("replicas") == wanted && Number("availableReplicas") == wanted,
            "daemonsets" => wanted > 0 && Number("updatedNumberScheduled") == wanted && Number("numberAvailable") == wanted,
            _ => Number("updatedReplicas") == wanted && Number("readyReplicas") == wanted
                && (string?)status?["currentRevision"] == (string?)status?["updateRevision"],
        };

        int Number(string name) => (int?)status?[name] ?? 0;
    }
}
