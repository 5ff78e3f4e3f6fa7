using MeshRoll.Core.Sidecars;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.ControlPlane.Istiods;

/// <summary>One istiod as its Deployment tells of it. Labels and container: Istio's chart istio-discovery.</summary>
/// <param name="Revision">Its revision; <c>default</c> for the unnamed one.</param>
/// <param name="Namespace">Where it runs.</param>
/// <param name="Name">The Deployment's name.</param>
/// <param name="Version">The version of its image; null when the image names none.</param>
/// <param name="Replicas">Replicas wanted.</param>
/// <param name="Ready">Replicas ready.</param>
internal sealed record Istiod(string Revision, string Namespace, string Name, string? Version, int Replicas, int Ready)
{
    /// <summary>On the Deployments, services and pods of every istiod since 1.5 (Istio's chart istio-discovery).</summary>
    public const string Selector = "app=istiod";

    private const string Container = "discovery";

    /// <summary>Reads its Deployment.</summary>
    public static Istiod Of(Deployment deployment)
    {
        var containers = deployment.Spec.Template.Spec.Containers;
        var container = containers.FirstOrDefault(static container => container.Name == Container) ?? (containers.Count > 0 ? containers[0] : null);
        return new(
            RevisionOf(deployment.Metadata, deployment.Spec.Template.Metadata),
            deployment.Metadata.Namespace,
            deployment.Metadata.Name,
            container is null ? null : ImageReference.Parse(container.Image).Version,
            deployment.Spec.Replicas ?? 1,
            deployment.Status.ReadyReplicas);
    }

    // Charts of all ages label both; an installation by hand may have labelled the pods alone.
    private static string RevisionOf(ObjectMeta deployment, ObjectMeta template)
    {
        var label = deployment.Labels.GetValueOrDefault(IstioStatus.RevisionLabel) ?? template.Labels.GetValueOrDefault(IstioStatus.RevisionLabel);
        return label is { Length: > 0 } ? label : IstioStatus.DefaultRevision;
    }
}
