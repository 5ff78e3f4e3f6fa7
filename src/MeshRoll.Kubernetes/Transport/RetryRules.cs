using System.Globalization;
using System.Net;

namespace MeshRoll.Kubernetes.Transport;

/// <summary>Whether and when a request is sent again. Pure.</summary>
internal static class RetryRules
{
    // A restarting API server is back within seconds; somebody who mistyped an address wants to know at once.
    private const int RetriesBeforeContact = 2;
    private const int RetriesAfterContact = 5;

    private static readonly TimeSpan s_firstDelay = TimeSpan.FromMilliseconds(100);

    /// <summary>The wait after an answer; null when the answer stands.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="replay">A request that must not be carried out twice is repeated only after answers that say that nothing was done.</param>
    /// <param name="retries">Retries made so far.</param>
    /// <param name="maximum">The request's own limit of retries.</param>
    /// <param name="options">The clock, and the longest wait.</param>
    public static TimeSpan? AfterAnswer(HttpResponseMessage response, Replay replay, int retries, int maximum, TransportOptions options)
    {
        // client-go: 429 and any 5xx, but only with Retry-After.
        var refused = response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable;
        if (!refused && ((int)response.StatusCode < 500 || replay == Replay.Never))
            return null;

        if (retries >= maximum || RetryAfter(response, options.TimeProvider.GetUtcNow()) is not { } delay)
            return null;

        return delay <= options.MaxRetryDelay ? delay : null;
    }

    /// <summary>The wait after a failure; null when it is final.</summary>
    /// <param name="failure">What happened.</param>
    /// <param name="replay">Whether the request may be carried out twice.</param>
    /// <param name="retries">Retries made so far.</param>
    /// <param name="hadContact">Whether this server has ever answered.</param>
    /// <param name="maximum">The caller's limit.</param>
    public static TimeSpan? AfterFailure(SendFailure failure, Replay replay, int retries, bool hadContact, int maximum)
    {
        if (replay == Replay.Never && !SendFailures.NothingWasSent(failure))
            return null;

        var allowed = failure switch
        {
            SendFailure.Refused or SendFailure.HandshakeBroken or SendFailure.Lost => hadContact ? RetriesAfterContact : RetriesBeforeContact,
            // These took their time already, or will be the same the next time; once known to work they may only be flickering.
            SendFailure.NotResolved or SendFailure.NoRoute => hadContact ? RetriesAfterContact : 0,
            _ => 0,
        };
        return retries < Math.Min(allowed, maximum) ? s_firstDelay * Math.Pow(2, retries) : null;
    }

    /// <summary>What Retry-After says, in seconds or as a time; null when it is absent or says nothing sensible.</summary>
    public static TimeSpan? RetryAfter(HttpResponseMessage response, DateTimeOffset now)
    {
        if (!response.Headers.TryGetValues("Retry-After", out var values))
            return null;

        var text = values.First().Trim();
        if (text.Length > 0 && text.All(char.IsAsciiDigit))
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds) : TimeSpan.MaxValue;

        if (!DateTimeOffset.TryParseExact(text, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            return null;

        return time > now ? time - now : TimeSpan.Zero;
    }
}
