using MeshRoll.Kubernetes.Authentication;
using MeshRoll.Kubernetes.Configuration;
using MeshRoll.Kubernetes.Tests.Builders;

namespace MeshRoll.Kubernetes.Tests.Authentication;

/// <summary>A credential plugin as a real program: a script of the test's own, started as any program is.</summary>
internal sealed class PluginScript : IDisposable
{
    public const string V1 = "client.authentication.k8s.io/v1";

    private readonly ConfigDirectory _files = new();

    public ManualTimeProvider Clock => _files.Clock;

    public string Directory => _files.Path;

    public string In(string name) => _files.In(name);

    /// <summary>How often a script that calls <see cref="Count"/> ran.</summary>
    public int Runs => File.Exists(In("runs")) ? File.ReadAllLines(In("runs")).Length : 0;

    /// <summary>A line of script that counts its run.</summary>
    public string Count => $"echo x >> '{In("runs")}'";

    public static string Print(string status, string apiVersion = V1) =>
        $$"""echo '{"kind":"ExecCredential","apiVersion":"{{apiVersion}}","status":{{status}}}'""";

    /// <summary>The credential of a kubeconfig whose plugin is <paramref name="script"/>, with further fields of the exec entry.</summary>
    public ICredential Credential(string script, string fields = "", string cluster = "server: https://127.0.0.1:6443", string command = "./plugin", string apiVersion = V1)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The plugins of these tests are shell scripts.");
        var path = _files.Write("plugin", "#!/bin/sh\n" + script + "\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var entry = $"exec:\n  apiVersion: {apiVersion}\n  command: {command}\n" + string.Join('\n', fields.Split('\n').Select(line => "  " + line.TrimEnd('\r')));
        var file = _files.Write("config", KubeConfigText.With(cluster, entry));
        return KubeConfig.Load(file, Environment).Resolve().Credential!;
    }

    private ConfigurationEnvironment Environment => _files.Environment with
    {
        Variable = name => name == "PATH" ? $"relative{Path.PathSeparator}{In("bin")}{Path.PathSeparator}{_files.Path}" : null,
    };

    public void Dispose() => _files.Dispose();
}
