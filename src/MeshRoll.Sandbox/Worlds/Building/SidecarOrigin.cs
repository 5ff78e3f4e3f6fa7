namespace MeshRoll.Sandbox.Worlds.Building;

/// <summary>Who injected the running pods of a workload.</summary>
/// <param name="Revision">The control plane; null for pods without a sidecar.</param>
/// <param name="Version">Its version at that time; null for pods without a sidecar.</param>
internal sealed record SidecarOrigin(WorldRevision? Revision, string? Version)
{
    /// <summary>Nobody.</summary>
    public static SidecarOrigin Nobody { get; } = new(null, null);

    /// <summary>
    /// As the data say; where they say nothing, as the mesh would decide today: what the pod refuses, then the namespace, then what the pod asks for.
    /// The webhooks of the mesh decide in the end; this only chooses the namespace's mark under which the workload is made.
    /// </summary>
    public static SidecarOrigin Of(WorldMesh? mesh, WorldNamespace home, WorldWorkload workload)
    {
        if (mesh is null || workload.HostNetwork || workload.Inject is false || workload.Sidecar == WorldWorkload.NoSidecar) return Nobody;
        if (workload.Sidecar is { } said) return mesh.Injector(said) is var (revision, version) ? new(revision, version) : Nobody;
        return home.Injection switch
        {
            WorldInjection.Disabled => Nobody,
            WorldInjection.Enabled => Today(mesh.DefaultRevision),
            _ when home.Revision is { } named => Today(mesh.Find(named)),
            _ when workload.PodLabels.TryGetValue("istio.io/rev", out var own) => Today(mesh.Find(own)),
            _ => Today(workload.Inject is true ? mesh.DefaultRevision : null),
        };
    }

    private static SidecarOrigin Today(WorldRevision? revision) => revision is null ? Nobody : new(revision, revision.Version);
}
