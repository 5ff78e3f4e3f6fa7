namespace MeshRoll.Sandbox.Wire.Faults;

/// <summary>What happens instead of an answer.</summary>
public abstract record WireAction
{
    private WireAction()
    {
    }

    /// <summary>An error status with a Status object.</summary>
    /// <param name="Status">400 to 599.</param>
    public sealed record Answer(int Status) : WireAction
    {
        /// <summary>The Status' reason, such as InternalError; left out, the API's usual one for the status.</summary>
        public string? Reason { get; init; }

        /// <summary>The Status' message; left out, one that names the sandbox.</summary>
        public string? Message { get; init; }

        /// <summary>The header Retry-After in seconds.</summary>
        public int? RetryAfter { get; init; }
    }

    /// <summary>The refusal of API priority and fairness: 429, plain text, Retry-After.</summary>
    /// <param name="RetryAfter">Seconds. A real server says 1.</param>
    public sealed record Throttle(int RetryAfter = 1) : WireAction;

    /// <summary>
    /// The connection breaks: before the answer with a reset, or in the middle of it. Watches that are open already are concerned too.
    /// </summary>
    /// <param name="AfterBytes">How many bytes of the body the client still gets; null for none, and no head either.</param>
    public sealed record Cut(long? AfterBytes = null) : WireAction;

    /// <summary>
    /// A watch ends with the event ERROR, 410 Expired, and the client must list again. Concerns watches only, those that are open already too.
    /// With a latency the watch runs that long before.
    /// </summary>
    public sealed record Expire : WireAction;
}
