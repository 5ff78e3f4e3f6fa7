using MeshRoll.Kubernetes.Configuration;

namespace MeshRoll.Kubernetes.Tests.Builders;

/// <summary>A directory of a test's own with kubeconfig files, and an environment that knows nothing but it.</summary>
public sealed class ConfigDirectory : IDisposable
{
    private readonly Dictionary<string, string> _variables = [];

    public string Path { get; } = Directory.CreateTempSubdirectory("meshroll-").FullName;

    public ManualTimeProvider Clock { get; } = new();

    public ConfigurationEnvironment Environment => new()
    {
        Variable = name => _variables.GetValueOrDefault(name),
        CurrentDirectory = () => Path,
        TimeProvider = Clock,
    };

    public string Write(string name, string content) => Write(name, System.Text.Encoding.UTF8.GetBytes(content));

    public string Write(string name, byte[] content)
    {
        var path = In(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return path;
    }

    public string In(string name) => System.IO.Path.Combine(Path, name);

    public void Set(string variable, string value) => _variables[variable] = value;

    public KubeConfig Load(string? path = null) => KubeConfig.Load(path, Environment);

    /// <summary>The error of reading a file and resolving its current context.</summary>
    public KubeConfigException Fails(string content) => Fails(System.Text.Encoding.UTF8.GetBytes(content));

    public KubeConfigException Fails(byte[] content)
    {
        var path = Write("config", content);
        return Assert.Throws<KubeConfigException>(() => Load(path).Resolve());
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
