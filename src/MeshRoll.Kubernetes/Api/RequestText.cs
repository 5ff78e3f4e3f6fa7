namespace MeshRoll.Kubernetes.Api;

/// <summary>Says a request in words: <c>list pods in namespace "shop"</c>.</summary>
internal static class RequestText
{
    /// <summary>The words.</summary>
    public static string Of(ApiRequestInfo request)
    {
        var what = $"{request.Verb} {request.Resource}";
        if (request.Name is { Length: > 0 } name) what += $" \"{name}\"";
        if (request.Namespace is { Length: > 0 } @namespace) what += $" in namespace \"{@namespace}\"";
        return what;
    }
}
