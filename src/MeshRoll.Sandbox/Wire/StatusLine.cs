using System.Text;

namespace MeshRoll.Sandbox.Wire;

/// <summary>The first line of an answer.</summary>
internal static class StatusLine
{
    private static readonly byte[]?[] Lines = new byte[]?[600];

    /// <summary>The whole line, its end included.</summary>
    public static ReadOnlySpan<byte> Of(int status)
    {
        if (status is < 100 or > 599) throw new ArgumentOutOfRangeException(nameof(status), status, "not an HTTP status");
        return Lines[status] ??= Encoding.ASCII.GetBytes($"HTTP/1.1 {status} {Phrase(status)}\r\n");
    }

    /// <summary>The words of RFC 9110 and 6585, for the statuses an API server knows.</summary>
    public static string Phrase(int status) => status switch
    {
        101 => "Switching Protocols",
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        204 => "No Content",
        301 => "Moved Permanently",
        302 => "Found",
        304 => "Not Modified",
        307 => "Temporary Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        408 => "Request Timeout",
        409 => "Conflict",
        410 => "Gone",
        412 => "Precondition Failed",
        413 => "Request Entity Too Large",
        415 => "Unsupported Media Type",
        422 => "Unprocessable Entity",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        505 => "HTTP Version Not Supported",
        507 => "Insufficient Storage",
        _ => "Unknown",
    };
}
