using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Api.Versions;
using MeshRoll.Sandbox.Kinds;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Api;

/// <summary>PUT on an object or its status.</summary>
internal sealed class UpdateObject(Cluster cluster, Answers answers)
{
    // Kinds that a PUT may create, as components write them without looking (the real strategies' AllowCreateOnUpdate).
    private static readonly HashSet<ApiResource> Creatable =
    [
        ApiResources.Endpoints, ApiResources.Events, ApiResources.Leases,
        ApiResources.ClusterRoles, ApiResources.ClusterRoleBindings, ApiResources.Roles, ApiResources.RoleBindings,
    ];

    // Kinds that are never replaced blindly (AllowUnconditionalUpdate is false).
    private static readonly HashSet<ApiResource> VersionRequired =
        [ApiResources.PodDisruptionBudgets, ApiResources.Leases, ApiResources.MutatingWebhookConfigurations, ApiResources.ValidatingWebhookConfigurations, ApiResources.ArgoRollouts];

    public Task AnswerAsync(ApiCall call, UpdatePart part)
    {
        var options = RequestOptions.Write(call.Request, "UpdateOptions");
        var body = ObjectBody.Read(call);
        ClientObject.Tidy(call.Resource, body);
        CheckName(call, body);
        body = ServedVersions.ToStored(call.Resource, body, call.Version);
        var (stored, isNew) = cluster.Simulation.Enter(() => Write(call, body, part, options));
        return answers.ObjectAsync(call, isNew ? 201 : 200, stored);
    }

    private (StoredObject Stored, bool IsNew) Write(ApiCall call, JsonObject body, UpdatePart part, WriteOptions options)
    {
        if (cluster.Store.Find(call.Resource, call.Namespace, call.Name) is { } present)
        {
            CheckVersion(call, body);
            return (cluster.Update(present, body, part, options), false);
        }
        if (part == UpdatePart.Status || !Creatable.Contains(call.Resource)) throw ApiStatusException.NotFound(call.Resource, call.Name);
        return (cluster.Create(call.Resource, call.Namespace, body, options), true);
    }

    private static void CheckVersion(ApiCall call, JsonObject body)
    {
        if (VersionRequired.Contains(call.Resource) && string.IsNullOrEmpty(body.Text("metadata", "resourceVersion")))
            throw ApiStatusException.Invalid(call.Resource, call.Name, [FieldErrors.Invalid("metadata.resourceVersion", "0x0", "must be specified for an update")]);
    }

    private static void CheckName(ApiCall call, JsonObject body)
    {
        var name = body.Text("metadata", "name") ?? "";
        if (name.Length == 0) throw ApiStatusException.BadRequest($"the name of the object ({call.Name} based on URL) was undeterminable: name must be provided");
        if (name != call.Name) throw ApiStatusException.BadRequest($"the name of the object ({name}) does not match the name on the URL ({call.Name})");
        var space = body.Text("metadata", "namespace") ?? "";
        if (call.Resource.Namespaced && space.Length > 0 && space != call.Namespace)
            throw ApiStatusException.BadRequest($"the namespace of the object ({space}) does not match the namespace on the request ({call.Namespace})");
    }
}
