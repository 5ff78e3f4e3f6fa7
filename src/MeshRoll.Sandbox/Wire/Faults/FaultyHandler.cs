using System.Globalization;

namespace MeshRoll.Sandbox.Wire.Faults;

/// <summary>Does to requests what the faults in force say, and lets the others through.</summary>
internal sealed class FaultyHandler(IRequestHandler inner, WireFaults faults, TimeProvider clock) : IRequestHandler
{
    // The words of API priority and fairness (k8s.io/apiserver, pkg/server/filters), sent as Go's http.Error sends text.
    private static readonly byte[] Throttled = "Too many requests, please try again later.\n"u8.ToArray();

    /// <inheritdoc/>
    public Task HandleAsync(HttpRequest request, HttpResponse response, CancellationToken cancellationToken)
    {
        var verdict = faults.Decide(request);
        if (verdict is not null) return DisturbAsync(verdict, request, response, cancellationToken);
        return IsWatch(request) ? WatchAsync(null, request, response, cancellationToken) : inner.HandleAsync(request, response, cancellationToken);
    }

    private static bool IsWatch(HttpRequest request) => request.Target is { IsResource: true, Verb: "watch" };

    private async Task DisturbAsync(WireVerdict verdict, HttpRequest request, HttpResponse response, CancellationToken cancellationToken)
    {
        response.Fault = verdict.Names;
        if (verdict.Action is WireAction.Expire)
        {
            // Its latency is the time the watch lives.
            await WatchAsync(verdict, request, response, cancellationToken);
            return;
        }

        if (verdict.Latency > TimeSpan.Zero) await Task.Delay(verdict.Latency, clock, cancellationToken);
        switch (verdict.Action)
        {
            case WireAction.Answer answer:
                await RefuseAsync(answer, verdict.Names, response, cancellationToken);
                return;
            case WireAction.Throttle(var retryAfter):
                SetRetryAfter(response, retryAfter);
                response.Headers["X-Content-Type-Options"] = "nosniff";
                await response.SendAsync(429, "text/plain; charset=utf-8", Throttled, cancellationToken);
                return;
            case WireAction.Cut { AfterBytes: null }:
                response.Abort();
                return;
            case WireAction.Cut { AfterBytes: { } bytes }:
                response.CutAfter(bytes);
                break;
        }
        await (IsWatch(request) ? WatchAsync(null, request, response, cancellationToken) : inner.HandleAsync(request, response, cancellationToken));
    }

    private Task WatchAsync(WireVerdict? known, HttpRequest request, HttpResponse response, CancellationToken cancellationToken) =>
        new FaultyWatch(inner, request, response, faults, clock).RunAsync(known, cancellationToken);

    private static Task RefuseAsync(WireAction.Answer answer, string names, HttpResponse response, CancellationToken cancellationToken)
    {
        if (answer.RetryAfter is { } seconds) SetRetryAfter(response, seconds);
        var message = answer.Message ?? $"the sandbox was told to refuse this request (fault {names})";
        var body = StatusBody.Write(answer.Status, answer.Reason ?? UsualReason(answer.Status), message, answer.RetryAfter);
        return response.SendAsync(answer.Status, "application/json", body, cancellationToken);
    }

    private static void SetRetryAfter(HttpResponse response, int seconds) => response.Headers["Retry-After"] = seconds.ToString(CultureInfo.InvariantCulture);

    // StatusReason in meta/v1.
    private static string UsualReason(int status) => status switch
    {
        400 => "BadRequest",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "NotFound",
        405 => "MethodNotAllowed",
        406 => "NotAcceptable",
        409 => "Conflict",
        410 => "Gone",
        413 => "RequestEntityTooLarge",
        415 => "UnsupportedMediaType",
        422 => "Invalid",
        429 => "TooManyRequests",
        500 => "InternalError",
        503 => "ServiceUnavailable",
        504 => "Timeout",
        _ => "",
    };
}
