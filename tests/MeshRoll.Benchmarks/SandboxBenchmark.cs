using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MeshRoll.Benchmarks.Measuring;
using MeshRoll.Sandbox;
using MeshRoll.Sandbox.Worlds;

namespace MeshRoll.Benchmarks;

/// <summary>What the sandbox costs: its start, a big world, an answer.</summary>
internal static class SandboxBenchmark
{
    private const int Gets = 20_000;
    private const int Askers = 16;

    internal static async Task RunAsync(Pwsh pwsh, int rounds)
    {
        await StartAsync(pwsh, rounds);
        await GetsAsync(rounds);
    }

    private static async Task StartAsync(Pwsh pwsh, int rounds)
    {
        var contest = new Contest("From New-MeshSandbox to the first answer, in a fresh pwsh", rounds);
        contest.Add("Shop", () => pwsh.NumberAsync(Started("New-MeshSandbox -Scenario Shop")));
        contest.Add("Empty", () => pwsh.NumberAsync(Started("New-MeshSandbox -Scenario Empty")));
        contest.Add("Large, 10,000 pods", () => pwsh.NumberAsync(Started("New-MeshSandbox -Scenario Large")));
        await contest.RunAsync("ms");

        var memory = new Contest("Memory of a pwsh with 10,000 pods in it", rounds);
        memory.Add("with Large", () => pwsh.NumberAsync(Memory("$s = New-MeshSandbox -Scenario Large")));
        memory.Add("module only", () => pwsh.NumberAsync(Memory("$null = Get-MeshCluster")));
        await memory.RunAsync("MB");

        static string Started(string command) => $$"""
            Import-Module $env:MESHROLL_MODULE
            $clock = [Diagnostics.Stopwatch]::StartNew()
            $sandbox = {{command}}
            $null = Connect-MeshCluster -Sandbox $sandbox
            $clock.Elapsed.TotalMilliseconds
            """;

        static string Memory(string command) => $$"""
            Import-Module $env:MESHROLL_MODULE
            {{command}}
            [Diagnostics.Process]::GetCurrentProcess().WorkingSet64 / 1MB
            """;
    }

    private static async Task GetsAsync(int rounds)
    {
        await using var sandbox = SandboxCluster.Start(new() { World = BuiltInWorlds.Find("Shop") });
        using var http = new HttpClient(Trusting(sandbox.KubeConfigPath)) { BaseAddress = sandbox.Server };
        http.DefaultRequestHeaders.Authorization = new("Bearer", FromKubeConfig(sandbox.KubeConfigPath, "token"));
        var contest = new Contest($"{Gets} gets of a Deployment by {Askers} askers over loopback", rounds);
        contest.Add("sandbox", async () =>
        {
            var start = Stopwatch.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, Askers).Select(async _ =>
            {
                for (var i = 0; i < Gets / Askers; i++) await http.GetByteArrayAsync(new Uri("/apis/apps/v1/namespaces/shop/deployments/web", UriKind.Relative));
            }));
            return Gets / Stopwatch.GetElapsedTime(start).TotalSeconds;
        });
        await contest.RunAsync("requests/s");
    }

    private static SocketsHttpHandler Trusting(string kubeConfig)
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.ImportFromPem(Encoding.ASCII.GetString(Convert.FromBase64String(FromKubeConfig(kubeConfig, "certificate-authority-data"))));
        return new() { SslOptions = new() { CertificateChainPolicy = trust } };
    }

    private static string FromKubeConfig(string path, string key) =>
        File.ReadLines(path).Select(line => line.Trim()).First(line => line.StartsWith($"{key}:", StringComparison.Ordinal))[(key.Length + 1)..].Trim(' ', '"');
}
