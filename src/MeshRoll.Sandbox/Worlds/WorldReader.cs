using System.Collections;
using MeshRoll.Sandbox.Worlds.Reading;

namespace MeshRoll.Sandbox.Worlds;

/// <summary>Reads worlds: from a YAML file, from YAML text, or from a hashtable. about_MeshSandbox lists the keys.</summary>
public static class WorldReader
{
    /// <summary>Reads a YAML file.</summary>
    /// <param name="path">Its path.</param>
    /// <returns>The world; its name is the file's unless it says another.</returns>
    /// <exception cref="SandboxException">There is no such file, it cannot be read, or it is no scenario: with line, key, and what is allowed.</exception>
    public static SandboxWorld ReadFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var problems = new ScenarioProblems($"Scenario '{path}'");
        var root = YamlData.Read(Content(path, problems), problems);
        return Read(root, Path.GetFileNameWithoutExtension(path), problems);
    }

    /// <summary>Reads YAML text.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="name">How the world is called, and errors call it, unless it says its own name.</param>
    /// <returns>The world.</returns>
    /// <exception cref="SandboxException">It is no scenario: with line, key, and what is allowed.</exception>
    public static SandboxWorld ReadText(string yaml, string name = "scenario")
    {
        ArgumentNullException.ThrowIfNull(yaml);
        var problems = new ScenarioProblems($"Scenario '{name}'");
        return Read(YamlData.Read(yaml, problems), name, problems);
    }

    /// <summary>Reads a hashtable.</summary>
    /// <param name="scenario">The keys that a file would have.</param>
    /// <returns>The world.</returns>
    /// <exception cref="SandboxException">It is no scenario: with the path of the key, and what is allowed.</exception>
    public static SandboxWorld Read(IDictionary scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        var problems = new ScenarioProblems("The scenario");
        return Read(ObjectData.Read(scenario, problems), "scenario", problems);
    }

    private static SandboxWorld Read(DataNode? root, string name, ScenarioProblems problems)
    {
        if (root is null || root is { Kind: DataKind.Map, Entries.Count: 0 })
            throw problems.Fatal(0, $"it is empty. The smallest world has one key: nodes: 1. Allowed are {string.Join(", ", WorldReading.Keys)}.");
        var world = WorldReading.Read(root, problems);
        problems.ThrowIfAny();
        return world.Name.Length > 0 ? world : world with { Name = name };
    }

    private static byte[] Content(string path, ScenarioProblems problems)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
                throw new SandboxException("MeshRoll.SandboxScenarioNotFound", Directory.Exists(path)
                    ? $"Scenario '{path}' is a directory. Name the YAML file in it."
                    : $"Scenario '{path}' is not there: no file has the path '{file.FullName}'.");
            return file.Length > ScenarioLimits.MaximumBytes ? throw YamlData.TooLarge(problems) : File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw problems.Fatal(0, $"it cannot be read: {e.Message.TrimEnd('.')}.", e);
        }
    }
}
