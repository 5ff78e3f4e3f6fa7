using System.Globalization;

namespace MeshRoll.Sandbox.Worlds;

/// <summary>A world for measuring: many workloads in several namespaces, all on an old sidecar after the mesh was upgraded.</summary>
internal static class LargeWorld
{
    public const string Name = "Large";

    public const int DefaultWorkloads = 1000;

    public const int DefaultPodsPerWorkload = 10;

    private const int WorkloadsPerNamespace = 100;

    // More than a real node takes, so that ten thousand pods need no hundred nodes that a sandbox would have to keep alive.
    private const int PodsPerNode = 250;

    /// <summary>The world: every tenth workload is a StatefulSet, the others are Deployments.</summary>
    /// <exception cref="SandboxException">The numbers make no sense.</exception>
    public static SandboxWorld Of(int workloads, int podsPerWorkload)
    {
        Check("Workloads", workloads, 100_000);
        Check("PodsPerWorkload", podsPerWorkload, 10_000);
        if ((long)workloads * podsPerWorkload > 1_000_000) throw Wrong($"{workloads} workloads with {podsPerWorkload} pods each are more than a million pods, more than fit");

        // Room for every workload's surge at once, which is a quarter of its pods and at least one.
        var pods = (long)workloads * (podsPerWorkload + Math.Max(1, (podsPerWorkload + 3) / 4));
        return new()
        {
            Name = Name,
            Description = string.Create(CultureInfo.InvariantCulture, $"{workloads} workloads with {podsPerWorkload} pods each, all on an old sidecar."),
            Nodes = [.. WorldNode.Some((int)((pods + PodsPerNode - 1) / PodsPerNode) + 1).Select(node => node with { Pods = PodsPerNode + 10, Cpu = "128", Memory = "512Gi" })],
            Mesh = new()
            {
                Revisions = [new() { Version = "1.26.4" }, new() { Name = "1-27-1", Version = "1.27.1" }],
            },
            Namespaces = [.. Enumerable.Range(0, workloads).Chunk(WorkloadsPerNamespace).Select((chunk, index) => new WorldNamespace
            {
                Name = string.Create(CultureInfo.InvariantCulture, $"team-{index + 1:00}"),
                Revision = "1-27-1",
                Workloads = [.. chunk.Select(number => Workload(number, podsPerWorkload))],
            })],
        };
    }

    private static WorldWorkload Workload(int number, int pods) => new()
    {
        Kind = number % 10 == 9 ? WorldWorkloadKind.StatefulSet : WorldWorkloadKind.Deployment,
        Name = string.Create(CultureInfo.InvariantCulture, $"app-{number + 1:0000}"),
        Replicas = pods,
        Sidecar = WorldRevision.DefaultName,
        Cpu = "10m",
        Memory = "16Mi",
    };

    private static void Check(string parameter, int number, int maximum)
    {
        if (number < 1 || number > maximum) throw Wrong(string.Create(CultureInfo.InvariantCulture, $"{parameter} is {number}, but must be from 1 to {maximum}"));
    }

    private static SandboxException Wrong(string why) => new("MeshRoll.SandboxScenarioInvalid", $"The world Large cannot be made: {why}.");
}
