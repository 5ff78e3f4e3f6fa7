using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Wire;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Api;

/// <summary>What a request's query (or the body of a deletion) says about how to write.</summary>
internal static class RequestOptions
{
    /// <summary>dryRun and fieldManager of a write. Without a manager the first word of the user agent is it, as on the real server.</summary>
    /// <param name="request">The request.</param>
    /// <param name="kind">CreateOptions, UpdateOptions or PatchOptions: what an error message calls the parameters.</param>
    /// <exception cref="ApiStatusException">A parameter has no allowed value.</exception>
    public static WriteOptions Write(HttpRequest request, string kind) => new()
    {
        DryRun = DryRun(Values(request, "dryRun"), kind),
        FieldManager = request.QueryValue("fieldManager") is { Length: > 0 } manager ? manager : Agent(request),
        By = request.Identity,
    };

    /// <summary>How to delete: the body, where there is one, else the query.</summary>
    /// <exception cref="ApiStatusException">An option has no allowed value.</exception>
    public static DeleteOptions Delete(HttpRequest request)
    {
        // Where there is a body, what the query says is not read (DeleteResource in apiserver's endpoints/handlers).
        return request.Body.IsEmpty ? Delete(FromQuery(request), Values(request, "dryRun")) : Delete(ObjectBody.Parse(request, "DeleteOptions"), []);
    }

    /// <summary>How to delete, from a DeleteOptions object.</summary>
    /// <inheritdoc cref="Delete(HttpRequest)"/>
    public static DeleteOptions Delete(JsonObject body, IReadOnlyList<string> dryRun)
    {
        var policy = body.Text("propagationPolicy");
        if (policy is not (null or "Background" or "Foreground" or "Orphan"))
        {
            throw ApiErrors.InvalidOptions("DeleteOptions", "propagationPolicy", "FieldValueInvalid",
                $"Unsupported value: \"{policy}\": supported values: \"Background\", \"Foreground\", \"Orphan\", \"nil\"");
        }
        // What came before propagationPolicy.
        if (policy is null && body["orphanDependents"] is not null) policy = body.Flag("orphanDependents") ? "Orphan" : "Background";
        var grace = body.Number("gracePeriodSeconds");
        List<string> wanted = [.. dryRun, .. body.At("dryRun") is JsonArray list ? list.Select(value => value?.ToString() ?? "") : []];
        return new()
        {
            GracePeriodSeconds = grace is < 0 ? 1 : grace,
            PropagationPolicy = policy,
            Uid = body.Text("preconditions", "uid"),
            ResourceVersion = body.Text("preconditions", "resourceVersion"),
            DryRun = DryRun(wanted, "DeleteOptions"),
        };
    }

    /// <summary>All values of a query parameter.</summary>
    public static IReadOnlyList<string> Values(HttpRequest request, string name) => [.. request.Query.Where(parameter => parameter.Key == name).Select(parameter => parameter.Value)];

    /// <summary>The truth of a query parameter: present and neither 0 nor false.</summary>
    public static bool Flag(HttpRequest request, string name) => request.QueryValue(name) is { } value && value != "0" && !value.Equals("false", StringComparison.OrdinalIgnoreCase);

    /// <summary>The number of a query parameter, or null where it is missing.</summary>
    /// <exception cref="ApiStatusException">It is no number.</exception>
    public static long? Number(HttpRequest request, string name)
    {
        if (request.QueryValue(name) is not { Length: > 0 } text) return null;
        return long.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var number)
            ? number
            : throw ApiStatusException.BadRequest($"strconv.ParseInt: parsing \"{text}\": invalid syntax");
    }

    private static JsonObject FromQuery(HttpRequest request)
    {
        var options = new JsonObject();
        if (request.QueryValue("propagationPolicy") is { Length: > 0 } policy) options["propagationPolicy"] = policy;
        if (Number(request, "gracePeriodSeconds") is { } grace) options["gracePeriodSeconds"] = grace;
        if (request.QueryValue("orphanDependents") is { Length: > 0 } orphan) options["orphanDependents"] = orphan is "true" or "1";
        return options;
    }

    private static bool DryRun(IReadOnlyList<string> values, string kind)
    {
        if (values.Any(value => value is not ("All" or "")))
        {
            throw ApiErrors.InvalidOptions(kind, "dryRun", "FieldValueNotSupported",
                $"Unsupported value: []string{{{string.Join(", ", values.Select(value => $"\"{value}\""))}}}: supported values: \"All\"");
        }
        return values.Contains("All");
    }

    private static string Agent(HttpRequest request)
    {
        var agent = request.Header("User-Agent").Split('/')[0].Trim();
        return agent.Length > 0 ? agent : "unknown";
    }
}
