using System.Text.Json;
using MeshRoll.Core.Rollouts;

namespace MeshRoll.Core.Preflight.Mending;

/// <summary>
/// Who keeps an object as it stands somewhere else, and puts back what is changed in the cluster. Sources: Argo CD's resource tracking
/// (argocd.argoproj.io/tracking-id, /instance), Flux' labels of kustomize-controller and helm-controller, Helm's meta.helm.sh/release-name, and the managers
/// that write as these.
/// </summary>
internal static class KeptBy
{
    private const string Labels = "labels", Annotations = "annotations";

    private static readonly (string Place, string Key, string Who)[] s_signs =
    [
        (Annotations, "argocd.argoproj.io/tracking-id", "Argo CD"),
        (Labels, "argocd.argoproj.io/instance", "Argo CD"),
        (Labels, "kustomize.toolkit.fluxcd.io/name", "Flux (Kustomization)"),
        (Labels, "helm.toolkit.fluxcd.io/name", "Flux (HelmRelease)"),
        (Annotations, "meta.helm.sh/release-name", "Helm (release)"),
    ];

    private static readonly (string Manager, string Who)[] s_managers =
    [
        ("argocd-controller", "Argo CD"), ("argocd-application-controller", "Argo CD"), ("kustomize-controller", "Flux"), ("helm-controller", "Flux"),
    ];

    /// <summary>Who, and by which name: <c>Argo CD shop</c>; empty for nobody known.</summary>
    public static string Of(JsonElement item)
    {
        foreach (var (place, key, who) in s_signs)
        {
            // Argo's tracking id goes on with group, kind and name of the object.
            if (item.Text("metadata", place, key) is { } name) return $"{who} {Wording.Line(name.Split(':')[0], 80)}";
        }
        if (item.Text("metadata", Labels, "app.kubernetes.io/managed-by") is "Helm") return "Helm";
        var managers = item.Items("metadata", "managedFields").Select(field => field.Text("manager")).ToHashSet();
        return s_managers.FirstOrDefault(known => managers.Contains(known.Manager)).Who ?? "";
    }
}
