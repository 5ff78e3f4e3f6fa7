using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Authorizing;

/// <summary>
/// Knows who somebody is by the token he shows. Tokens are random and kept as digests only: they are in no log, no error and no object, and how far
/// a guess was right cannot be measured.
/// </summary>
internal sealed class Authenticator
{
    /// <summary>The user who sets the sandbox up and may do anything.</summary>
    public const string AdminName = "sandbox-admin";

    private const int TokenBytes = 32;

    // Not before they are needed: the first random number and the first digest of a process wait for the system's cryptography, and a world can be built meanwhile.
    private readonly Lazy<byte[]> _salt = new(() => RandomNumberGenerator.GetBytes(TokenBytes));
    private readonly Lazy<string> _adminToken;
    private readonly ConcurrentDictionary<long, Entry> _entries = new();
    private readonly Cluster _cluster;
    // Tokens that live no longer than an object, by its uid. Touched inside the simulation only.
    private readonly Dictionary<string, List<long>> _bound = new(StringComparer.Ordinal);

    /// <param name="cluster">Whose service accounts get tokens, and whose time those live by.</param>
    /// <param name="adminToken">The admin's token; null for a new one.</param>
    public Authenticator(Cluster cluster, string? adminToken = null)
    {
        _cluster = cluster;
        _adminToken = new(() =>
        {
            var token = adminToken ?? NewToken();
            Add(token, new(AdminName, [Identity.MastersGroup, Identity.AuthenticatedGroup]));
            return token;
        });
        cluster.Store.Changed += Observe;
    }

    /// <summary>The admin's token.</summary>
    public string AdminToken => _adminToken.Value;

    /// <summary>Makes a token for a user. He may have several; each knows its own groups.</summary>
    /// <returns>The token: it cannot be had again.</returns>
    public string AddUser(string name, params IEnumerable<string> groups)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var token = NewToken();
        Add(token, new(name, groups.Append(Identity.AuthenticatedGroup).Distinct()));
        return token;
    }

    /// <summary>Forgets all tokens of a user.</summary>
    /// <returns>Whether there were any.</returns>
    public bool RemoveUser(string name)
    {
        var any = false;
        foreach (var (key, entry) in _entries)
        {
            if (entry.Identity.Name == name) any |= _entries.TryRemove(key, out _);
        }
        return any;
    }

    /// <summary>Makes a token for a service account, good until it expires or the account or what it is bound to is gone. Call inside the simulation.</summary>
    /// <param name="account">The service account.</param>
    /// <param name="lifetime">How long it is good.</param>
    /// <param name="bound">The pod or secret it is made for; null for none.</param>
    public string AddServiceAccountToken(StoredObject account, TimeSpan lifetime, StoredObject? bound = null)
    {
        var token = NewToken();
        var key = Add(token, new(
            ServiceAccountNames.User(account.Namespace, account.Name),
            [.. ServiceAccountNames.Groups(account.Namespace), Identity.AuthenticatedGroup],
            account.Uid,
            Extra(bound)));
        Bind(account.Uid, key);
        if (bound is not null) Bind(bound.Uid, key);
        _cluster.Simulation.After(lifetime, () => _entries.TryRemove(key, out _), background: true);
        return token;
    }

    /// <summary>Who shows this token; null when nobody known does. May be called from anywhere.</summary>
    public Identity? Authenticate(ReadOnlySpan<char> token)
    {
        // The first who comes may be the admin.
        _ = AdminToken;
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        Digest(token, digest);
        // The place is found by a digest nobody else can compute, so the time this takes tells nothing about the tokens.
        return _entries.TryGetValue(BitConverter.ToInt64(digest), out var entry) && CryptographicOperations.FixedTimeEquals(digest, entry.Digest) ? entry.Identity : null;
    }

    // Base64 with the two signs that are at home in a header and in a URL.
    private static string NewToken() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(TokenBytes)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private static Dictionary<string, IReadOnlyList<string>>? Extra(StoredObject? bound)
    {
        if (bound is null || bound.Resource != Objects.ApiResources.Pods) return null;
        return new() { ["authentication.kubernetes.io/pod-name"] = [bound.Name], ["authentication.kubernetes.io/pod-uid"] = [bound.Uid] };
    }

    private long Add(string token, Identity identity)
    {
        var digest = new byte[SHA256.HashSizeInBytes];
        Digest(token, digest);
        var key = BitConverter.ToInt64(digest);
        _entries[key] = new(digest, identity);
        return key;
    }

    private void Digest(ReadOnlySpan<char> token, Span<byte> digest)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(token)];
        Encoding.UTF8.GetBytes(token, bytes);
        HMACSHA256.HashData(_salt.Value, bytes, digest);
    }

    private void Bind(string uid, long key)
    {
        if (!_bound.TryGetValue(uid, out var keys)) _bound[uid] = keys = [];
        keys.Add(key);
    }

    private void Observe(StoreChange change)
    {
        if (change.Type != ChangeType.Deleted || _bound.Count == 0 || !_bound.Remove(change.Object.Uid, out var keys)) return;
        foreach (var key in keys) _entries.TryRemove(key, out _);
    }

    private sealed record Entry(byte[] Digest, Identity Identity)
    {
        // A record would print what it holds.
        public override string ToString() => Identity.Name;
    }
}
