using MeshRoll.Sandbox.Api.Versions;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Api;

/// <summary>POST on a resource.</summary>
internal sealed class CreateObject(Cluster cluster, Answers answers)
{
    public Task AnswerAsync(ApiCall call)
    {
        if (call.Resource.Namespaced && call.Namespace.Length == 0) throw ApiErrors.MethodNotAllowed();
        var options = RequestOptions.Write(call.Request, "CreateOptions");
        var body = ObjectBody.Read(call);
        ClientObject.Tidy(call.Resource, body);
        body = ServedVersions.ToStored(call.Resource, body, call.Version);
        // What a pod or namespace is like is found out, not declared; the sandbox's own components may.
        if (call.Resource == ApiResources.Pods || call.Resource == ApiResources.Namespaces) body.Remove("status");
        var stored = cluster.Simulation.Enter(() => cluster.Create(call.Resource, call.Namespace, body, options));
        return answers.ObjectAsync(call, 201, stored);
    }
}
