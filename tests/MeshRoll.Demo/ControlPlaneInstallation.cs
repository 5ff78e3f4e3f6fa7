using System.ComponentModel;
using System.Diagnostics;
using MeshRoll.TestControlPlane;

namespace MeshRoll.Demo;

/// <summary>The control plane's programs: built once into the cache, where they are missing.</summary>
internal static class ControlPlaneInstallation
{
    /// <summary>Whether the programs are there, building them if need be. Says what it does and what is wrong.</summary>
    internal static async Task<bool> EnsureAsync()
    {
        if (ControlPlane.TryFindBinaries(out _, out var missing)) return true;

        Console.WriteLine($"{missing} Building it now, once; this takes some minutes.");
        try
        {
            using var install = Process.Start(new ProcessStartInfo(Script()))!;
            await install.WaitForExitAsync();
        }
        catch (Win32Exception cannot)
        {
            Console.Error.WriteLine($"error: {Script()} cannot be started: {cannot.Message}");
        }
        return ControlPlane.TryFindBinaries(out _, out _);
    }

    private static string Script()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var script = Path.Combine(folder.FullName, "tests", "controlplane", "install.sh");
            if (File.Exists(script)) return script;
        }
        return "tests/controlplane/install.sh";
    }
}
