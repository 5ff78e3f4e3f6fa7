using System.Text.Json;

namespace MeshRoll.Kubernetes.Api;

/// <summary>The sentences of <see cref="ApiProtocolException"/>.</summary>
internal static class BrokenAnswer
{
    private const string WayOut = "Check that the address is that of a Kubernetes API server, and what stands between it and here (proxy, load balancer).";

    /// <summary>The answer is wrong in itself; the same question would get the same answer.</summary>
    public static ApiProtocolException Lasting(string what, ApiRequestInfo request, Exception? inner = null) =>
        new($"Cannot {RequestText.Of(request)}: {what}. {WayOut}", request, inner);

    /// <summary>The answer was cut or stalled; asking again may help.</summary>
    public static ApiProtocolException Passing(string what, ApiRequestInfo request, Exception? inner = null) =>
        new($"Cannot {RequestText.Of(request)}: {what}. Try again; if it happens every time, look at what stands between the API server and here.", request, inner) { IsPassing = true };

    /// <summary>The answer ended before it was whole.</summary>
    public static ApiProtocolException Truncated(ApiRequestInfo request) => Passing("the answer ended in the middle", request);

    /// <summary>The answer cannot be read.</summary>
    public static ApiProtocolException Malformed(ApiRequestInfo request, Exception failure) =>
        Lasting(failure is InvalidDataException ? $"the answer is malformed: {failure.Message.TrimEnd('.')}" : "the answer is malformed", request, failure);

    /// <summary>Whether a reader of bytes gave up because of the bytes.</summary>
    public static bool IsMalformed(Exception failure) =>
        // The JSON reader reports text that is not UTF-8, and a value of another type than asked for, as InvalidOperationException.
        failure is InvalidDataException or JsonException or InvalidOperationException or FormatException or KeyNotFoundException;
}
