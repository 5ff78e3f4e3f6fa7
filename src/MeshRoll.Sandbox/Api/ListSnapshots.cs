using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Api;

/// <summary>One state of a list, from which all its pages are cut.</summary>
/// <param name="Version">The version of the state.</param>
/// <param name="Items">All selected objects of it.</param>
internal sealed record ListSnapshot(long Version, IReadOnlyList<StoredObject> Items);

/// <summary>The lists that clients are in the middle of. Kept for five minutes, as long as the real server keeps the history they are read from.</summary>
internal sealed class ListSnapshots(TimeProvider time)
{
    private const int MostKept = 500;
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);

    private readonly object _gate = new();
    private readonly Dictionary<long, (ListSnapshot Snapshot, long Since)> _known = [];
    private readonly Queue<long> _order = new();
    private long _last;

    /// <summary>Keeps a list whose first page is sent; returns what its tokens name it by.</summary>
    public long Keep(ListSnapshot snapshot)
    {
        lock (_gate)
        {
            DropOld();
            _known[++_last] = (snapshot, time.GetTimestamp());
            _order.Enqueue(_last);
            return _last;
        }
    }

    /// <summary>The list that a token names, and where in it to go on.</summary>
    /// <param name="token">The parameter continue.</param>
    /// <param name="compactedUpTo">History up to this version is gone.</param>
    /// <exception cref="ApiStatusException">It is no token, or too old a one.</exception>
    public (long Id, ListSnapshot Snapshot, int Offset) Find(string token, long compactedUpTo)
    {
        var (id, offset) = Read(token);
        lock (_gate)
        {
            DropOld();
            if (_known.TryGetValue(id, out var known) && known.Snapshot.Version >= compactedUpTo && offset <= known.Snapshot.Items.Count) return (id, known.Snapshot, offset);
        }
        throw ApiErrors.Expired("The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.");
    }

    /// <summary>The token for the next page.</summary>
    public static string Token(long id, ListSnapshot snapshot, int offset)
    {
        var text = new JsonObject { ["v"] = "meta.k8s.io/v1", ["rv"] = snapshot.Version, ["list"] = id, ["start"] = offset }.ToJsonString();
        return Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
    }

    private static (long Id, int Offset) Read(string token)
    {
        try
        {
            var text = token.Replace('-', '+').Replace('_', '/');
            var json = JsonNode.Parse(Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '=')));
            if (json.Number("list") is { } id && json.Number("start") is >= 0 and <= int.MaxValue and var offset) return (id, (int)offset);
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            // Not one of ours: said below.
        }
        throw ApiStatusException.BadRequest($"continue key is not valid: {token}");
    }

    private void DropOld()
    {
        while (_order.TryPeek(out var oldest) && (_order.Count > MostKept || time.GetElapsedTime(_known[oldest].Since) > Kept))
        {
            _known.Remove(oldest);
            _order.Dequeue();
        }
    }
}
