using System.Security.Cryptography.X509Certificates;
using System.Text;
using MeshRoll.Kubernetes.Authentication;

namespace MeshRoll.Kubernetes.Configuration;

/// <summary>
/// The service account every pod is given (Kubernetes, "Accessing the API from a pod"): the server's address in the environment,
/// token, root certificate and namespace in files. The token rotates, so its file is read again.
/// </summary>
public static class InClusterConfiguration
{
    private const string Directory = "/var/run/secrets/kubernetes.io/serviceaccount/";
    private const string HostVariable = "KUBERNETES_SERVICE_HOST";
    private const string PortVariable = "KUBERNETES_SERVICE_PORT";

    /// <summary>The name shown for the cluster.</summary>
    public const string Name = "in-cluster";

    /// <summary>Whether this process runs in a pod with a service account.</summary>
    public static bool IsAvailable(ConfigurationEnvironment? environment = null)
    {
        environment ??= ConfigurationEnvironment.Process;
        return environment.NonEmpty(HostVariable) is not null
            && environment.NonEmpty(PortVariable) is not null
            && environment.FileExists(Directory + "token");
    }

    /// <summary>What is needed to talk to the pod's own cluster as its service account.</summary>
    /// <exception cref="KubeConfigException"><c>MeshRoll.KubeConfigInvalid</c> when the address or the root certificate cannot be used.</exception>
    public static ClusterConnection Resolve(ConfigurationEnvironment? environment = null)
    {
        environment ??= ConfigurationEnvironment.Process;
        return new()
        {
            Name = Name,
            Server = ReadServer(environment),
            User = "serviceaccount",
            Namespace = ReadNamespace(environment),
            Tls = new() { CertificateAuthority = ReadAuthority(environment) },
            Credential = new TokenFileCredential(Directory + "token", environment),
        };
    }

    private static Uri ReadServer(ConfigurationEnvironment environment)
    {
        var host = environment.NonEmpty(HostVariable) ?? "";
        var port = environment.NonEmpty(PortVariable) ?? "";
        var bracketed = host.Contains(':', StringComparison.Ordinal) && !host.StartsWith('[') ? $"[{host}]" : host;
        return Uri.TryCreate($"https://{bracketed}:{port}/", UriKind.Absolute, out var server) && server.UserInfo.Length == 0
            ? server
            : throw new KubeConfigException(KubeConfigException.Invalid, $"The pod's {HostVariable} and {PortVariable} do not make an address. Run in a pod, or name a kubeconfig.");
    }

    private static string ReadNamespace(ConfigurationEnvironment environment)
    {
        var path = Directory + "namespace";
        if (!environment.FileExists(path))
            return "default";

        var text = Encoding.UTF8.GetString(Read(environment, path)).Trim();
        return text.Length == 0 ? "default" : text;
    }

    private static X509Certificate2Collection? ReadAuthority(ConfigurationEnvironment environment)
    {
        // client-go goes on with the system's roots when the file is missing.
        var path = Directory + "ca.crt";
        if (!environment.FileExists(path))
            return null;

        try
        {
            return PemCertificates.ReadAuthorities(Read(environment, path));
        }
        catch (PemException e)
        {
            throw new KubeConfigException(KubeConfigException.Invalid, $"The pod's root certificate '{path}' cannot be used: {e.Message}", e) { File = path };
        }
    }

    private static byte[] Read(ConfigurationEnvironment environment, string path)
    {
        try
        {
            return environment.ReadBytes(path, PemCertificates.MaximumBytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KubeConfigException(KubeConfigException.Invalid, $"The pod's service account file '{path}' cannot be read ({e.Message.TrimEnd('.')}).", e) { File = path };
        }
    }
}
