using System.Text;
using System.Text.Json.Nodes;

namespace MeshRoll.TestControlPlane.Servers;

/// <summary>Composes kubeconfig files. JSON is valid YAML, so no YAML writer is needed and nothing has to be quoted by hand.</summary>
internal static class KubeConfigFile
{
    public static string Compose(string context, string server, string authorityPem, JsonObject user, string? @namespace)
    {
        var contextBody = new JsonObject { ["cluster"] = context, ["user"] = context };
        if (@namespace is not null)
        {
            contextBody["namespace"] = @namespace;
        }

        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Config",
            ["clusters"] = Named(context, "cluster", new JsonObject
            {
                ["server"] = server,
                ["certificate-authority-data"] = Base64(authorityPem),
            }),
            ["users"] = Named(context, "user", user),
            ["contexts"] = Named(context, "context", contextBody),
            ["current-context"] = context,
        }.ToJsonString();
    }

    public static JsonObject TokenUser(string token) => new() { ["token"] = token };

    public static JsonObject CertificateUser(ClientCertificate certificate) => new()
    {
        ["client-certificate-data"] = Base64(certificate.CertificatePem),
        ["client-key-data"] = Base64(certificate.KeyPem),
    };

    private static JsonArray Named(string name, string key, JsonObject body) => [new JsonObject { ["name"] = name, [key] = body }];

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
