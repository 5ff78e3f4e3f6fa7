using System.Buffers;
using MeshRoll.Kubernetes.Configuration;

namespace MeshRoll.Kubernetes.Authentication;

/// <summary>
/// Finds a plugin's program. Process.Start would look into the current directory and beside our own program first;
/// a plain name must mean PATH and nothing else, or a checkout with a file called "aws" could catch credentials.
/// </summary>
internal static class PluginProgram
{
    // What cmd.exe, which Windows runs batch files with, does not leave alone in an argument.
    private static readonly SearchValues<char> s_batchSyntax = SearchValues.Create("\"%&|<>^!\r\n");

    /// <summary>The program's full path, or null when it is not there.</summary>
    public static string? Find(string command, string kubeConfigDirectory, ConfigurationEnvironment environment)
    {
        if (command.Contains('\0', StringComparison.Ordinal))
            return null;

        if (command.Contains('/', StringComparison.Ordinal) || (environment.IsWindows && command.Contains('\\', StringComparison.Ordinal)))
            return Existing(Path.GetFullPath(Path.Combine(kubeConfigDirectory, command)), environment);

        foreach (var directory in (environment.NonEmpty("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            if (Path.IsPathFullyQualified(directory) && Existing(Path.Combine(directory, command), environment) is { } found)
                return found;
        }

        return null;
    }

    /// <summary>Whether the arguments reach the program as they are. Batch files are the exception: cmd.exe reads them once more.</summary>
    public static bool TakesArgumentsLiterally(string program, IReadOnlyList<string> arguments) =>
        !(program.EndsWith(".cmd", StringComparison.OrdinalIgnoreCase) || program.EndsWith(".bat", StringComparison.OrdinalIgnoreCase))
        || !arguments.Any(argument => argument.AsSpan().IndexOfAny(s_batchSyntax) >= 0);

    private static string? Existing(string path, ConfigurationEnvironment environment)
    {
        if (!environment.IsWindows)
            return environment.FileExists(path) ? path : null;

        if (Path.HasExtension(path) && environment.FileExists(path))
            return path;

        var extensions = (environment.NonEmpty("PATHEXT") ?? ".COM;.EXE;.BAT;.CMD").Split(';', StringSplitOptions.RemoveEmptyEntries);
        return extensions.Select(extension => path + extension).FirstOrDefault(environment.FileExists);
    }
}
