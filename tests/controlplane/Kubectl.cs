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
        var info = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var argument in (IEnumerable<string>)[$"--kubeconfig={kubeConfigPath}", $"--cache-dir={cacheDirectory}", .. arguments])
        {
            info.ArgumentList.Add(argument);
        }

        using var kubectl = Process.Start(info)!;
        kubectl.StandardInput.Close();
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
}
