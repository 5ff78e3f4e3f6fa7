using System.Text;
using System.Text.Json.Nodes;
using MeshRoll.Core.Sidecars;
using MeshRoll.Kubernetes;
using MeshRoll.Kubernetes.Api;

namespace MeshRoll.Core.ControlPlane.Injectors.Switching;

/// <summary>
/// Has the API server go through the creation of a pod without creating it (dryRun): it asks the injectors as for any pod, so that authority, service and
/// istiod are tried as they will be used. Needs the right to create pods there; without it nothing is known.
/// </summary>
internal sealed class InjectionTrial(ClusterSession session, CancellationToken cancellationToken)
{
    private const string EntrySuffix = "sidecar-injector.istio.io";
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Tries once.</summary>
    public async Task<TrialResult> RunAsync(string @namespace, IReadOnlyDictionary<string, string> labels)
    {
        JsonObject pod = new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = new JsonObject { ["generateName"] = "meshroll-trial-", ["namespace"] = @namespace, ["labels"] = new JsonObject(labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value))) },
            ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "trial", ["image"] = "meshroll.invalid/trial" }) },
        };
        try
        {
            var made = await session.Client.CreateAsync(Resources.Pods.Raw, @namespace, Encoding.UTF8.GetBytes(pod.ToJsonString()), new() { DryRun = true }, cancellationToken);
            var model = made.As(Resources.Pods);
            var proxies = model.Spec.Containers.Concat(model.Spec.InitContainers).Count(container => container.Name == "istio-proxy");
            return proxies == 0 ? new(TrialOutcome.NotInjected, null, "the pod would come without a sidecar") : new(TrialOutcome.Injected, IstioStatus.RevisionOf(model.Metadata), "");
        }
        catch (ApiException e) when (e.ServerMessage.Contains("failed calling webhook", StringComparison.Ordinal) && e.ServerMessage.Contains(EntrySuffix, StringComparison.Ordinal))
        {
            return new(TrialOutcome.Failed, null, e.ServerMessage.TrimEnd('.'));
        }
        catch (MeshRollException e) when (Refusal.IsOfThisPart(e))
        {
            return new(TrialOutcome.Unknown, null, Refusal.InWords(e));
        }
    }

    /// <summary>Tries until a revision injects, for the API server learns of a change by a watch; gives the last result.</summary>
    public async Task<TrialResult> WaitForAsync(string revision, string @namespace, IReadOnlyDictionary<string, string> labels, TimeSpan patience)
    {
        var end = session.TimeProvider.GetUtcNow() + patience;
        while (true)
        {
            var result = await RunAsync(@namespace, labels);
            if (result.Outcome == TrialOutcome.Unknown || (result.Outcome == TrialOutcome.Injected && (result.Revision ?? revision) == revision) || session.TimeProvider.GetUtcNow() >= end) return result;
            await Task.Delay(s_pause, session.TimeProvider, cancellationToken);
        }
    }
}

/// <summary>How a trial went.</summary>
/// <param name="Outcome">In a word.</param>
/// <param name="Revision">Who injected; null for nobody or unknown.</param>
/// <param name="Message">Why, where it did not go well.</param>
internal sealed record TrialResult(TrialOutcome Outcome, string? Revision, string Message);

/// <summary>How a trial went, in a word.</summary>
internal enum TrialOutcome
{
    /// <summary>It could not be tried: no right, or something else than injection stood in the way.</summary>
    Unknown,

    /// <summary>The pod would carry a sidecar.</summary>
    Injected,

    /// <summary>The pod would carry none.</summary>
    NotInjected,

    /// <summary>The injector could not be called, so that no pod can be created.</summary>
    Failed,
}
