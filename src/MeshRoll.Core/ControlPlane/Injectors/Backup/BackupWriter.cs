using System.Globalization;

namespace MeshRoll.Core.ControlPlane.Injectors.Backup;

/// <summary>Puts a backup into a file, all of it or nothing.</summary>
internal static class BackupWriter
{
    /// <summary>Writes it and gives the full path.</summary>
    /// <param name="place">A folder, or the file itself; a name that ends in .yaml or .yml is a file.</param>
    /// <param name="cluster">The cluster's name, which becomes part of the file's.</param>
    /// <param name="taken">When, which becomes part of the file's name.</param>
    /// <param name="text">The backup.</param>
    /// <param name="overwrite">Whether a file that is there may be replaced.</param>
    /// <exception cref="InjectorRefusedException">It cannot be written.</exception>
    public static string Write(string place, string cluster, DateTimeOffset taken, string text, bool overwrite)
    {
        var path = Path.GetFullPath(place);
        try
        {
            if (Directory.Exists(path) || !HasExtension(path))
            {
                Directory.CreateDirectory(path);
                path = Free(path, $"meshroll-injectors-{Plain(cluster)}-{taken.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}");
            }
            else if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
            {
                Directory.CreateDirectory(folder);
            }
            if (!overwrite && File.Exists(path)) throw new InjectorRefusedException("MeshRoll.BackupExists", $"{path} is there already: name another file, a folder, or add -Force to replace it.");

            WholeFile.Write(path, text, overwrite);
            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new InjectorRefusedException("MeshRoll.BackupNotWritten", $"The backup cannot be written to {path} ({e.Message.TrimEnd('.')}), and without one nothing is changed: name a folder you may write to with -BackupPath.", e);
        }
    }

    private static bool HasExtension(string path) => Path.GetExtension(path).ToUpperInvariant() is ".YAML" or ".YML";

    private static string Free(string folder, string name)
    {
        var path = Path.Combine(folder, name + ".yaml");
        for (var number = 2; File.Exists(path); number++) path = Path.Combine(folder, $"{name}-{number}.yaml");
        return path;
    }

    // Contexts have names with slashes, colons and worse.
    private static string Plain(string name)
    {
        var plain = string.Concat(name.Select(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '_' ? character : '-')).Trim('-', '.');
        return plain.Length == 0 ? "cluster" : plain.Length > 60 ? plain[..60] : plain;
    }
}
