using MeshRoll.Sandbox.Api.Subresources;
using MeshRoll.Sandbox.Authorizing;
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
    private readonly Dictionary<(ApiResource Resource, string Name), ISubresource> _subresources = [];
    private readonly NonResourcePaths _nonResourcePaths = new();
    private readonly Reviews? _reviews;
    private readonly GetObject _get;
    private readonly ListObjects _list;
    private readonly WatchObjects _watch;
    private readonly CreateObject _create;
    private readonly UpdateObject _update;
    private readonly PatchObject _patch;
    private readonly DeleteObject _delete;
    private readonly DeleteCollection _deleteCollection;

    public ApiServer(Cluster cluster, ApiServerParts? parts = null)
    {
        parts ??= new();
        var answers = new Answers(cluster);
        _get = new(cluster, answers);
        _list = new(cluster, answers, new ListSnapshots(parts.Time));
        _watch = new(cluster, parts.Time);
        _create = new(cluster, answers);
        _update = new(cluster, answers);
        _patch = new(cluster, answers);
        _delete = new(cluster, answers);
        _deleteCollection = new(cluster, answers);
        if (parts.Access is { } access)
        {
            _reviews = new(cluster, access.Reviews);
            Add(ApiResources.ServiceAccounts, "token", new TokenSubresource(cluster, access.TokenRequests));
        }

        var scale = new ScaleSubresource(cluster);
        foreach (var resource in ApiResources.All)
        {
            foreach (var version in (string[])[resource.Version, .. resource.OtherVersions]) _resources[(resource.Group, version, resource.Plural)] = resource;
            if (resource.HasScale) Add(resource, "scale", scale);
        }
        Add(ApiResources.Pods, "eviction", new EvictionSubresource(cluster));
        Add(ApiResources.Pods, "binding", new BindingSubresource(cluster));
        Add(ApiResources.Pods, "log", new LogSubresource(cluster, parts.Logs));
        Add(ApiResources.Pods, "portforward", new PortForwardSubresource(cluster, parts.Ports));
        Add(ApiResources.Namespaces, "finalize", new NamespaceFinalizeSubresource(cluster, answers));
    }

    /// <summary>Serves a path below a resource's objects.</summary>
    public void Add(ApiResource resource, string name, ISubresource subresource) => _subresources[(resource, name)] = subresource;

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
        if (!target.IsResource) return _nonResourcePaths.AnswerAsync(request, response, cancellationToken);
        if (!_resources.TryGetValue((target.Group, target.Version, target.Resource), out var resource)) return ReviewAsync(request, response, cancellationToken);
        if (!resource.Namespaced && resource != ApiResources.Namespaces && target.Namespace.Length > 0) throw ApiErrors.NoSuchPath();

        var call = new ApiCall(request, response, resource, cancellationToken);
        if (target.Subresource.Length == 0) return Verb(call);
        if (target.Subresource == "status" && resource.HasStatus) return Status(call);
        return _subresources.TryGetValue((resource, target.Subresource), out var subresource) ? subresource.AnswerAsync(call) : throw ApiErrors.NoSuchPath();
    }

    private Task ReviewAsync(HttpRequest request, HttpResponse response, CancellationToken cancellationToken) =>
        _reviews is not null && ReviewKinds.Find(request.Target.Group, request.Target.Version, request.Target.Resource) is { } kind
            ? _reviews.AnswerAsync(request, response, kind, cancellationToken)
            : throw ApiErrors.NoSuchPath();

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
