using System.Text;
using MeshRoll.Kubernetes.Authentication;

namespace MeshRoll.Kubernetes.Configuration;

/// <summary>A user of a kubeconfig: the credential and whom to act as. Errors here never show a value.</summary>
internal static class UserEntry
{
    /// <summary>The credential; null when the entry has none (anonymous).</summary>
    public static ICredential? ReadCredential(ConfigSection user, ClusterEntry cluster, ConfigurationEnvironment environment)
    {
        if (user.Node("auth-provider") is not null)
            throw user.Invalid("auth-provider", "is no longer part of Kubernetes (since 1.26). Use the provider's credential plugin, as 'exec'.");

        var certificate = ReadCertificate(user, environment);
        var authorization = ReadAuthorization(user, environment);
        var plugin = user.Section("exec");

        // As client-go: what stands in the file goes before a plugin.
        if (plugin is not null && authorization is null)
            authorization = ExecEntry.Read(plugin, cluster, environment);

        return (certificate, authorization) switch
        {
            (null, _) => authorization,
            (_, null) => certificate,
            _ => new CombinedCredential(certificate, authorization),
        };
    }

    public static Impersonation? ReadImpersonation(ConfigSection user)
    {
        var name = Header(user, "as", user.Text("as"));
        var uid = Header(user, "as-uid", user.Text("as-uid"));
        var groups = user.Texts("as-groups");
        foreach (var group in groups)
            Header(user, "as-groups", group);

        var extra = ReadExtra(user);
        if (name is not null)
            return new(name) { Uid = uid, Groups = groups, Extra = extra };

        return uid is null && groups.Count == 0 && extra.Count == 0
            ? null
            : throw user.Invalid("acts as a group, uid or extra without a user. Add 'as'.");
    }

    private static ICredential? ReadAuthorization(ConfigSection user, ConfigurationEnvironment environment)
    {
        var token = user.Text("token");
        var tokenFile = user.AbsolutePath("tokenFile");
        var name = user.Text("username");
        if (name is not null && (token is not null || tokenFile is not null))
            throw user.Invalid("username", "contradicts the token beside it. Keep one way to authenticate.");

        if (tokenFile is not null)
            return new TokenFileCredential(tokenFile, environment);

        if (token is not null)
            return TokenCredential.IsToken(token) ? new TokenCredential(token) : throw user.Invalid("token", "holds characters a token cannot hold. Copy it anew.");

        if (name is null)
            return user.Node("password") is null ? null : throw user.Invalid("password", "stands there without a 'username'.");

        return name.Contains(':', StringComparison.Ordinal)
            ? throw user.Invalid("username", "holds a colon, which HTTP's basic authentication cannot transport.")
            : new BasicCredential(name, user.Text("password") ?? "");
    }

    private static ICredential? ReadCertificate(ConfigSection user, ConfigurationEnvironment environment)
    {
        var certificate = ReadPem(user, "client-certificate");
        var key = ReadPem(user, "client-key");
        if (certificate is null && key is null)
            return null;

        if (key is null)
            throw user.Invalid("has a client certificate but no key. Add 'client-key' or 'client-key-data'.");

        if (certificate is null)
            throw user.Invalid("has a client key but no certificate. Add 'client-certificate' or 'client-certificate-data'.");

        if (certificate.Value.Data is not { } certificateData || key.Value.Data is not { } keyData)
            return new ClientCertificateFileCredential(certificate.Value, key.Value, environment);

        try
        {
            return new ClientCertificateCredential(PemCertificates.ReadClient(certificateData, keyData));
        }
        catch (PemException e)
        {
            throw user.Invalid("client-certificate-data", $"and 'client-key-data' cannot be used: {e.Message}", e);
        }
    }

    // client-go: data wins over a file.
    private static PemSource? ReadPem(ConfigSection user, string field)
    {
        if (user.Data(field + "-data") is { } data)
            return PemSource.OfData(data);

        return user.AbsolutePath(field) is { } path ? PemSource.OfFile(path) : null;
    }

    private static Dictionary<string, IReadOnlyList<string>> ReadExtra(ConfigSection user)
    {
        var extra = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        if (user.Section("as-user-extra") is not { } section)
            return extra;

        foreach (var key in section.Fields)
        {
            var values = section.Texts(key);
            foreach (var value in values)
                Header(section, key, value);

            extra.Add(key, values);
        }

        return extra;
    }

    // Becomes a header: a line break would forge another one.
    private static string? Header(ConfigSection section, string field, string? value) =>
        value is not null && value.EnumerateRunes().Any(Rune.IsControl)
            ? throw section.Invalid(field, "holds a control character, which a header cannot transport.")
            : value;
}
