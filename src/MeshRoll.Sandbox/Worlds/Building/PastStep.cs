namespace MeshRoll.Sandbox.Worlds.Building;

/// <summary>What was made at one time under one mark of a namespace.</summary>
/// <param name="Age">How long ago.</param>
/// <param name="Home">The namespace.</param>
/// <param name="Origin">Who injected the pods.</param>
/// <param name="Workloads">The workloads, in the order of the data.</param>
internal sealed record PastStep(TimeSpan Age, WorldNamespace Home, SidecarOrigin Origin, IReadOnlyList<WorldWorkload> Workloads)
{
    /// <summary>The steps of a world's past, the oldest first; among those of one age the mesh changes as rarely as possible.</summary>
    public static IReadOnlyList<PastStep> Of(SandboxWorld world)
    {
        var steps = new List<PastStep>();
        foreach (var home in world.Namespaces)
        {
            foreach (var together in home.Workloads.GroupBy(workload => new Occasion(workload.Age, SidecarOrigin.Of(world.Mesh, home, workload))))
                steps.Add(new(together.Key.Age, home, together.Key.Origin, [.. together]));
        }
        steps.Sort(Order);
        return steps;
    }

    private static int Order(PastStep one, PastStep other)
    {
        if (one.Age != other.Age) return other.Age.CompareTo(one.Age);
        if (string.CompareOrdinal(one.Origin.Revision?.Name, other.Origin.Revision?.Name) is not 0 and var byName) return byName;
        if (string.CompareOrdinal(one.Origin.Version, other.Origin.Version) is not 0 and var byVersion) return byVersion;
        return string.CompareOrdinal(one.Home.Name, other.Home.Name);
    }

    private sealed record Occasion(TimeSpan Age, SidecarOrigin Origin);
}
