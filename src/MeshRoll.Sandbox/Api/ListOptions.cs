using System.Globalization;
using MeshRoll.Sandbox.Wire;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Api;

/// <summary>Which state of a list is asked for, and how much of it (meta/v1 ListOptions).</summary>
internal sealed record ListOptions
{
    /// <summary>At most this many objects; 0 for all.</summary>
    public required int Limit { get; init; }

    /// <summary>Goes on with a list; empty for a new one.</summary>
    public required string Continue { get; init; }

    /// <summary>The version asked for; 0 for any.</summary>
    public required long ResourceVersion { get; init; }

    /// <summary>Whether exactly that version is wanted.</summary>
    public required bool Exact { get; init; }

    /// <summary>Reads the query of a list.</summary>
    /// <exception cref="ApiStatusException">A parameter, or the combination of them, is not allowed.</exception>
    public static ListOptions Of(HttpRequest request)
    {
        var token = request.QueryValue("continue") ?? "";
        var version = request.QueryValue("resourceVersion") ?? "";
        var match = request.QueryValue("resourceVersionMatch") ?? "";
        var limit = RequestOptions.Number(request, "limit") ?? 0;
        CheckMatch(match, version, token);
        if (token.Length > 0 && version is not ("" or "0")) throw ApiStatusException.BadRequest("specifying resource version is not allowed when using continue");
        return new()
        {
            Limit = (int)Math.Clamp(limit, 0, int.MaxValue),
            Continue = token,
            ResourceVersion = Version(version, "ListOptions"),
            // A limit with a version meant that version before resourceVersionMatch came, and still does.
            Exact = match == "Exact" || (match.Length == 0 && limit > 0 && version is not ("" or "0")),
        };
    }

    /// <summary>Reads a resource version; the empty one is 0.</summary>
    /// <exception cref="ApiStatusException">It is none.</exception>
    public static long Version(string text, string kind)
    {
        if (text.Length == 0) return 0;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : throw ApiErrors.InvalidOptions(kind, "resourceVersion", "FieldValueInvalid", $"Invalid value: \"{text}\": strconv.ParseUint: parsing \"{text}\": invalid syntax");
    }

    private static void CheckMatch(string match, string version, string token)
    {
        if (match.Length == 0) return;
        if (token.Length > 0) throw Forbidden("resourceVersionMatch is forbidden when continue is provided");
        if (version.Length == 0) throw Forbidden("resourceVersionMatch is forbidden unless resourceVersion is provided");
        if (match is not ("Exact" or "NotOlderThan"))
        {
            throw ApiErrors.InvalidOptions("ListOptions", "resourceVersionMatch", "FieldValueNotSupported",
                $"Unsupported value: \"{match}\": supported values: \"Exact\", \"NotOlderThan\", \"\"");
        }
        if (match == "Exact" && version == "0") throw Forbidden("resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"");
    }

    private static ApiStatusException Forbidden(string why) => ApiErrors.InvalidOptions("ListOptions", "resourceVersionMatch", "FieldValueForbidden", $"Forbidden: {why}");
}
