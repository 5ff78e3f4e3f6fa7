using System.Diagnostics;

namespace MeshRoll.TestControlPlane;

/// <summary>A kubectl that talks to one cluster, with a cache of its own: kubectl keeps what it knows of a server by host and port.</summary>
/// <param name="program">The kubectl program.</param>
/// <param name="kubeConfigPath">The cluster.</param>
/// <param name="cacheDirectory">Where it keeps its cache.</param>
public sealed class Kubectl(string program, string kubeConfigPath, string cacheDirectory)
{
    /// <summary>Runs one command and waits for its end.</summary>
    public async Task<KubectlResult> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellation = default)
    {
        using var kubectl = Start(arguments);
        var output = kubectl.StandardOutput.ReadToEndAsync(cancellation);
        var error = kubectl.StandardError.ReadToEndAsync(cancellation);
        try
        {
            await kubectl.WaitForExitAsync(cancellation);
            return new KubectlResult(kubectl.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            kubectl.Kill();
            throw;
        }
    }

    /// <summary>Runs a command that does not end by itself, such as a watch, until it has printed so many lines, and ends it.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="count">How many lines.</param>
    /// <param name="begun">What is to be done once the first line is there.</param>
    /// <param name="cancellation">Gives it up.</param>
    /// <returns>The lines; fewer when it ended before.</returns>
    public async Task<IReadOnlyList<string>> FollowAsync(IReadOnlyList<string> arguments, int count, Func<Task> begun, CancellationToken cancellation = default)
    {
        using var kubectl = Start(arguments);
        var lines = new List<string>();
        try
        {
            while (lines.Count < count && await kubectl.StandardOutput.ReadLineAsync(cancellation) is { } line)
            {
                lines.Add(line);
                if (lines.Count == 1) await begun();
            }
            return lines;
        }
        finally
        {
            kubectl.Kill();
        }
    }

    private Process Start(IReadOnlyList<string> arguments)
    {
        var info = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var argument in (IEnumerable<string>)[$"--kubeconfig={kubeConfigPath}", $"--cache-dir={cacheDirectory}", .. arguments])
        {
            info.ArgumentList.Add(argument);
        }

        var kubectl = Process.Start(info)!;
        kubectl.StandardInput.Close();
        return kubectl;
    }
}
