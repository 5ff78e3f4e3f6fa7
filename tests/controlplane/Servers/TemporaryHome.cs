using System.Diagnostics;
using System.Globalization;

namespace MeshRoll.TestControlPlane.Servers;

/// <summary>The directory that holds everything one control plane writes. It also tidies up after test processes that were killed.</summary>
internal sealed class TemporaryHome : IDisposable
{
    private const string Prefix = "meshroll-controlplane-";

    private TemporaryHome(string path) => DirectoryPath = path;

    public string DirectoryPath { get; }

    public static TemporaryHome Create()
    {
        RemoveAbandoned();
        var owner = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        return new TemporaryHome(Directory.CreateTempSubdirectory($"{Prefix}{owner}-").FullName);
    }

    public string PathOf(string name) => Path.Combine(DirectoryPath, name);

    /// <summary>Writes a file that only the current user may read: nearly everything in here is a secret of a running server.</summary>
    public string Write(string name, string content)
    {
        var path = PathOf(name);
        File.WriteAllText(path, content);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return path;
    }

    public void Dispose()
    {
        if (Directory.Exists(DirectoryPath))
        {
            Directory.Delete(DirectoryPath, recursive: true);
        }
    }

    // A killed process cannot remove its directory. Its id is in the name, so the next start can.
    private static void RemoveAbandoned()
    {
        foreach (var path in Directory.EnumerateDirectories(Path.GetTempPath(), Prefix + "*"))
        {
            var owner = Path.GetFileName(path)[Prefix.Length..].Split('-')[0];
            if (!int.TryParse(owner, NumberStyles.None, CultureInfo.InvariantCulture, out var id) || IsAlive(id))
            {
                continue;
            }

            try
            {
                Directory.Delete(path, recursive: true);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // Another start tidies up at the same moment, or the directory is another user's.
            }
        }
    }

    private static bool IsAlive(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
