using System.Globalization;
using System.Net.Http.Json;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MeshRoll.TestControlPlane.Api;
using MeshRoll.TestControlPlane.Servers;

namespace MeshRoll.TestControlPlane;

/// <summary>
/// A real Kubernetes control plane on 127.0.0.1: etcd, kube-apiserver, kube-controller-manager and kube-scheduler, in a
/// temporary directory of its own. It has no nodes; <see cref="Kubelet.FakeKubelet"/> plays them.
/// </summary>
public sealed class ControlPlane : IAsyncDisposable
{
    private const string Masters = "system:masters";

    private readonly ControlPlaneOptions _options;
    private readonly CertificateAuthority _authority;
    private readonly TemporaryHome _home;
    private readonly ServerGroup _servers;
    private readonly ServerBinaries _binaries;
    private readonly Queue<TokenUser> _spare;
    private readonly PosixSignalRegistration _termination;
    private bool _disposed;

    private ControlPlane(ServerBinaries binaries, ControlPlaneOptions options)
    {
        _binaries = binaries;
        _options = options;
        _authority = new CertificateAuthority("meshroll-test-authority");
        _home = TemporaryHome.Create();
        AdminToken = NewToken();
        _spare = new Queue<TokenUser>(Enumerable.Range(1, options.SpareTokenUsers)
            .Select(number => new TokenUser(string.Create(CultureInfo.InvariantCulture, $"spare-{number:00}"), NewToken(), [])));
        TokenUser admin = new("admin", AdminToken, [Masters]);
        _servers = new ServerGroup(binaries, options, _home, _authority, [admin, .. options.TokenUsers, .. _spare]);
        AdminClientCertificate = _authority.IssueClient("admin", [Masters]);
        KubeConfigPath = _home.PathOf("kubeconfig");
        WriteKubeConfig(KubeConfigPath, admin);
        Api = CreateApi(AdminToken);
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
        // Since .NET 10 a termination signal ends the process without ProcessExit unless somebody asks for it.
        _termination = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => OnProcessExit(null, EventArgs.Empty));
    }

    /// <summary>The base address of the API server, <c>https://127.0.0.1:port</c>; a restart keeps the port.</summary>
    public Uri Server => _servers.Layout.ApiServer;

    /// <summary>The authority that signed the API server's certificate and every client certificate, in PEM.</summary>
    public string CaPem => _authority.CertificatePem;

    /// <summary>The bearer token of a member of <c>system:masters</c>.</summary>
    public string AdminToken { get; }

    /// <summary>A client certificate of a member of <c>system:masters</c>.</summary>
    public ClientCertificate AdminClientCertificate { get; }

    /// <summary>A kubeconfig of the administrator, by token. Its current context is <see cref="ControlPlaneOptions.ContextName"/>.</summary>
    public string KubeConfigPath { get; }

    /// <summary>The kubectl of the same Kubernetes version.</summary>
    public string KubectlPath => _binaries.PathOf("kubectl");

    /// <summary>The addresses that services get: a part of the loopback network, so that one may listen on them.</summary>
    public string ServiceNetwork => _servers.Layout.ServiceNetwork;

    /// <summary>Where the components write their logs, one file each; gone after <see cref="DisposeAsync"/>.</summary>
    public string LogDirectory => _home.DirectoryPath;

    /// <summary>A client with the administrator's rights.</summary>
    public KubeApi Api { get; }

    /// <summary>Says whether the programs are installed, and where; otherwise the reason in one sentence, for a skipped test.</summary>
    public static bool TryFindBinaries(out string binDir, out string reason) => ServerBinaries.TryFind(out binDir, out reason);

    /// <summary>Starts all components and waits until pods could be created in the namespace <c>default</c>.</summary>
    /// <exception cref="ControlPlaneException">The programs are missing, or a component did not come up.</exception>
    public static async Task<ControlPlane> StartAsync(ControlPlaneOptions? options = null, CancellationToken cancellation = default)
    {
        if (!TryFindBinaries(out var directory, out var reason))
        {
            throw new ControlPlaneException(reason);
        }

        const int attempts = 3;
        for (var attempt = 1; ; attempt++)
        {
            var controlPlane = new ControlPlane(new ServerBinaries(directory), options ?? new ControlPlaneOptions());
            try
            {
                await controlPlane.StartServersAsync(cancellation);
                return controlPlane;
            }
            catch (ControlPlaneException failure) when (attempt < attempts && failure.Message.Contains("address already in use", StringComparison.Ordinal))
            {
                // Somebody else took a port between our look and the server's bind.
                await controlPlane.DisposeAsync();
            }
            catch
            {
                await controlPlane.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>Creates another client of the API server with a token of the caller's choice.</summary>
    public KubeApi CreateApi(string token) => new(Server, CaPem, token);

    /// <summary>Writes a kubeconfig for a user with a token.</summary>
    public void WriteKubeConfig(string path, TokenUser user, string? @namespace = null, string? context = null)
    {
        ArgumentNullException.ThrowIfNull(user);
        WriteKubeConfig(path, KubeConfigFile.TokenUser(user.Token), @namespace, context);
    }

    /// <summary>Writes a kubeconfig for a user with a client certificate.</summary>
    public void WriteKubeConfig(string path, ClientCertificate certificate, string? @namespace = null, string? context = null)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        WriteKubeConfig(path, KubeConfigFile.CertificateUser(certificate), @namespace, context);
    }

    /// <summary>Hands out one of the spare users, each only once. It has no rights until a role is bound to its name.</summary>
    /// <exception cref="InvalidOperationException">All <see cref="ControlPlaneOptions.SpareTokenUsers"/> are taken.</exception>
    public TokenUser TakeTokenUser()
    {
        lock (_spare)
        {
            return _spare.Dequeue();
        }
    }

    /// <summary>Issues a client certificate for any user and groups, at any time.</summary>
    public ClientCertificate IssueClientCertificate(string user, params IReadOnlyList<string> groups) => _authority.IssueClient(user, groups);

    /// <summary>Gets a token for a service account from the server, as a pod would have it; it is valid for an hour.</summary>
    public async Task<string> CreateServiceAccountTokenAsync(string @namespace, string name, CancellationToken cancellation = default)
    {
        var request = new JsonObject
        {
            ["apiVersion"] = "authentication.k8s.io/v1",
            ["kind"] = "TokenRequest",
            ["spec"] = new JsonObject { ["expirationSeconds"] = 3600 },
        };
        var answer = await Api.CreateAsync($"/api/v1/namespaces/{@namespace}/serviceaccounts/{name}/token", request, cancellation);
        return (string)answer["status"]!["token"]!;
    }

    /// <summary>Kills the API server: all connections break and new ones are refused until it is started again.</summary>
    public Task StopApiServerAsync() => _servers.StopApiServerAsync();

    /// <summary>Starts a stopped API server on the same port and waits until it is ready.</summary>
    public Task StartApiServerAsync(CancellationToken cancellation = default)
        => WithinStartTimeoutAsync(_servers.StartApiServerAsync, cancellation);

    /// <summary>Kills the API server and starts it again. Its watch cache is new, so old watches end with 410 Gone.</summary>
    public async Task RestartApiServerAsync(CancellationToken cancellation = default)
    {
        await StopApiServerAsync();
        await StartApiServerAsync(cancellation);
    }

    /// <summary>Drops etcd's history: continue tokens of running paged lists answer 410 Gone from now on.</summary>
    public async Task CompactEtcdAsync(CancellationToken cancellation = default)
    {
        using var client = new HttpClient { BaseAddress = _servers.Layout.EtcdServer };
        // A write of our own, because a token that names the newest revision would survive its compaction.
        var written = await PostAsync("/v3/kv/put", new JsonObject { ["key"] = "bWVzaHJvbGw=", ["value"] = "" });
        var revision = (string)written["header"]!["revision"]!;
        await PostAsync("/v3/kv/compaction", new JsonObject { ["revision"] = revision, ["physical"] = true });

        async Task<JsonObject> PostAsync(string path, JsonObject body)
        {
            using var answer = await client.PostAsJsonAsync(path, body, cancellation);
            answer.EnsureSuccessStatusCode();
            return (await answer.Content.ReadFromJsonAsync<JsonObject>(cancellation))!;
        }
    }

    /// <summary>Suspends all controllers: what is created or patched now is acted upon after <see cref="ResumeControllerManager"/>.</summary>
    public void PauseControllerManager() => _servers.PauseControllerManager();

    /// <summary>Lets the controllers go on.</summary>
    public void ResumeControllerManager() => _servers.ResumeControllerManager();

    /// <summary>Which components run and what each wrote to its log last: for the message of a test that failed without a clear cause.</summary>
    public string Describe() => _servers.Describe();

    /// <summary>kubectl as the administrator, with a cache of its own.</summary>
    public Kubectl Kubectl => new(KubectlPath, KubeConfigPath, _home.PathOf("kubectl-cache"));

    /// <summary>Runs kubectl as the administrator.</summary>
    public Task<KubectlResult> KubectlAsync(IReadOnlyList<string> arguments, CancellationToken cancellation = default) => Kubectl.RunAsync(arguments, cancellation);

    /// <summary>Ends every process that was started and removes every file that was written.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        _termination.Dispose();
        Api.Dispose();
        await _servers.DisposeAsync();
        _home.Dispose();
        _authority.Dispose();
    }

    private static string NewToken() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    private void WriteKubeConfig(string path, JsonObject user, string? @namespace, string? context)
        => File.WriteAllText(path, KubeConfigFile.Compose(context ?? _options.ContextName, Server.ToString().TrimEnd('/'), CaPem, user, @namespace));

    private Task StartServersAsync(CancellationToken cancellation) => WithinStartTimeoutAsync(
        async limited =>
        {
            await _servers.StartAsync(limited);
            try
            {
                await Api.WaitForServiceAccountAsync("default", limited);
            }
            catch (Exception failure) when (failure is TimeoutException or OperationCanceledException && !cancellation.IsCancellationRequested)
            {
                throw new ControlPlaneException($"The default service account was not made in time.{Environment.NewLine}{Describe()}", failure);
            }
        },
        cancellation);

    private async Task WithinStartTimeoutAsync(Func<CancellationToken, Task> start, CancellationToken cancellation)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limited.CancelAfter(_options.StartTimeout);
        await start(limited.Token);
    }

    private void OnProcessExit(object? sender, EventArgs arguments)
    {
        _servers.KillAll();
        _home.Dispose();
    }
}
