using System.Text;
using System.Text.Json;

namespace MeshRoll.Sandbox.Wire;

/// <summary>Writes the kubeconfig with which any client finds a sandbox.</summary>
internal static class KubeConfigFile
{
    /// <summary>
    /// Writes or replaces the file, at once and whole: a reader sees the old one or the new one. It holds the token, so nobody else may read it,
    /// not for a moment. On Windows the folder's rights decide.
    /// </summary>
    /// <param name="path">Where to. The folder must exist.</param>
    /// <param name="name">The sandbox's name: that of the cluster, the user and the context.</param>
    /// <param name="server">The URL.</param>
    /// <param name="token">The bearer token.</param>
    /// <param name="caPem">The authority to trust, for https.</param>
    /// <param name="namespace">The namespace of the context.</param>
    public static void Write(string path, string name, string server, string token, string? caPem = null, string @namespace = "default")
    {
        var text = Encoding.UTF8.GetBytes(Text(name, server, token, caPem, @namespace));
        var temporary = $"{path}.{Path.GetRandomFileName()}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            using (var file = new FileStream(temporary, options)) file.Write(text);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private static string Text(string name, string server, string token, string? caPem, string @namespace)
    {
        var trust = caPem is null ? "" : $"\n    certificate-authority-data: {Convert.ToBase64String(Encoding.ASCII.GetBytes(caPem))}";
        return $"""
            apiVersion: v1
            kind: Config
            current-context: {Quoted(name)}
            clusters:
            - name: {Quoted(name)}
              cluster:
                server: {Quoted(server)}{trust}
            users:
            - name: {Quoted(name)}
              user:
                token: {Quoted(token)}
            contexts:
            - name: {Quoted(name)}
              context:
                cluster: {Quoted(name)}
                user: {Quoted(name)}
                namespace: {Quoted(@namespace)}

            """;
    }

    // A JSON string is a YAML string, whatever is in it.
    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text)}\"";
}
