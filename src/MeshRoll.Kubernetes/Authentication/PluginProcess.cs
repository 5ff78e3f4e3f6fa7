using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace MeshRoll.Kubernetes.Authentication;

/// <summary>How a plugin ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">What it printed.</param>
/// <param name="Errors">The end of what it wrote to stderr, unmasked.</param>
internal sealed record PluginResult(int ExitCode, ReadOnlyMemory<byte> Output, string Errors);

/// <summary>Runs a program without a shell, with bounded output. Whatever ends the wait also ends the program and its children.</summary>
internal static class PluginProcess
{
    /// <summary>Tokens have a few KB, certificates some more.</summary>
    public const int MaximumOutput = 1024 * 1024;

    private const int MaximumErrors = 16 * 1024;

    /// <exception cref="Win32Exception">It cannot be started.</exception>
    /// <exception cref="InvalidDataException">It prints too much.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the program was killed.</exception>
    public static async Task<PluginResult> RunAsync(ProcessStartInfo start, CancellationToken cancellationToken)
    {
        using var process = Process.Start(start) ?? throw new Win32Exception();
        try
        {
            // Its pipes end with it, so that no read outlives the wait, whether or not the platform can cancel reading a pipe.
            using var kill = cancellationToken.Register(static started => Kill((Process)started!), process);
            process.StandardInput.Close();
            using var output = new MemoryStream();
            var errors = new StringBuilder();
            var readErrors = ReadErrorsAsync(process, errors, cancellationToken);
            await Task.WhenAll(ReadOutputAsync(process, output, cancellationToken), readErrors);
            await process.WaitForExitAsync(cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            return new(process.ExitCode, output.ToArray(), errors.ToString());
        }
        catch
        {
            Kill(process);
            throw;
        }
    }

    private static async Task ReadOutputAsync(Process process, MemoryStream output, CancellationToken cancellationToken)
    {
        var chunk = new byte[8192];
        int read;
        while ((read = await process.StandardOutput.BaseStream.ReadAsync(chunk, cancellationToken)) > 0)
        {
            if (output.Length + read > MaximumOutput)
            {
                Kill(process);
                throw new InvalidDataException();
            }

            output.Write(chunk, 0, read);
        }
    }

    private static async Task ReadErrorsAsync(Process process, StringBuilder errors, CancellationToken cancellationToken)
    {
        var chunk = new char[4096];
        int read;
        while ((read = await process.StandardError.ReadAsync(chunk, cancellationToken)) > 0)
        {
            // The reason usually stands at the end: what came long before it may go.
            errors.Append(chunk, 0, read);
            if (errors.Length > MaximumErrors)
                errors.Remove(0, errors.Length - MaximumErrors);
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It ended by itself meanwhile.
        }
    }
}
