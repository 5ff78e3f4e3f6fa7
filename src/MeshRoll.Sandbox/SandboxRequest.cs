namespace MeshRoll.Sandbox;

/// <summary>One request that a sandbox was sent. No credentials, and nothing of a Secret's contents.</summary>
public sealed record SandboxRequest
{
    /// <summary>When it arrived, by the sandbox's clock.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>get, list, watch, create, update, patch, delete, deletecollection; off the resources the HTTP method in small letters.</summary>
    public required string Verb { get; init; }

    /// <summary>The HTTP method.</summary>
    public required string Method { get; init; }

    /// <summary>The path, decoded.</summary>
    public required string Path { get; init; }

    /// <summary>The query, decoded for reading: <c>labelSelector=app=web&amp;limit=500</c>. Empty for none.</summary>
    public required string Query { get; init; }

    /// <summary>The API group, empty for the core group.</summary>
    public required string Group { get; init; }

    /// <summary>The resource in the plural; empty for discovery, health and the like.</summary>
    public required string Resource { get; init; }

    /// <summary>The subresource, or empty.</summary>
    public required string Subresource { get; init; }

    /// <summary>The namespace, or empty.</summary>
    public required string Namespace { get; init; }

    /// <summary>The object's name, or empty.</summary>
    public required string Name { get; init; }

    /// <summary>What the client calls itself.</summary>
    public required string UserAgent { get; init; }

    /// <summary>The HTTP status of the answer; 0 where there was none (yet).</summary>
    public required int Status { get; init; }

    /// <summary>How long the answer took, to its end; null while it goes on, as an open watch does.</summary>
    public required double? DurationMilliseconds { get; init; }

    /// <summary>The name of the fault that was injected, or empty.</summary>
    public required string Fault { get; init; }

    /// <summary>The beginning of the body of a write, up to 4 KB, where it is text and holds no secret; otherwise empty.</summary>
    public required string Body { get; init; }
}
