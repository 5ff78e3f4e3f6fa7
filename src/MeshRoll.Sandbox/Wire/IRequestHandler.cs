namespace MeshRoll.Sandbox.Wire;

/// <summary>What answers the requests that the HTTP server reads.</summary>
internal interface IRequestHandler
{
    /// <summary>Answers one request. The task ends with the answer; a watch therefore lasts as long as its client stays.</summary>
    /// <param name="request">The whole request, body included.</param>
    /// <param name="response">Takes exactly one answer.</param>
    /// <param name="cancellationToken">Ends when the client hung up or the server stops.</param>
    Task HandleAsync(HttpRequest request, HttpResponse response, CancellationToken cancellationToken);
}
