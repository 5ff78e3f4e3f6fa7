using System.ComponentModel;
using System.Runtime.InteropServices;

namespace MeshRoll.ClusterTests.World;

/// <summary>How large files may grow that a process writes: what comes nearest to a full disk for one process alone, and without an administrator's rights. Linux only.</summary>
internal static class FileSizeLimit
{
    // include/uapi/asm-generic/resource.h
    private const int FileSize = 1;

    /// <summary>No file of the process may grow beyond this from now on.</summary>
    public static void Set(int process, ulong bytes)
    {
        var limit = new Limits { Soft = bytes, Hard = bytes };
        if (Apply(process, FileSize, ref limit, 0) != 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Limits
    {
        public ulong Soft;
        public ulong Hard;
    }

    [DllImport("libc", EntryPoint = "prlimit", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Apply(int process, int resource, ref Limits limit, nint before);
}
