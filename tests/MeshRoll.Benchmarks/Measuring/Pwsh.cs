using System.Diagnostics;
using System.Globalization;

namespace MeshRoll.Benchmarks.Measuring;

/// <summary>A fresh pwsh with the packaged module, and what it prints.</summary>
internal sealed class Pwsh(string modulePath, string kubeConfig, string kubectl)
{
    /// <summary>The pwsh on PATH, or null.</summary>
    internal static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh")).FirstOrDefault(File.Exists);

    /// <summary>Runs a script that prints one number as its last line; returns that.</summary>
    internal async Task<double> NumberAsync(string script) =>
        double.Parse((await RunAsync(script)).Trim().Split('\n')[^1], CultureInfo.InvariantCulture);

    /// <summary>The whole process' time in milliseconds.</summary>
    internal async Task<double> ProcessTimeAsync(string script)
    {
        var start = Stopwatch.GetTimestamp();
        await RunAsync(script);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    internal async Task<string> RunAsync(string script)
    {
        using var process = Process.Start(Describe(script))!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"pwsh ended with {process.ExitCode}: {await error} {output}");
    }

    /// <summary>Runs a script whose last act is to print a line, and keeps the process, with all that the script made, until it is disposed.</summary>
    internal async Task<HeldScript> HoldAsync(string script)
    {
        var info = Describe($"{script}; $null = [Console]::In.ReadLine()");
        info.RedirectStandardInput = true;
        var process = Process.Start(info)!;
        var said = await process.StandardOutput.ReadLineAsync();
        return said is null ? throw new InvalidOperationException($"pwsh ended: {await process.StandardError.ReadToEndAsync()}") : new(process, said);
    }

    private ProcessStartInfo Describe(string script)
    {
        var info = new ProcessStartInfo(Find()!) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["-NoProfile", "-NonInteractive", "-Command", $"$ErrorActionPreference = 'Stop'; {script}"]) info.ArgumentList.Add(argument);
        info.Environment["KUBECONFIG"] = kubeConfig;
        info.Environment["MESHROLL_MODULE"] = modulePath;
        info.Environment["MESHROLL_KUBECTL"] = kubectl;
        info.Environment["NO_COLOR"] = "1";
        return info;
    }
}
