using MeshRoll.Sandbox.Wire;

namespace MeshRoll.Sandbox.Running;

/// <summary>Leads requests into the world that runs at present. When another one begins, the watches of the former end.</summary>
internal sealed class Entrance : IRequestHandler
{
    private volatile RunningWorld? _present;

    /// <summary>From now on requests go into this world.</summary>
    public RunningWorld Begin(RunningWorld world) => _present = world;

    /// <inheritdoc/>
    public async Task HandleAsync(HttpRequest request, HttpResponse response, CancellationToken cancellationToken)
    {
        var world = _present!;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, world.Ended);
        try
        {
            await world.Api.HandleAsync(request, response, ending.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (world.Ended.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // The answer ends where it is; the connection, which is not to blame, is closed by the server.
            response.Abort();
        }
    }
}
