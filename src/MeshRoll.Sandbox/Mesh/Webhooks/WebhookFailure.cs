namespace MeshRoll.Sandbox.Mesh.Webhooks;

/// <summary>A webhook could not be called, or did not answer as it should; whether that matters, its failurePolicy decides.</summary>
/// <param name="message">What the API server says after the webhook's name.</param>
internal sealed class WebhookFailure(string message) : Exception(message)
{
    /// <summary>The connection did not come about.</summary>
    public static WebhookFailure Unreachable(string url, string why) => new($"failed to call webhook: Post \"{url}\": {why}");

    /// <summary>The one who was called had a problem of its own.</summary>
    public static WebhookFailure Refused(string why) => new($"failed to call webhook: an error on the server (\"{why}\") has prevented the request from succeeding");
}
