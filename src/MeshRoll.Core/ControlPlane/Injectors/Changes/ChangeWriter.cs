using System.Net;
using System.Text;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;
using MeshRoll.Kubernetes.Transport;

namespace MeshRoll.Core.ControlPlane.Injectors.Changes;

/// <summary>Sends changes to the server, first without effect and then for good.</summary>
internal sealed class ChangeWriter(ClusterSession session, string fieldManager, CancellationToken cancellationToken)
{
    /// <summary>Has the server check a change and store nothing.</summary>
    public Task DryRunAsync(ObjectChange change) => SendAsync(change, dryRun: true);

    /// <summary>Makes a change; gives the object as it is afterwards, null when it was deleted.</summary>
    /// <exception cref="InjectorRefusedException">Somebody changed the same fields meanwhile (MeshRoll.Conflict).</exception>
    /// <exception cref="ApiException">The server refuses.</exception>
    public Task<RawObject?> ApplyAsync(ObjectChange change) => SendAsync(change, dryRun: false);

    private async Task<RawObject?> SendAsync(ObjectChange change, bool dryRun)
    {
        var options = new ChangeOptions { FieldManager = fieldManager, DryRun = dryRun };
        try
        {
            switch (change)
            {
                case { Live: null, Desired: { } desired }:
                    return await session.Client.CreateAsync(change.Resource, null, Encoding.UTF8.GetBytes(desired.ToJsonString()), options, cancellationToken);
                case { Live: { } live, Desired: null }:
                    await session.Client.DeleteAsync(change.Resource, null, change.Name, new() { Uid = live.Metadata.Uid, ResourceVersion = live.Metadata.ResourceVersion, DryRun = dryRun }, cancellationToken);
                    return null;
                default:
                    return await session.Client.PatchAsync(change.Resource, null, change.Name, change.Patch(), Replay.Never, options, cancellationToken);
            }
        }
        catch (ApiException e) when (IsConflict(e, change))
        {
            throw new InjectorRefusedException("MeshRoll.Conflict", $"{change.Object} was changed by somebody else meanwhile, and nothing of that was overwritten: look at it, and repeat.", e);
        }
    }

    // A test of a JSON patch that fails is a 422, as is a value that the server does not take; only the latter names a field.
    private static bool IsConflict(ApiException error, ObjectChange change) => error.Code switch
    {
        HttpStatusCode.Conflict => true,
        HttpStatusCode.NotFound => change.Live is not null,
        HttpStatusCode.UnprocessableEntity => change is { Live: not null, Desired: not null } && error.Causes.All(cause => cause.Field.Length == 0),
        _ => false,
    };
}
