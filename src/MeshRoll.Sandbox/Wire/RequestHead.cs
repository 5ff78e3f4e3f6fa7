namespace MeshRoll.Sandbox.Wire;

/// <summary>The head of a request: everything before its body.</summary>
internal sealed record RequestHead
{
    /// <summary>GET, POST …, as sent.</summary>
    public required string Method { get; init; }

    /// <summary>The decoded path.</summary>
    public required string Path { get; init; }

    /// <summary>The decoded parameters.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Query { get; init; }

    /// <summary>HTTP/1.0 knows neither chunks nor, unless asked for, a second request on a connection.</summary>
    public required bool IsHttp10 { get; init; }

    /// <summary>The headers.</summary>
    public required RequestHeaders Headers { get; init; }

    /// <summary>Whether the connection stays open after the answer.</summary>
    public bool KeepAlive => IsHttp10 ? Headers.AsksToKeepAlive : !Headers.AsksToClose;

    /// <summary>The request with its body.</summary>
    public HttpRequest WithBody(ReadOnlyMemory<byte> body) => new() { Method = Method, Path = Path, Query = Query, Headers = Headers.ByName, Body = body };
}
