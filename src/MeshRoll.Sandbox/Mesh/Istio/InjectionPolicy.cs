using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Mesh.Istio;

/// <summary>Whether istiod gives a pod a sidecar that a webhook has brought to it (injectRequired in Istio's pkg/kube/inject).</summary>
internal static class InjectionPolicy
{
    private static readonly HashSet<string> SystemNamespaces = new(StringComparer.Ordinal) { "kube-system", "kube-public", "kube-node-lease", "local-path-storage" };

    /// <summary>The label, and older annotation, by which a pod asks for a sidecar or refuses one.</summary>
    public const string Inject = "sidecar.istio.io/inject";

    public static bool Wants(JsonObject pod, string @namespace, InjectorConfig config)
    {
        if (pod["spec"].Flag("hostNetwork") || SystemNamespaces.Contains(@namespace)) return false;
        // The label is the newer one and wins.
        var wish = pod.Text("metadata", "labels", Inject) ?? pod.Text("metadata", "annotations", Inject) ?? "";
        return wish.Length == 0 ? config.InjectsByDefault : wish is "true" or "y" or "yes" or "on";
    }
}
