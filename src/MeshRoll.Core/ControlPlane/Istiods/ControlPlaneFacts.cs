using MeshRoll.Core.ControlPlane.Injectors;

namespace MeshRoll.Core.ControlPlane.Istiods;

/// <summary>All that tells of the revisions of a mesh, read once. Immutable; rules work on it.</summary>
internal sealed record ControlPlaneFacts
{
    /// <summary>The cluster's name.</summary>
    public required string Cluster { get; init; }

    /// <summary>Injector webhooks, the services they ask, namespaces; null when webhooks could not be read.</summary>
    public InjectorSurvey? Survey { get; init; }

    /// <summary>The injectors as they are described; null when webhooks could not be read.</summary>
    public IReadOnlyList<MeshInjector>? Injectors { get; init; }

    /// <summary>The istiods there are.</summary>
    public required IstiodListing Istiods { get; init; }

    /// <summary>What new pods get.</summary>
    public required MeshKnowledge Knowledge { get; init; }

    /// <summary>Proxies by the revision that injected them; null when not all pods could be read.</summary>
    public IReadOnlyDictionary<string, int>? Pods { get; init; }

    /// <summary>Proxies by the revision they are connected to, null for a revision not all of whose istiods answered; null when nobody was asked.</summary>
    public IReadOnlyDictionary<string, int?>? Connected { get; init; }

    /// <summary>Of what could not be read, that which may hide somebody who uses a revision, a sentence each.</summary>
    public IReadOnlyList<string> Gaps { get; init; } = [];

    /// <summary>What could not be read, a sentence each.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];
}
