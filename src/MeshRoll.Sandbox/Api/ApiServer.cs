using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Wire;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Api;

/// <summary>
/// The API server: finds out what a request wants and has it done. What touches the cluster's state happens inside the simulation and is short;
/// answers are written outside of it.
/// </summary>
internal sealed class ApiServer : IRequestHandler
{
    private readonly Dictionary<(string Group, string Version, string Plural), ApiResource> _resources = [];
    private readonly GetObject _get;
    private readonly ListObjects _list;
    private readonly WatchObjects _watch;
    private readonly CreateObject _create;
    private readonly UpdateObject _update;
    private readonly PatchObject _patch;
    private readonly DeleteObject _delete;
    private readonly DeleteCollection _deleteCollection;

    public ApiServer(Cluster cluster, TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        foreach (var resource in ApiResources.All)
        {
            _resources[(resource.Group, resource.Version, resource.Plural)] = resource;
            foreach (var version in resource.OtherVersions) _resources[(resource.Group, version, resource.Plural)] = resource;
        }
        _get = new(cluster);
        _list = new(cluster, new ListSnapshots(time));
        _watch = new(cluster, time);
        _create = new(cluster);
        _update = new(cluster);
        _patch = new(cluster);
        _delete = new(cluster);
        _deleteCollection = new(cluster);
    }

    /// <inheritdoc/>
    public async Task HandleAsync(HttpRequest request, HttpResponse response, CancellationToken cancellationToken)
    {
        try
        {
            await AnswerAsync(request, response, cancellationToken).ConfigureAwait(false);
        }
        catch (ApiStatusException refusal) when (response.Status == 0)
        {
            await Answers.RefusalAsync(response, refusal, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The client hung up: nobody is left to answer.
        }
        catch (Exception exception) when (response.Status == 0 && exception is not (IOException or ObjectDisposedException))
        {
            await Answers.RefusalAsync(response, ApiStatusException.Internal(exception.Message), cancellationToken).ConfigureAwait(false);
        }
    }

    private Task AnswerAsync(HttpRequest request, HttpResponse response, CancellationToken cancellationToken)
    {
        var target = request.Target;
        if (!target.IsResource || !_resources.TryGetValue((target.Group, target.Version, target.Resource), out var resource)) throw ApiErrors.NoSuchPath();
        if (!resource.Namespaced && resource != ApiResources.Namespaces && target.Namespace.Length > 0) throw ApiErrors.NoSuchPath();
        var call = new ApiCall(request, response, resource, cancellationToken);
        return target.Subresource switch
        {
            "" => Verb(call),
            "status" when resource.HasStatus => Status(call),
            _ => throw ApiErrors.NoSuchPath(),
        };
    }

    private Task Verb(ApiCall call) => call.Target.Verb switch
    {
        "get" => _get.AnswerAsync(call),
        "list" => _list.AnswerAsync(call),
        "watch" => _watch.AnswerAsync(call),
        "create" when call.Name.Length == 0 => _create.AnswerAsync(call),
        "update" when call.Name.Length > 0 => _update.AnswerAsync(call, UpdatePart.Main),
        "patch" when call.Name.Length > 0 => _patch.AnswerAsync(call, UpdatePart.Main),
        "delete" => _delete.AnswerAsync(call),
        "deletecollection" => _deleteCollection.AnswerAsync(call),
        _ => throw ApiErrors.MethodNotAllowed(),
    };

    private Task Status(ApiCall call) => call.Target.Verb switch
    {
        "get" => _get.AnswerAsync(call),
        "update" => _update.AnswerAsync(call, UpdatePart.Status),
        "patch" => _patch.AnswerAsync(call, UpdatePart.Status),
        _ => throw ApiErrors.MethodNotAllowed(),
    };
}
