using MeshRoll.Sandbox.Worlds.BuiltIn;
using MeshRoll.Sandbox.Worlds.Reading;

namespace MeshRoll.Sandbox.Worlds;

/// <summary>The worlds that come with the sandbox.</summary>
public static class BuiltInWorlds
{
    private static readonly string[] Written = [ShopWorld.Name, "Minimal", "Empty"];

    /// <summary>The world that a sandbox has which is asked for none.</summary>
    public static string Default => Written[0];

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Written, LargeWorld.Name];

    /// <summary>The world of a name, or of a file.</summary>
    /// <param name="nameOrPath">One of <see cref="Names"/>, or a path: whatever has a separator in it or ends in <c>.yaml</c> or <c>.yml</c>.</param>
    /// <param name="workloads">How many workloads <c>Large</c> has; other worlds have what they have.</param>
    /// <param name="podsPerWorkload">How many pods each workload of <c>Large</c> has.</param>
    /// <returns>The world.</returns>
    /// <exception cref="SandboxException">There is none of this name, or no such file, or it is no scenario.</exception>
    public static SandboxWorld Find(string nameOrPath, int workloads = LargeWorld.DefaultWorkloads, int podsPerWorkload = LargeWorld.DefaultPodsPerWorkload)
    {
        ArgumentNullException.ThrowIfNull(nameOrPath);
        if (IsPath(nameOrPath)) return WorldReader.ReadFile(nameOrPath);
        if (nameOrPath.Equals(LargeWorld.Name, StringComparison.OrdinalIgnoreCase)) return LargeWorld.Of(workloads, podsPerWorkload);
        if (Written.FirstOrDefault(name => name.Equals(nameOrPath, StringComparison.OrdinalIgnoreCase)) is { } written) return Read(written);
        throw new SandboxException(
            "MeshRoll.SandboxScenarioNotFound",
            $"There is no world '{nameOrPath}'.{NearestWord.Suggest(nameOrPath, Names)} There are {string.Join(", ", Names)}; a scenario file is named by a path that ends in .yaml.");
    }

    /// <summary>Whether a text names a file rather than a world.</summary>
    public static bool IsPath(string nameOrPath)
    {
        ArgumentNullException.ThrowIfNull(nameOrPath);
        return nameOrPath.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase)
            || nameOrPath.EndsWith(".yml", StringComparison.OrdinalIgnoreCase)
            || nameOrPath.AsSpan().ContainsAny('/', '\\');
    }

    /// <summary>The text of a world that is written in YAML, for whoever wants to begin with it.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The YAML; null for a world that is not written but made, or none at all.</returns>
    public static string? Text(string name)
    {
        using var stream = typeof(BuiltInWorlds).Assembly.GetManifestResourceStream($"MeshRoll.Sandbox.Worlds.BuiltIn.{name}.yaml");
        if (stream is null) return null;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static SandboxWorld Read(string name) => name == ShopWorld.Name ? ShopWorld.World : WorldReader.ReadText(Text(name)!, name);
}
