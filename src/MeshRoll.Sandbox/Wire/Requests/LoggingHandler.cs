namespace MeshRoll.Sandbox.Wire.Requests;

/// <summary>Notes every request in the log, also those that end badly. Stands before all other handlers.</summary>
internal sealed class LoggingHandler(IRequestHandler inner, RequestLog log, TimeProvider clock) : IRequestHandler
{
    /// <inheritdoc/>
    public Task HandleAsync(HttpRequest request, HttpResponse response, CancellationToken cancellationToken)
    {
        var logged = new LoggedRequest(clock.GetUtcNow(), request, response);
        var start = clock.GetTimestamp();
        log.Begin(logged);

        Task answering;
        try
        {
            answering = inner.HandleAsync(request, response, cancellationToken);
        }
        catch (Exception error)
        {
            log.End(logged, clock.GetElapsedTime(start), StatusOf(error));
            throw;
        }
        if (!answering.IsCompletedSuccessfully) return EndLaterAsync(answering, logged, start);
        log.End(logged, clock.GetElapsedTime(start));
        return answering;
    }

    private async Task EndLaterAsync(Task answering, LoggedRequest logged, long start)
    {
        try
        {
            await answering;
            log.End(logged, clock.GetElapsedTime(start));
        }
        catch (Exception error)
        {
            log.End(logged, clock.GetElapsedTime(start), StatusOf(error));
            throw;
        }
    }

    // What the server makes of it; one who hung up gets nothing.
    private static int StatusOf(Exception error) => error switch
    {
        OperationCanceledException => 0,
        HttpProblem problem => problem.Status,
        _ => 500,
    };
}
