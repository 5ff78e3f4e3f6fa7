using System.Net;

namespace MeshRoll.Kubernetes.Api;

/// <summary>Makes the sentence and the stable id of a refusal: what was asked, what the server said, and the way out.</summary>
internal static class ApiErrors
{
    /// <summary>The exception for a Status.</summary>
    /// <param name="status">What the server said.</param>
    /// <param name="code">The HTTP status, where the Status has none.</param>
    /// <param name="request">What was asked.</param>
    /// <param name="retryAfter">The Retry-After header.</param>
    public static ApiException From(ServerStatus status, HttpStatusCode code, ApiRequest request, TimeSpan? retryAfter = null)
    {
        if (status.Code != 0) code = (HttpStatusCode)status.Code;
        var (id, wayOut) = Explain(status, code, request);
        return new(id, $"Cannot {RequestText.Of(request.Info)}: {Sentence(status.Message, code)} {wayOut}", code, status.Reason, request.Info)
        {
            ServerMessage = status.Message,
            Causes = status.Causes,
            RetryAfter = retryAfter ?? (status.RetryAfterSeconds > 0 ? TimeSpan.FromSeconds(status.RetryAfterSeconds) : null),
        };
    }

    /// <summary>The exception for an error answer that is no Status: a proxy's page, or text.</summary>
    public static ApiException FromPage(string firstWords, HttpStatusCode code, ApiRequest request, TimeSpan? retryAfter = null)
    {
        var said = firstWords.Length == 0 ? "" : $": \"{firstWords}\"";
        var (id, wayOut) = Explain(new(), code, request);
        if ((int)code >= 500) wayOut = "The answer is not the API server's own: look at the proxy or load balancer in front of it.";
        return new(id, $"Cannot {RequestText.Of(request.Info)}: the answer was {(int)code} {Words(code)}{said}. {wayOut}", code, "", request.Info)
        {
            ServerMessage = firstWords,
            RetryAfter = retryAfter,
        };
    }

    private static (string Id, string WayOut) Explain(ServerStatus status, HttpStatusCode code, ApiRequest request) => code switch
    {
        HttpStatusCode.BadRequest when IsAboutSelectors(status, request) =>
            ("MeshRoll.SelectorInvalid", $"Correct the selector {Selectors(request.Query!)}."),
        HttpStatusCode.BadRequest => ("MeshRoll.BadRequest", "The server did not understand the question; its version may be too old or too new for this."),
        HttpStatusCode.Unauthorized =>
            ("MeshRoll.Unauthorized", "The credentials are missing, wrong or expired: log in again or renew the token, and check the user of the kubeconfig's context."),
        HttpStatusCode.Forbidden =>
            ("MeshRoll.Forbidden", $"Ask for the permission to {request.Info.Verb} {request.Info.Resource}{Where(request.Info)}, or use another context."),
        // The server names the object when the object is missing, and nothing when it does not know the kind.
        HttpStatusCode.NotFound when status.DetailsName.Length == 0 =>
            ("MeshRoll.NotFound", $"The cluster does not serve {request.Info.Resource}: is it installed, in this version?"),
        HttpStatusCode.NotFound => ("MeshRoll.NotFound", "Check the name and the namespace."),
        HttpStatusCode.Conflict when status.Reason == "AlreadyExists" => ("MeshRoll.AlreadyExists", "Choose another name, or change the one there is."),
        HttpStatusCode.Conflict => ("MeshRoll.Conflict", "Somebody else changed it meanwhile: read it again and repeat."),
        HttpStatusCode.Gone => ("MeshRoll.Gone", "The server no longer has that state: start anew."),
        HttpStatusCode.UnprocessableEntity => ("MeshRoll.Invalid", "Correct what the server names."),
        HttpStatusCode.TooManyRequests when IsAboutBudgets(status) =>
            ("MeshRoll.TooManyRequests", "A disruption budget allows no further disruption now: try again when more pods are ready."),
        HttpStatusCode.TooManyRequests => ("MeshRoll.TooManyRequests", "The server is busy: try again later."),
        HttpStatusCode.RequestEntityTooLarge => ("MeshRoll.Invalid", "Make it smaller."),
        >= HttpStatusCode.InternalServerError => ("MeshRoll.ServerError", "Try again; if it stays so, look at the API server's own log."),
        _ => ("MeshRoll.Refused", "Check what was asked for."),
    };

    private static bool IsAboutSelectors(ServerStatus status, ApiRequest request) =>
        request.Query is { } query && (query.LabelSelector is not null || query.FieldSelector is not null)
        && !status.Message.Contains("continue", StringComparison.Ordinal) && !status.Message.Contains("resourceVersion", StringComparison.Ordinal);

    private static bool IsAboutBudgets(ServerStatus status) => status.Causes.Any(cause => cause.Reason == "DisruptionBudget");

    private static string Selectors(ListQuery query) =>
        (query.LabelSelector, query.FieldSelector) switch
        {
            ({ } label, { } field) => $"\"{label}\" or the field selector \"{field}\"",
            (null, { } field) => $"\"{field}\" (a field selector)",
            var (label, _) => $"\"{label}\"",
        };

    private static string Where(ApiRequestInfo request) => request.Namespace is { } name ? $" in namespace \"{name}\"" : "";

    private static string Sentence(string message, HttpStatusCode code)
    {
        message = message.Trim();
        if (message.Length == 0) return $"the server answered {(int)code} {Words(code)}.";
        return message[^1] is '.' or '!' or '?' ? message : message + ".";
    }

    private static string Words(HttpStatusCode code) => Enum.IsDefined(code) ? code.ToString() : "";
}
