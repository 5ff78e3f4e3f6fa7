using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace MeshRoll.Sandbox.Home;

/// <summary>
/// The folder of one sandbox below the temporary folder, for its kubeconfig: readable by its owner only and gone with the sandbox. Its name tells
/// the process it belongs to, so that the next sandbox clears away what a killed process has left.
/// </summary>
internal sealed class SandboxHome : IDisposable
{
    private const string Prefix = "meshroll-sandbox-";

    private readonly List<PosixSignalRegistration> _signals = [];

    private SandboxHome(string path, Task clearing)
    {
        (Path, Clearing) = (path, clearing);
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
        // Since .NET 10 a termination signal ends the process without ProcessExit unless somebody asks for it.
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGTERM, PosixSignal.SIGHUP]) _signals.Add(PosixSignalRegistration.Create(signal, _ => Delete(Path)));
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The clearing away of the folders of processes that are gone. Nobody needs to wait for it.</summary>
    public Task Clearing { get; }

    /// <summary>Makes a folder, and begins to clear away those of processes that are gone.</summary>
    /// <exception cref="SandboxException">The temporary folder cannot be written.</exception>
    public static SandboxHome Create(string? below = null)
    {
        below ??= System.IO.Path.GetTempPath();
        using var process = Process.GetCurrentProcess();
        var path = System.IO.Path.Combine(below, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{process.Id}-{process.StartTime.ToUniversalTime().Ticks:x}-{Guid.NewGuid():n}"));
        try
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
            else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception cannot) when (cannot is IOException or UnauthorizedAccessException)
        {
            throw new SandboxException("MeshRoll.SandboxFolder",
                $"The sandbox cannot make a folder for its kubeconfig: {cannot.Message} Set TMPDIR (Windows: TEMP) to a folder that can be written.", cannot);
        }
        return new(path, Task.Run(() => ClearAbandoned(below)));
    }

    /// <summary>Deletes the folder. What cannot be deleted now, the next sandbox clears away.</summary>
    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        _signals.ForEach(signal => signal.Dispose());
        Delete(Path);
    }

    // Ports and threads end with the process; files do not.
    private void OnProcessExit(object? sender, EventArgs args) => Delete(Path);

    private static void ClearAbandoned(string below)
    {
        try
        {
            foreach (var folder in Directory.EnumerateDirectories(below, Prefix + "*"))
            {
                if (IsAbandoned(System.IO.Path.GetFileName(folder))) Delete(folder);
            }
        }
        catch (Exception cannot) when (cannot is IOException or UnauthorizedAccessException)
        {
            // Somebody else's temporary folder: not ours to clear.
        }
    }

    private static bool IsAbandoned(string name)
    {
        var parts = name[Prefix.Length..].Split('-');
        if (parts.Length != 3 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            || !long.TryParse(parts[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var started))
        {
            return false;
        }
        try
        {
            using var process = Process.GetProcessById(id);
            // Process ids come again; start times do not. Clocks are read with the system's precision, hence the tolerance.
            return Math.Abs(process.StartTime.ToUniversalTime().Ticks - started) > TimeSpan.FromSeconds(2).Ticks;
        }
        catch (ArgumentException)
        {
            return true;
        }
        catch (Exception unknown) when (unknown is InvalidOperationException or System.ComponentModel.Win32Exception or NotSupportedException)
        {
            return false;
        }
    }

    private static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception cannot) when (cannot is IOException or UnauthorizedAccessException)
        {
            // Gone already, or held open: see Dispose.
        }
    }
}
