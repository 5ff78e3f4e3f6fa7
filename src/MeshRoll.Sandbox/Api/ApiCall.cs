using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Wire;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Api;

/// <summary>One request about a resource, on its way through the server.</summary>
/// <param name="Request">As it came.</param>
/// <param name="Response">Takes the answer.</param>
/// <param name="Resource">The resource the path names.</param>
/// <param name="CancellationToken">Ends when the client hung up.</param>
internal sealed record ApiCall(HttpRequest Request, HttpResponse Response, ApiResource Resource, CancellationToken CancellationToken)
{
    /// <summary>The form of the answer.</summary>
    public AnswerForm Form { get; } = AnswerForm.Of(Request, Resource);

    /// <summary>What the path says.</summary>
    public RequestTarget Target => Request.Target;

    /// <summary>The namespace; empty for cluster-wide objects and for all namespaces.</summary>
    public string Namespace => Resource.Namespaced ? Target.Namespace : "";

    /// <summary>The object's name; empty where the path names none.</summary>
    public string Name => Target.Name;

    /// <summary>The version the path names; objects are read and answered in it.</summary>
    public string Version => Target.Version;

    /// <summary>The version with its group, as objects say it.</summary>
    public string ApiVersion => Resource.Group.Length == 0 ? Version : $"{Resource.Group}/{Version}";

    /// <summary>The object that the path names. Call inside the simulation.</summary>
    /// <exception cref="ApiStatusException">There is none.</exception>
    public StoredObject Find(Cluster cluster) =>
        cluster.Store.Find(Resource, Namespace, Name) ?? throw ApiStatusException.NotFound(Resource, Name);
}
