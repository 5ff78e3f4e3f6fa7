using System.Diagnostics;
using System.Globalization;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using MeshRoll.Benchmarks.Measuring;
using MeshRoll.Kubernetes.Configuration;

namespace MeshRoll.Benchmarks;

/// <summary>
/// Proxy status of a big mesh, MeshRoll's first call in a fresh pwsh, against what no client can be faster than: the answers of all istiods, asked at the same
/// time over bare WebSockets and not read, until the slowest has come; and the list of the pods. The cluster is a sandbox in a process of its own.
/// </summary>
internal static class ProxyStatusBenchmark
{
    private const int Istiods = 5;
    private const int PodsPerWorkload = 10;

    internal static async Task RunAsync(Pwsh pwsh, int pods, int rounds)
    {
        await using var sandbox = await pwsh.HoldAsync(string.Create(CultureInfo.InvariantCulture, $$"""
            Import-Module $env:MESHROLL_MODULE
            $workloads = {{pods / PodsPerWorkload}}
            $world = @{
                nodes      = @(1..([math]::Ceiling({{pods}} / 240)) | ForEach-Object { @{ name = "node-$_"; pods = 260; cpu = '128'; memory = '512Gi' } })
                mesh       = @{ revisions = @(@{ version = '1.27.1'; replicas = {{Istiods}} }) }
                namespaces = @(for ($n = 0; $n -lt $workloads; $n += 100) {
                    @{ name = "team-$($n / 100)"; injection = 'enabled'; workloads = @($n..([math]::Min($n + 99, $workloads - 1)) | ForEach-Object { @{ name = "app-$_"; replicas = {{PodsPerWorkload}}; cpu = '10m'; memory = '16Mi' } }) }
                })
            }
            (New-MeshSandbox -Scenario $world -VirtualTime).KubeConfigPath
            """));
        var connection = KubeConfig.Load(sandbox.Said).Resolve();
        using var raw = await RawClient.CreateAsync(connection);
        var istiods = await raw.IstiodsAsync();
        if (istiods.Count != Istiods) throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{istiods.Count} istiods instead of {Istiods}"));

        var growth = new List<double>();
        var bytes = 0L;
        var contest = new Contest(string.Create(CultureInfo.InvariantCulture, $"Proxy status of {pods} proxies on {Istiods} istiods"), rounds);
        contest.Add("Get-MeshProxyStatus -AllNamespaces, first call", () => MeasureAsync("", growth));
        contest.Add("Get-MeshProxyStatus -AllNamespaces, second call", () => MeasureAsync(Call("-Namespace team-0"), []));
        contest.Add("raw: all istiods at once, the slowest answer", async () =>
        {
            var answers = await Task.WhenAll(istiods.Select(raw.AskAsync));
            bytes = answers.Sum(answer => answer.Bytes);
            return answers.Max(answer => answer.Milliseconds);
        });
        contest.Add("raw: the list of pods, pages of 500", raw.ListPodsAsync);
        contest.Add("raw: both at the same time", async () =>
        {
            var start = Stopwatch.GetTimestamp();
            await Task.WhenAll([raw.ListPodsAsync(), .. istiods.Select(raw.AskAsync)]);
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        });
        await contest.RunAsync("ms");
        Report.Table("Growth of the pwsh process (peak working set) by that call", [new Figures("Get-MeshProxyStatus -AllNamespaces, first call", growth, "MB")]);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"- the istiods' answers: {bytes / 1048576.0:0.0} MB"));

        string Call(string scope) => $"Get-MeshProxyStatus {scope} -KubeConfig '{sandbox.Said}' | ForEach-Object {{ if ($_.State -eq 'Synced') {{ $count++ }} }}";

        async Task<double> MeasureAsync(string before, List<double> megabytes)
        {
            var lines = (await pwsh.RunAsync($$"""
                Import-Module $env:MESHROLL_MODULE
                {{before}}
                $self = [Diagnostics.Process]::GetCurrentProcess()
                $peak = $self.PeakWorkingSet64
                $clock = [Diagnostics.Stopwatch]::StartNew()
                $count = 0
                {{Call("-AllNamespaces")}}
                $clock.Stop()
                $self.Refresh()
                $count
                ($self.PeakWorkingSet64 - $peak) / 1MB
                $clock.Elapsed.TotalMilliseconds
                """)).Trim().Split('\n');
            if (int.Parse(lines[^3], CultureInfo.InvariantCulture) != pods) throw new InvalidOperationException($"{lines[^3]} of {pods} proxies");
            megabytes.Add(double.Parse(lines[^2], CultureInfo.InvariantCulture));
            return double.Parse(lines[^1], CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Questions by the framework alone, sharing no code with MeshRoll but the reading of the kubeconfig.</summary>
    private sealed class RawClient : IDisposable
    {
        private readonly HttpClient _http;
        private readonly SocketsHttpHandler _handler;
        private readonly string _authorization;

        private RawClient(Uri server, X509Certificate2Collection roots, string authorization)
        {
            _authorization = authorization;
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(roots);
            _handler = new() { SslOptions = new() { CertificateChainPolicy = policy } };
            _http = new(_handler) { BaseAddress = server };
            _http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);
        }

        public static async Task<RawClient> CreateAsync(ClusterConnection connection)
        {
            var material = await connection.Credential!.GetAsync(CancellationToken.None);
            return new(connection.Server, connection.Tls.CertificateAuthority!, material.Authorization!.ToString());
        }

        public async Task<IReadOnlyList<string>> IstiodsAsync()
        {
            using var list = JsonDocument.Parse(await _http.GetByteArrayAsync(new Uri("api/v1/namespaces/istio-system/pods?labelSelector=app%3Distiod", UriKind.Relative)));
            return [.. list.RootElement.GetProperty("items").EnumerateArray().Select(pod => pod.GetProperty("metadata").GetProperty("name").GetString()!)];
        }

        /// <summary>The answer of one istiod, from the first byte sent to the last one received.</summary>
        public async Task<(double Milliseconds, long Bytes)> AskAsync(string istiod)
        {
            var start = Stopwatch.GetTimestamp();
            using var socket = new ClientWebSocket();
            socket.Options.AddSubProtocol("v4.channel.k8s.io");
            socket.Options.SetRequestHeader("Authorization", _authorization);
            using var invoker = new HttpMessageInvoker(_handler, disposeHandler: false);
            var address = new UriBuilder(new Uri(_http.BaseAddress!, $"api/v1/namespaces/istio-system/pods/{istiod}/portforward?ports=15014")) { Scheme = "wss" };
            await socket.ConnectAsync(address.Uri, invoker, CancellationToken.None);
            await socket.SendAsync((byte[])[0, .. Encoding.ASCII.GetBytes("GET /debug/syncz HTTP/1.1\r\nHost: 127.0.0.1:15014\r\nConnection: close\r\n\r\n")], WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
            var buffer = new byte[64 << 10];
            var bytes = 0L;
            while (await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None) is { MessageType: not WebSocketMessageType.Close } part) bytes += part.Count;
            return (Stopwatch.GetElapsedTime(start).TotalMilliseconds, bytes);
        }

        public async Task<double> ListPodsAsync()
        {
            var start = Stopwatch.GetTimestamp();
            for (string? token = ""; token is not null;)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"api/v1/pods?limit=500&continue={Uri.EscapeDataString(token)}", UriKind.Relative));
                request.Headers.Accept.ParseAdd("application/vnd.kubernetes.protobuf");
                using var response = await _http.SendAsync(request);
                var body = await response.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync();
                token = ContinueToken.In(body) is { Length: > 0 } next ? next : null;
            }
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        public void Dispose()
        {
            _http.Dispose();
            _handler.Dispose();
        }
    }
}
