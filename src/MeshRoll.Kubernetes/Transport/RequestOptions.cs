namespace MeshRoll.Kubernetes.Transport;

/// <summary>What a request asks of the transport beyond HTTP.</summary>
internal static class RequestOptions
{
    /// <summary>At most so many repetitions, below the transport's own number: who paces by refusals wants to see each of them.</summary>
    public static readonly HttpRequestOptionsKey<int> MaxRetries = new("MeshRoll.MaxRetries");

    /// <summary>The repetitions allowed to <paramref name="request"/>.</summary>
    public static int RetriesOf(HttpRequestMessage request, int transportMaximum) =>
        request.Options.TryGetValue(MaxRetries, out var own) ? Math.Min(own, transportMaximum) : transportMaximum;
}
