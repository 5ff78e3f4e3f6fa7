using System.ComponentModel;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using MeshRoll.Kubernetes.Configuration;

namespace MeshRoll.Kubernetes.Authentication;

/// <summary>
/// A credential a program gives (client.authentication.k8s.io). It runs once for however many callers, and again when what it gave
/// expires or is rejected.
/// </summary>
internal sealed class ExecCredential(ExecPlugin plugin, ConfigurationEnvironment environment) : ICredential
{
    // Clocks differ and requests take time: a credential about to expire is as good as expired.
    private static readonly TimeSpan s_margin = TimeSpan.FromSeconds(10);

    private readonly object _lock = new();
    private CredentialMaterial? _material;
    private DateTimeOffset _freshUntil;
    private ExecStatus? _status;
    private Run? _run;

    public ValueTask<CredentialMaterial> GetAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
            return _material is not null && environment.TimeProvider.GetUtcNow() < _freshUntil ? new(_material) : new(JoinAsync(Enter(), cancellationToken));
    }

    public async ValueTask<bool> RefreshAsync(CredentialMaterial rejected, CancellationToken cancellationToken)
    {
        Run run;
        lock (_lock)
        {
            // Somebody else's 401 led to a newer one already.
            if (_material is not null && !Same(_material, rejected))
                return true;

            run = Enter();
        }

        return !Same(await JoinAsync(run, cancellationToken), rejected);
    }

    private static bool Same(CredentialMaterial one, CredentialMaterial other) =>
        one.Authorization?.Parameter == other.Authorization?.Parameter && ReferenceEquals(one.ClientCertificate, other.ClientCertificate);

    // Called with the lock held.
    private Run Enter()
    {
        if (_run is null || _run.Task.IsCompleted)
            _run = new(this);

        _run.Waiters++;
        return _run;
    }

    private async Task<CredentialMaterial> JoinAsync(Run run, CancellationToken cancellationToken)
    {
        try
        {
            return await run.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            bool abandoned;
            lock (_lock)
            {
                abandoned = --run.Waiters == 0;
                if (abandoned && ReferenceEquals(_run, run))
                    _run = null;
            }

            // The program belongs to those who wait for it: when the last of them is gone, so is the program.
            if (abandoned)
                await run.StopAsync();
        }
    }

    private async Task<CredentialMaterial> RunAsync(CancellationToken cancellationToken)
    {
        if (plugin.Terminal == ExecTerminal.Always)
            throw new CredentialException(CredentialException.PluginNeedsTerminal, $"The credential plugin '{plugin.Command}' insists on a terminal (interactiveMode: Always) and cannot be given one here. Log in with it beforehand, or choose another way to authenticate.");

        var status = await AskAsync(cancellationToken);
        var material = Present(status);
        lock (_lock)
        {
            _material = material;
            _status = status;
            _freshUntil = FreshUntil(status.Expires, environment.TimeProvider.GetUtcNow());
        }

        return material;
    }

    // A credential of a few seconds' life loses only a part of it, or it would never be fresh.
    private static DateTimeOffset FreshUntil(DateTimeOffset? expires, DateTimeOffset now)
    {
        if (expires is not { } end)
            return DateTimeOffset.MaxValue;

        var margin = TimeSpan.FromTicks(Math.Clamp((end - now).Ticks / 10, 0, s_margin.Ticks));
        return end - margin;
    }

    private async Task<ExecStatus> AskAsync(CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(plugin.Timeout, environment.TimeProvider);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            var result = await PluginProcess.RunAsync(StartInfo(), limit.Token);
            return result.ExitCode == 0
                ? ExecCredentialFormat.Read(result.Output, plugin.ApiVersion)
                : throw Failed($"ended with exit code {result.ExitCode}{Said(result.Errors)}. Log in anew, or run it by hand to see more.");
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw Failed($"was stopped: it gave no answer within {plugin.Timeout.TotalSeconds:0} s. It may be waiting for somebody to log in; log in beforehand.");
        }
        catch (InvalidDataException)
        {
            throw Failed($"was stopped: it printed more than {PluginProcess.MaximumOutput / 1024} KB.");
        }
        catch (ExecFormatException e)
        {
            throw Failed($"cannot be used: {e.Message}.");
        }
        catch (Win32Exception e)
        {
            throw Failed($"cannot be started ({e.Message.TrimEnd('.')}).", e);
        }
    }

    private ProcessStartInfo StartInfo()
    {
        var program = PluginProgram.Find(plugin.Command, plugin.Directory, environment) ?? throw Missing();
        if (!PluginProgram.TakesArgumentsLiterally(program, plugin.Arguments))
            throw Failed("is a batch file and has arguments cmd.exe would change. Name the program behind it instead.");

        var start = new ProcessStartInfo(program)
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var argument in plugin.Arguments)
            start.ArgumentList.Add(argument);

        foreach (var (name, value) in plugin.Variables)
            start.Environment[name] = value;

        start.Environment[ExecCredentialFormat.RequestVariable] = ExecCredentialFormat.WriteRequest(plugin);
        return start;
    }

    private CredentialMaterial Present(ExecStatus status)
    {
        var authorization = status.Token is null ? null : new AuthenticationHeaderValue("Bearer", status.Token);
        if (status.CertificatePem is null || status.KeyPem is null)
            return new(authorization, null);

        // The same certificate again stays the same object: connections made with it remain good.
        lock (_lock)
        {
            if (_material is not null && _status is not null && _status.CertificatePem == status.CertificatePem && _status.KeyPem == status.KeyPem)
                return _material with { Authorization = authorization };
        }

        try
        {
            var client = PemCertificates.ReadClient(Encoding.ASCII.GetBytes(status.CertificatePem), Encoding.ASCII.GetBytes(status.KeyPem));
            return new(authorization, client.Certificate) { ClientCertificateChain = client.Chain };
        }
        catch (PemException e)
        {
            throw Failed($"gave a client certificate that cannot be used: {e.Message}", e);
        }
    }

    private string Said(string errors)
    {
        var known = plugin.Variables.Select(variable => variable.Value).Concat(plugin.Arguments.Select(ValueOf));
        var summary = SecretMask.Summarize(errors, known);
        return summary.Length == 0 ? "" : $", saying: {summary.TrimEnd('.')}";
    }

    // Of --client-secret=abc the value may be a secret; of --client-secret the name is none.
    private static string ValueOf(string argument) =>
        argument.StartsWith('-') ? argument[(argument.IndexOf('=', StringComparison.Ordinal) is var i and >= 0 ? i + 1 : argument.Length)..] : argument;

    private CredentialException Missing() => new(
        CredentialException.PluginMissing,
        $"The credential plugin '{plugin.Command}' is not there. {(plugin.InstallHint is { } hint ? hint.Trim() : "Install it, or correct PATH or the kubeconfig.")}");

    private CredentialException Failed(string problem, Exception? inner = null) =>
        new(CredentialException.PluginFailed, $"The credential plugin '{plugin.Command}' {problem}", inner);

    /// <summary>One execution, shared by all who wait for it.</summary>
    private sealed class Run
    {
        private readonly Func<Task> _cancel;

        public Run(ExecCredential owner)
        {
            // Without a timer or a wait handle of its own a source holds nothing that needs disposing.
            var stop = new CancellationTokenSource();
            _cancel = stop.CancelAsync;
            Task = System.Threading.Tasks.Task.Run(() => owner.RunAsync(stop.Token));
        }

        public Task<CredentialMaterial> Task { get; }

        public int Waiters { get; set; }

        public async Task StopAsync()
        {
            await _cancel();
            try
            {
                await Task;
            }
            catch (Exception e) when (e is OperationCanceledException or MeshRollException)
            {
                // Told to those who waited; seen here so that it does not count as unobserved.
            }
        }
    }
}
