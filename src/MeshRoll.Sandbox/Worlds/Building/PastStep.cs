namespace MeshRoll.Sandbox.Worlds.Building;

/// <summary>What was made at one time under one mark of a namespace.</summary>
/// <param name="Age">How long ago.</param>
/// <param name="Home">The namespace.</param>
/// <param name="Origin">Who injected the pods.</param>
/// <param name="Workloads">The workloads, in the order of the data.</param>
internal sealed record PastStep(TimeSpan Age, WorldNamespace Home, SidecarOrigin Origin, IReadOnlyList<WorldWorkload> Workloads)
{
    /// <summary>The steps of a world's past, the oldest first; among those of one age the mesh changes as rarely as possible.</summary>
    public static IReadOnlyList<PastStep> Of(SandboxWorld world) =>
    [
        .. from home in world.Namespaces
           from workload in home.Workloads
           group workload by (workload.Age, Home: home, Origin: SidecarOrigin.Of(world.Mesh, home, workload)) into step
           orderby step.Key.Age descending, step.Key.Origin.Revision?.Name, step.Key.Origin.Version, step.Key.Home.Name
           select new PastStep(step.Key.Age, step.Key.Home, step.Key.Origin, [.. step]),
    ];
}
