using System.Net;

namespace MeshRoll.TestControlPlane.Api;

/// <summary>The API server answered with a Status that is no success.</summary>
public sealed class KubeApiException : Exception
{
    /// <summary>Creates the exception without a message.</summary>
    public KubeApiException()
    {
    }

    /// <summary>Creates the exception with a message only.</summary>
    public KubeApiException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message and its cause.</summary>
    public KubeApiException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the exception from what the server answered.</summary>
    public KubeApiException(HttpStatusCode status, string reason, string message, string request)
        : base($"{request}: {(int)status} {reason}: {message}")
    {
        Status = status;
        Reason = reason;
    }

    /// <summary>The HTTP status, or the code of an ERROR event in a watch.</summary>
    public HttpStatusCode Status { get; }

    /// <summary>The machine-readable reason, such as <c>NotFound</c> or <c>Expired</c>.</summary>
    public string Reason { get; } = string.Empty;
}
