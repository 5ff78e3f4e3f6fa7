using System.Text.Json;
using MeshRoll.Core.Sidecars;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.ControlPlane.ProxyStatus;

/// <summary>One pod of istiod: it alone knows the proxies that are connected to it.</summary>
/// <param name="Namespace">Where it is.</param>
/// <param name="Name">The pod's name.</param>
/// <param name="Revision">Its revision; <c>default</c> for the unnamed one.</param>
/// <param name="ClusterId">What it calls its own cluster; null when its pod does not say.</param>
/// <param name="Runs">Whether its container runs: one that does not holds no connection and need not be asked.</param>
internal sealed record IstiodPod(string Namespace, string Name, string Revision, string? ClusterId, bool Runs)
{
    private const string Container = "discovery";

    /// <summary>Reads the pod, whole because a container's environment is in no model.</summary>
    public static IstiodPod Of(RawObject pod)
    {
        var revision = pod.Metadata.Labels.GetValueOrDefault(IstioStatus.RevisionLabel);
        return new(pod.Metadata.Namespace, pod.Metadata.Name, revision is { Length: > 0 } ? revision : IstioStatus.DefaultRevision, ClusterIdOf(pod), IsRunning(pod));
    }

    private static bool IsRunning(RawObject pod)
    {
        if (Text(pod.At("status", "phase")) != "Running") return false;
        // Until the node says otherwise, a container of a running pod runs.
        return Named(pod.At("status", "containerStatuses")) is not { } status
            || !status.TryGetProperty("state", out var state) || state.ValueKind != JsonValueKind.Object || state.TryGetProperty("running", out _);
    }

    private static string? ClusterIdOf(RawObject pod)
    {
        if (Named(pod.At("spec", "containers")) is not { } container || !container.TryGetProperty("env", out var environment) || environment.ValueKind != JsonValueKind.Array) return null;
        foreach (var variable in environment.EnumerateArray())
        {
            if (variable.ValueKind == JsonValueKind.Object && Text(variable, "name") == "CLUSTER_ID") return Text(variable, "value") is { Length: > 0 } id ? id : null;
        }
        return null;
    }

    private static JsonElement? Named(JsonElement? containers)
    {
        if (containers is not { ValueKind: JsonValueKind.Array } list) return null;
        foreach (var container in list.EnumerateArray())
        {
            if (container.ValueKind == JsonValueKind.Object && Text(container, "name") == Container) return container;
        }
        return null;
    }

    private static string Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) ? Text(value) : "";

    private static string Text(JsonElement? value) => value is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";
}
