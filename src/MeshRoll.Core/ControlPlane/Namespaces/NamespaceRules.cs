using System.Collections.ObjectModel;
using MeshRoll.Core.ControlPlane.Istiods;
using MeshRoll.Core.Sidecars;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.ControlPlane.Namespaces;

/// <summary>What a namespace decides for a pod that asks for nothing itself.</summary>
internal static class NamespaceRules
{
    private static ObjectMeta NoPod { get; } = new();

    /// <summary>The namespace with what its pods run.</summary>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="name">The namespace's.</param>
    /// <param name="knowledge">The meshes, and the namespace's labels if they could be read.</param>
    /// <param name="istiods">Who is there to inject.</param>
    /// <param name="tally">Its pods; null when they could not be read.</param>
    public static MeshNamespace Describe(string cluster, string name, MeshKnowledge knowledge, IstiodListing istiods, NamespaceTally? tally)
    {
        var @namespace = knowledge.Namespaces.Find(name);
        var (mesh, desired) = FirstThatInjects(knowledge, name);
        return new()
        {
            Cluster = cluster,
            Namespace = name,
            Mesh = mesh,
            InjectionLabel = @namespace?.Metadata.Labels.GetValueOrDefault(InjectionRules.NamespaceLabel),
            RevisionLabel = @namespace?.Metadata.Labels.GetValueOrDefault(IstioStatus.RevisionLabel),
            Injected = desired.Injected,
            Revision = desired.Injected == true ? desired.Revision : null,
            Version = desired.Injected == true ? desired.Version : null,
            Rule = RuleOf(desired),
            Pods = tally?.Pods,
            PodsByVersion = tally is null ? ReadOnlyDictionary<string, int>.Empty : new ReadOnlyDictionary<string, int>(tally.ByVersion),
            Outdated = tally?.Outdated,
            Unknown = tally?.Unknown,
            Conflicts = @namespace is null ? [] : NamespaceConflicts.Of(@namespace, knowledge, istiods),
        };
    }

    /// <summary>Whether a namespace takes part in a mesh: it would inject, says something about injection, carries sidecars, or is at odds with itself.</summary>
    public static bool TakesPart(MeshNamespace @namespace) =>
        @namespace.Injected == true || @namespace.Pods > 0 || @namespace.InjectionLabel is not null || @namespace.RevisionLabel is not null || @namespace.Conflicts.Count > 0;

    // Istio's word counts where nobody injects: its labels are those that are shown.
    private static (string? Mesh, DesiredSidecar Desired) FirstThatInjects(MeshKnowledge knowledge, string name)
    {
        var istio = NewPods.Of(knowledge, SidecarContainers.Istio, name, NoPod, hostNetwork: false);
        if (istio.Injected == true) return (SidecarContainers.Istio, istio);
        foreach (var mesh in Others(knowledge))
        {
            var desired = NewPods.Of(knowledge, mesh, name, NoPod, hostNetwork: false);
            if (desired.Injected == true) return (mesh, desired);
        }
        return (null, istio);
    }

    private static IEnumerable<string> Others(MeshKnowledge knowledge)
    {
        if (knowledge.Linkerd is not null) yield return SidecarContainers.Linkerd;
        if (knowledge.Consul is not null) yield return SidecarContainers.Consul;
    }

    private static string RuleOf(DesiredSidecar desired) => desired switch
    {
        { Rule.Length: 0 } => desired.Unknown,
        { Detail.Length: > 0 } => $"{desired.Rule} ({desired.Detail})",
        _ => desired.Rule,
    };
}
