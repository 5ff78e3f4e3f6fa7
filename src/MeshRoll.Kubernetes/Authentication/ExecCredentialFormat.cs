using System.Globalization;
using System.Text;
using System.Text.Json;
using MeshRoll.Kubernetes.Configuration;

namespace MeshRoll.Kubernetes.Authentication;

/// <summary>What a plugin printed: a token, a certificate with its key, or both, and until when.</summary>
internal sealed record ExecStatus(string? Token, string? CertificatePem, string? KeyPem, DateTimeOffset? Expires);

/// <summary>What a plugin printed is no credential. The message repeats nothing of it.</summary>
internal sealed class ExecFormatException(string message) : Exception(message);

/// <summary>The ExecCredential of client.authentication.k8s.io, v1 and v1beta1 (they differ in nothing we use), written and read.</summary>
internal static class ExecCredentialFormat
{
    public const string V1 = "client.authentication.k8s.io/v1";

    public const string V1Beta1 = "client.authentication.k8s.io/v1beta1";

    /// <summary>The plugin's environment variable that holds the request.</summary>
    public const string RequestVariable = "KUBERNETES_EXEC_INFO";

    // The request travels in an environment variable: Linux allows 128 KB for one.
    private const int MaximumConfigValues = 4096;

    public static string WriteRequest(ExecPlugin plugin)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("kind", "ExecCredential");
            json.WriteString("apiVersion", plugin.ApiVersion);
            json.WriteStartObject("spec");
            if (plugin.Cluster is { } cluster)
                WriteCluster(json, cluster);

            json.WriteBoolean("interactive", false);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    public static ExecStatus Read(ReadOnlyMemory<byte> output, string apiVersion)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(output);
        }
        catch (JsonException)
        {
            // Neither kept nor shown: the text around the error may be the token.
            throw new ExecFormatException("it printed something else than JSON");
        }

        using (document)
            return Read(document.RootElement, apiVersion);
    }

    private static ExecStatus Read(JsonElement root, string apiVersion)
    {
        if (Text(root, "kind") is not "ExecCredential")
            throw new ExecFormatException("it printed something else than an ExecCredential");

        if (Text(root, "apiVersion") != apiVersion)
            throw new ExecFormatException($"it answered in another version than {apiVersion}, which the kubeconfig demands");

        if (!root.TryGetProperty("status", out var status) || status.ValueKind != JsonValueKind.Object)
            throw new ExecFormatException("its answer has no status");

        var answer = new ExecStatus(Text(status, "token"), Text(status, "clientCertificateData"), Text(status, "clientKeyData"), Expires(status));
        if (answer.CertificatePem is null != answer.KeyPem is null)
            throw new ExecFormatException("it gave a client certificate without key, or a key without certificate");

        if (answer.Token is null && answer.CertificatePem is null)
            throw new ExecFormatException("it gave neither a token nor a client certificate");

        return answer.Token is null || TokenCredential.IsToken(answer.Token)
            ? answer
            : throw new ExecFormatException("its token holds characters a token cannot hold");
    }

    private static string? Text(JsonElement parent, string field) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : null;

    private static DateTimeOffset? Expires(JsonElement status)
    {
        if (Text(status, "expirationTimestamp") is not { } text)
            return null;

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new ExecFormatException("its expirationTimestamp is not a time");
    }

    private static void WriteCluster(Utf8JsonWriter json, ClusterEntry cluster)
    {
        json.WriteStartObject("cluster");
        json.WriteString("server", cluster.Server.AbsoluteUri.TrimEnd('/'));
        if (cluster.Tls.ServerName is { } name)
            json.WriteString("tls-server-name", name);

        if (cluster.Tls.InsecureSkipVerify)
            json.WriteBoolean("insecure-skip-tls-verify", true);

        if (cluster.CertificateAuthorityData is { } authority)
            json.WriteBase64String("certificate-authority-data", authority);

        if (cluster.Proxy is { } proxy)
            json.WriteString("proxy-url", proxy.OriginalString);

        if (cluster.PluginConfig is { } config)
        {
            json.WritePropertyName("config");
            var budget = MaximumConfigValues;
            WriteNode(json, config, 0, ref budget);
        }

        json.WriteEndObject();
    }

    // Aliases make the tree a graph: small to hold, but without a bound when written out.
    private static void WriteNode(Utf8JsonWriter json, ConfigNode node, int depth, ref int budget)
    {
        if (--budget < 0 || depth > ConfigNodeReader.MaximumDepth)
            throw new ExecFormatException("the cluster's extension for it is too large to be handed over");

        switch (node.Kind)
        {
            case ConfigNodeKind.Map:
                json.WriteStartObject();
                foreach (var (key, value) in node.Members)
                {
                    json.WritePropertyName(key);
                    WriteNode(json, value, depth + 1, ref budget);
                }

                json.WriteEndObject();
                break;
            case ConfigNodeKind.List:
                json.WriteStartArray();
                foreach (var item in node.Items)
                    WriteNode(json, item, depth + 1, ref budget);

                json.WriteEndArray();
                break;
            default:
                WriteText(json, node);
                break;
        }
    }

    private static void WriteText(Utf8JsonWriter json, ConfigNode node)
    {
        if (node.IsNull)
            json.WriteNullValue();
        else if (node.Quoted)
            json.WriteStringValue(node.Text);
        else if (node.Text is "true" or "false")
            json.WriteBooleanValue(node.Text == "true");
        else if (long.TryParse(node.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            json.WriteNumberValue(number);
        else if (double.TryParse(node.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real))
            json.WriteNumberValue(real);
        else
            json.WriteStringValue(node.Text);
    }
}
