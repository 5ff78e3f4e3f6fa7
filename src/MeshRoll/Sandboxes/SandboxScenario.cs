using System.Collections;
using MeshRoll.Errors;
using MeshRoll.Sandbox.Worlds;

namespace MeshRoll.Sandboxes;

/// <summary>Finds the world that -Scenario means: a hashtable's, a built-in one, or a file's.</summary>
/// <param name="Value">A hashtable, a name, or a path.</param>
/// <param name="FullPath">The path it would be as a file.</param>
/// <param name="Workloads">How many workloads, where the world leaves that open; null for its own choice.</param>
/// <param name="PodsPerWorkload">How many pods each, where the world leaves that open; null for its own choice.</param>
internal sealed record SandboxScenario(object Value, string FullPath, int? Workloads, int? PodsPerWorkload)
{
    // The one scenario that leaves its size open.
    private const string OpenSize = "Large";

    /// <summary>The world.</summary>
    /// <exception cref="Kubernetes.MeshRollException">There is none, or it is no world.</exception>
    public SandboxWorld Read()
    {
        if ((Workloads ?? PodsPerWorkload) is not null && !(Value is string word && word.Equals(OpenSize, StringComparison.OrdinalIgnoreCase)))
            throw new CommandException("MeshRoll.SandboxSizeInvalid", $"-Workloads and -PodsPerWorkload are for the scenario {OpenSize}. Every other one says itself how much there is.");

        return Value switch
        {
            IDictionary data => WorldReader.Read(data),
            string path when BuiltInWorlds.IsPath(path) => WorldReader.ReadFile(FullPath),
            _ => BuiltIn((string)Value),
        };
    }

    private SandboxWorld BuiltIn(string name) => (Workloads, PodsPerWorkload) switch
    {
        (null, null) => BuiltInWorlds.Find(name),
        ({ } workloads, null) => BuiltInWorlds.Find(name, workloads),
        (null, { } pods) => BuiltInWorlds.Find(name, podsPerWorkload: pods),
        ({ } workloads, { } pods) => BuiltInWorlds.Find(name, workloads, pods),
    };
}
