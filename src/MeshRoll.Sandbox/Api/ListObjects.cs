using System.Globalization;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Api;

/// <summary>One page of a list, to be written.</summary>
/// <param name="Version">The version of the state it shows.</param>
/// <param name="Items">The objects.</param>
/// <param name="Continue">The token for the next page; empty on the last.</param>
/// <param name="Remaining">How many objects follow; null where the real server does not say.</param>
internal sealed record ListPage(long Version, IReadOnlyList<StoredObject> Items, string Continue = "", long? Remaining = null)
{
    /// <summary>What the list says of itself.</summary>
    public ListMetadata Metadata => new(Version.ToString(CultureInfo.InvariantCulture), Continue, Remaining);
}

/// <summary>GET on a resource: all objects, or those of a namespace, whole or page by page. All pages of a list show one state.</summary>
internal sealed class ListObjects(Cluster cluster, Answers answers, ListSnapshots snapshots)
{
    public Task AnswerAsync(ApiCall call)
    {
        var options = ListOptions.Of(call.Request);
        var selection = Selection.Of(call);
        return answers.ListAsync(call, options.Continue.Length > 0 ? NextPage(options, selection) : FirstPage(call, options, selection));
    }

    private ListPage FirstPage(ApiCall call, ListOptions options, Selection selection)
    {
        var state = cluster.Simulation.Enter(() => StateAt(call, options));
        if (!selection.IsEverything) state = state with { Items = [.. state.Items.Where(selection.Matches)] };
        if (options.Limit == 0 || state.Items.Count <= options.Limit) return new(state.Version, state.Items);
        return Cut(snapshots.Keep(state), state, 0, options.Limit, selection);
    }

    private ListPage NextPage(ListOptions options, Selection selection)
    {
        var compacted = cluster.Simulation.Enter(() => cluster.Store.CompactedUpTo);
        var (id, snapshot, offset) = snapshots.Find(options.Continue, compacted);
        return Cut(id, snapshot, offset, options.Limit == 0 ? int.MaxValue : options.Limit, selection);
    }

    private static ListPage Cut(long id, ListSnapshot snapshot, int offset, int limit, Selection selection)
    {
        var count = Math.Min(limit, snapshot.Items.Count - offset);
        var items = new List<StoredObject>(count);
        for (var i = offset; i < offset + count; i++) items.Add(snapshot.Items[i]);
        var remaining = snapshot.Items.Count - offset - count;
        // With selectors the real server would have to look at everything to know the number, and so leaves it out.
        return new(snapshot.Version, items, remaining > 0 ? ListSnapshots.Token(id, snapshot, offset + count) : "", remaining > 0 && selection.IsEverything ? remaining : null);
    }

    private ListSnapshot StateAt(ApiCall call, ListOptions options)
    {
        var store = cluster.Store;
        store.Open(call.Resource);
        if (options.ResourceVersion > store.Version) throw ApiErrors.TooLargeVersion(options.ResourceVersion, store.Version);
        string? space = call.Resource.Namespaced && call.Namespace.Length > 0 ? call.Namespace : null;
        if (!options.Exact || options.ResourceVersion == store.Version)
        {
            if (call.Name.Length == 0 || (call.Resource.Namespaced && space is null)) return new(store.Version, [.. store.List(call.Resource, space)]);
            return new(store.Version, store.Find(call.Resource, call.Namespace, call.Name) is { } one ? [one] : []);
        }
        var past = store.ListAt(call.Resource, options.ResourceVersion) ?? throw ApiErrors.Expired("The resourceVersion for the provided list is too old.");
        return new(options.ResourceVersion, [.. past.Where(stored => space is null || stored.Namespace == space)]);
    }
}
