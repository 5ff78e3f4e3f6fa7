using System.Diagnostics;

namespace MeshRoll.Pester.Tests;

/// <summary>A PowerShell that can run the tests: MESHROLL_PWSH, else pwsh on the PATH; 7.4 or later, with Pester 5 or later.</summary>
public sealed class Pwsh
{
    private static readonly Lazy<Pwsh> s_found = new(Find);

    private Pwsh(string path, string? missing)
    {
        Path = path;
        Missing = missing;
    }

    /// <summary>The program.</summary>
    public string Path { get; }

    /// <summary>Why there is none; null when there is.</summary>
    public string? Missing { get; }

    /// <summary>The one found; skips the test by name where there is none.</summary>
    public static Pwsh Require()
    {
        if (s_found.Value.Missing is { } reason) Assert.Skip($"pwsh with Pester not found: {reason}");
        return s_found.Value;
    }

    /// <summary>Runs a script file to its end; returns what it wrote.</summary>
    public async Task<string> RunAsync(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        using var process = new Process { StartInfo = new(Path) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true } };
        process.StartInfo.ArgumentList.Add("-NoProfile");
        process.StartInfo.ArgumentList.Add("-NonInteractive");
        foreach (var argument in arguments) process.StartInfo.ArgumentList.Add(argument);
        foreach (var (name, value) in environment) process.StartInfo.Environment[name] = value;

        process.Start();
        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return await output + await errors;
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private static Pwsh Find()
    {
        var path = Environment.GetEnvironmentVariable("MESHROLL_PWSH") ?? "pwsh";
        try
        {
            var pwsh = new Pwsh(path, null);
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            var answer = pwsh.RunAsync(
                ["-Command", "if ($PSVersionTable.PSVersion -lt [version]'7.4') { 'it is older than 7.4' } elseif (-not (Get-Module -ListAvailable Pester | Where-Object Version -ge '5.5')) { 'it has no Pester 5.5 or later' } else { 'good' }"],
                new Dictionary<string, string> { ["NO_COLOR"] = "1" },
                patience.Token).GetAwaiter().GetResult().Trim();
            return answer == "good" ? pwsh : new(path, answer);
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or OperationCanceledException)
        {
            return new(path, $"{path}: {e.Message}");
        }
    }
}
