using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using MeshRoll.Benchmarks.Measuring;
using MeshRoll.Benchmarks.World;

namespace MeshRoll.Benchmarks;

/// <summary>All sidecars of a big cluster: MeshRoll's first call in a fresh pwsh, the bare bytes over HTTP, kubectl with ConvertFrom-Json.</summary>
internal static class InventoryBenchmark
{
    internal static async Task RunAsync(BenchmarkWorld world, Pwsh pwsh, int rounds)
    {
        var growth = new List<double>();
        var contest = new Contest("All sidecars of the cluster, first call in a fresh process", rounds);
        contest.Add("Get-MeshSidecarVersion -AllNamespaces", async () =>
        {
            var lines = (await pwsh.RunAsync("""
                Import-Module $env:MESHROLL_MODULE
                $self = [Diagnostics.Process]::GetCurrentProcess()
                $before = $self.PeakWorkingSet64
                $clock = [Diagnostics.Stopwatch]::StartNew()
                $count = 0
                Get-MeshSidecarVersion -AllNamespaces | ForEach-Object { $count++ }
                $clock.Stop()
                $self.Refresh()
                $count
                ($self.PeakWorkingSet64 - $before) / 1MB
                $clock.Elapsed.TotalMilliseconds
                """)).Trim().Split('\n');
            growth.Add(double.Parse(lines[^2], CultureInfo.InvariantCulture));
            return double.Parse(lines[^1], CultureInfo.InvariantCulture);
        });
        contest.Add("raw protobuf list, consistent", () => RawAsync(world, "api/v1/pods"));
        contest.Add("raw protobuf list, pages of 500", () => RawAsync(world, "api/v1/pods?limit=500"));
        contest.Add("raw protobuf list, watch cache", () => RawAsync(world, "api/v1/pods?resourceVersion=0"));
        contest.Add("kubectl get pods -A -o json, then ConvertFrom-Json", () => pwsh.NumberAsync("""
            $clock = [Diagnostics.Stopwatch]::StartNew()
            $pods = & $env:MESHROLL_KUBECTL get pods -A -o json | ConvertFrom-Json
            $clock.Elapsed.TotalMilliseconds
            """));
        await contest.RunAsync("ms");
        Report.Table("Growth of the pwsh process (peak working set) by that call", [new Figures("Get-MeshSidecarVersion -AllNamespaces", growth, "MB")]);
    }

    /// <summary>The same bytes and nothing else: read to the end on a new connection, page by page where pages are asked for.</summary>
    private static async Task<double> RawAsync(BenchmarkWorld world, string path)
    {
        using var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, CustomTrustStore = { X509Certificate2.CreateFromPem(world.ControlPlane.CaPem) } },
            },
        };
        using var client = new HttpClient(handler) { BaseAddress = world.ControlPlane.Server };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", world.ControlPlane.AdminToken);
        client.DefaultRequestHeaders.Accept.ParseAdd("application/vnd.kubernetes.protobuf");

        var start = Stopwatch.GetTimestamp();
        var next = (string?)path;
        while (next is not null)
        {
            var body = await client.GetByteArrayAsync(new Uri(next, UriKind.Relative));
            next = path.Contains("limit=", StringComparison.Ordinal) && ContinueToken.In(body) is { Length: > 0 } token ? $"{path}&continue={Uri.EscapeDataString(token)}" : null;
        }
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
