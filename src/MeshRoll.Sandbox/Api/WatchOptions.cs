using MeshRoll.Sandbox.Wire;

namespace MeshRoll.Sandbox.Api;

/// <summary>From where a watch begins, and how long it lasts.</summary>
internal sealed record WatchOptions
{
    /// <summary>Changes after this version; 0 for the present state and what comes after it.</summary>
    public required long ResourceVersion { get; init; }

    /// <summary>Whether the present state is sent first in any case, and a bookmark says where it ends.</summary>
    public required bool SendInitialEvents { get; init; }

    /// <summary>Whether bookmarks are wanted.</summary>
    public required bool Bookmarks { get; init; }

    /// <summary>How long it lasts.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Reads the query of a watch.</summary>
    /// <exception cref="Writing.ApiStatusException">A parameter, or the combination of them, is not allowed.</exception>
    public static WatchOptions Of(HttpRequest request)
    {
        var initial = RequestOptions.Flag(request, "sendInitialEvents");
        var match = request.QueryValue("resourceVersionMatch") ?? "";
        if (match.Length > 0 && request.QueryValue("sendInitialEvents") is null)
        {
            throw ApiErrors.InvalidOptions("ListOptions", "resourceVersionMatch", "FieldValueForbidden",
                "Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
        }
        if (initial && match != "NotOlderThan")
        {
            throw ApiErrors.InvalidOptions("ListOptions", "resourceVersionMatch", "FieldValueForbidden",
                "Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
        }
        var seconds = RequestOptions.Number(request, "timeoutSeconds") ?? 0;
        return new()
        {
            ResourceVersion = ListOptions.Version(request.QueryValue("resourceVersion") ?? "", "ListOptions"),
            SendInitialEvents = initial,
            Bookmarks = RequestOptions.Flag(request, "allowWatchBookmarks"),
            // As the real server: without a wish something between half an hour and an hour, so that not all come back at once.
            Duration = seconds > 0 ? TimeSpan.FromSeconds(seconds) : TimeSpan.FromSeconds(1800 + Random.Shared.Next(1800)),
        };
    }
}
