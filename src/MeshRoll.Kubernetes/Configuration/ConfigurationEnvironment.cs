namespace MeshRoll.Kubernetes.Configuration;

/// <summary>
/// What configuration asks of the machine: environment variables, files, the clock. Tests replace single members;
/// nothing else in <c>Configuration</c> and <c>Authentication</c> touches the process' environment.
/// </summary>
public sealed record ConfigurationEnvironment
{
    /// <summary>The process' own environment.</summary>
    public static ConfigurationEnvironment Process { get; } = new();

    /// <summary>An environment variable's value, or null.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>Whether a file is there.</summary>
    public Func<string, bool> FileExists { get; init; } = File.Exists;

    /// <summary>Opens a file for reading; others may replace it meanwhile, as login tools and kubelets do.</summary>
    public Func<string, Stream> OpenRead { get; init; } = static path =>
        new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>Where relative paths of the command line and of KUBECONFIG begin.</summary>
    public Func<string> CurrentDirectory { get; init; } = Directory.GetCurrentDirectory;

    /// <summary>Whether Windows' rules hold: list separator, home directory, program extensions.</summary>
    public bool IsWindows { get; init; } = OperatingSystem.IsWindows();

    /// <summary>The clock behind re-reading of files and expiry of credentials.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>A variable's value, or null when it is not set or empty.</summary>
    internal string? NonEmpty(string name) => Variable(name) is { Length: > 0 } value ? value : null;

    /// <summary>A file's bytes; refuses more than <paramref name="limit"/> bytes, whatever the file system says its size is.</summary>
    internal byte[] ReadBytes(string path, int limit)
    {
        using var stream = OpenRead(path);
        using var content = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = stream.Read(chunk, 0, chunk.Length)) > 0)
        {
            if (content.Length + read > limit)
                throw new FileTooLargeException(limit);

            content.Write(chunk, 0, read);
        }

        return content.ToArray();
    }
}

/// <summary>A file is larger than anything of its kind can sensibly be.</summary>
internal sealed class FileTooLargeException(int limit) : IOException($"it is larger than {limit / 1024} KB");
