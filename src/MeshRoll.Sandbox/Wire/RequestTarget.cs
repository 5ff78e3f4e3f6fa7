namespace MeshRoll.Sandbox.Wire;

/// <summary>
/// What a request is about, in the API server's own terms. The rules are those of RequestInfo in k8s.io/apiserver (pkg/endpoints/request),
/// so that what is routed, logged and disturbed here is what a real server would authorise and audit.
/// </summary>
internal sealed record RequestTarget
{
    /// <summary>Whether the path is about a resource; discovery, health and the like are not.</summary>
    public required bool IsResource { get; init; }

    /// <summary>get, list, watch, create, update, patch, delete, deletecollection; empty for a method the API does not know. Off the resources the method in small letters.</summary>
    public required string Verb { get; init; }

    /// <summary>The API group, empty for the core group.</summary>
    public string Group { get; init; } = "";

    /// <summary>The version of the group: v1.</summary>
    public string Version { get; init; } = "";

    /// <summary>The namespace, or empty. A namespace object is in itself: both this and <see cref="Name"/> are its name.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>The resource in the plural: pods.</summary>
    public string Resource { get; init; } = "";

    /// <summary>The object's name, or empty. A list or watch has one too when its field selector allows exactly one metadata.name.</summary>
    public string Name { get; init; } = "";

    /// <summary>status, scale, eviction, log …, or empty.</summary>
    public string Subresource { get; init; } = "";

    /// <summary>What follows the subresource, without a leading slash: the path behind a proxy.</summary>
    public string Rest { get; init; } = "";

    /// <summary><c>pods</c>, <c>deployments.apps</c>: the resource as kubectl names it.</summary>
    public string QualifiedResource => Group.Length == 0 ? Resource : $"{Resource}.{Group}";

    /// <summary>Reads what a request is about. Never fails: what is no resource path is a path and a method.</summary>
    /// <param name="method">The HTTP method in capitals.</param>
    /// <param name="path">The decoded path.</param>
    /// <param name="query">The decoded query.</param>
    public static RequestTarget Parse(string method, string path, IReadOnlyList<KeyValuePair<string, string>> query)
    {
        var trimmed = path.Trim('/');
        var isCore = trimmed.StartsWith("api/", StringComparison.Ordinal);
        if (!isCore && !trimmed.StartsWith("apis/", StringComparison.Ordinal)) return NoResource(method);

        var parts = trimmed.Split('/');
        // /api/{version}/{resource} has three parts, /apis/{group}/{version}/{resource} four; shorter ones are discovery.
        var used = isCore ? 1 : 2;
        if (parts.Length < used + 2) return NoResource(method);

        var target = new RequestTarget { IsResource = true, Verb = VerbOf(method), Group = isCore ? "" : parts[1], Version = parts[used++] };
        return target.Locate(parts.AsSpan(used), method).Select(query);
    }

    private static RequestTarget NoResource(string method) => new() { IsResource = false, Verb = method.ToLowerInvariant() };

    private static string VerbOf(string method) => method switch
    {
        "POST" => "create",
        "GET" or "HEAD" => "get",
        "PUT" => "update",
        "PATCH" => "patch",
        "DELETE" => "delete",
        _ => "",
    };

    private RequestTarget Locate(ReadOnlySpan<string> parts, string method)
    {
        var verb = Verb;
        if (parts[0] is "watch" or "proxy")
        {
            // The old form of a watch: /api/v1/watch/pods. With nothing behind it the server is at a loss.
            if (parts.Length < 2) return this with { Verb = method.ToLowerInvariant() };
            verb = parts[0];
            parts = parts[1..];
        }

        var space = "";
        if (parts[0] == "namespaces" && parts.Length > 1)
        {
            space = parts[1];
            // status and finalize belong to the namespace itself; anything else is a resource inside of it.
            if (parts.Length > 2 && parts[2] is not ("status" or "finalize")) parts = parts[2..];
        }

        return this with
        {
            Verb = verb,
            Namespace = space,
            Resource = parts[0],
            Name = parts.Length > 1 ? parts[1] : "",
            Subresource = parts.Length > 2 && verb != "proxy" ? parts[2] : "",
            Rest = parts.Length > 3 ? string.Join('/', parts[3..].ToArray()) : "",
        };
    }

    private RequestTarget Select(IReadOnlyList<KeyValuePair<string, string>> query)
    {
        if (Name.Length > 0) return this;
        return Verb switch
        {
            "get" => this with { Verb = IsWatch(query) ? "watch" : "list", Name = SelectedName(query) },
            "delete" => this with { Verb = "deletecollection" },
            _ => this,
        };
    }

    private static bool IsWatch(IReadOnlyList<KeyValuePair<string, string>> query) =>
        First(query, "watch") is { } value && value != "0" && !value.Equals("false", StringComparison.OrdinalIgnoreCase);

    private static string SelectedName(IReadOnlyList<KeyValuePair<string, string>> query)
    {
        if (First(query, "fieldSelector") is not { } selector) return "";
        foreach (var term in selector.Split(','))
        {
            if (!term.StartsWith("metadata.name=", StringComparison.Ordinal)) continue;
            var name = term.AsSpan("metadata.name=".Length);
            if (name.StartsWith("=")) name = name[1..];
            return IsPathSegment(name) ? name.ToString() : "";
        }
        return "";
    }

    private static bool IsPathSegment(ReadOnlySpan<char> name) => name is not ("." or "..") && name.IndexOfAny('/', '%') < 0;

    private static string? First(IReadOnlyList<KeyValuePair<string, string>> query, string name)
    {
        foreach (var (key, value) in query)
        {
            if (key == name) return value;
        }
        return null;
    }
}
