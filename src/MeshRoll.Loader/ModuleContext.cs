using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace MeshRoll.Loader;

/// <summary>
/// Loads a module and its dependencies in a context of its own, so that another module's YamlDotNet, whatever its version, is never met.
/// One context per module folder and process: importing the module again, or in another runspace, gives the same types.
/// </summary>
public sealed class ModuleContext : AssemblyLoadContext
{
    private static readonly Dictionary<string, Assembly> s_loaded = new(StringComparer.Ordinal);

    private readonly string _folder;

    private ModuleContext(string folder)
        : base("MeshRoll")
    {
        _folder = folder;
    }

    /// <summary>The assembly <paramref name="name"/> from the module's folder <paramref name="bin"/>, precompiled where there is such an image for this runtime.</summary>
    /// <exception cref="FileNotFoundException">There is no such assembly: the module was not built.</exception>
    public static Assembly Load(string bin, string name)
    {
        lock (s_loaded)
        {
            if (s_loaded.TryGetValue(bin, out var known)) return known;

            var folder = Choose(bin);
            return s_loaded[bin] = new ModuleContext(folder).LoadFromAssemblyPath(FileOf(folder, name));
        }
    }

    /// <summary>What lies in the module's folder comes from there; the rest (PowerShell, the base class library) is the host's.</summary>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        var file = FileOf(_folder, assemblyName.Name!);
        return File.Exists(file) ? LoadFromAssemblyPath(file) : null;
    }

    // A runtime takes precompiled code only from its own generation: .NET 8 and 9 from net8.0, .NET 10 from net10.0.
    // One that takes neither, and every other platform, compiles the assembly that every image holds as well.
    private static string Choose(string bin)
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64) return bin;

        var precompiled = Path.Combine(bin, "linux-x64", Environment.Version.Major < 10 ? "net8.0" : "net10.0");
        return Directory.Exists(precompiled) ? precompiled : bin;
    }

    private static string FileOf(string folder, string name) => Path.Combine(folder, name + ".dll");
}
