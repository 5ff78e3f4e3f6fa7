using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Api.Subresources;

/// <summary>POST on <c>pods/{name}/binding</c>: puts a pod on a node, as a scheduler does.</summary>
internal sealed class BindingSubresource(Cluster cluster) : ISubresource
{
    private static readonly ApiResource Bindings = new() { Group = "", Version = "v1", Plural = "pods/binding", Kind = "Binding" };

    /// <inheritdoc/>
    public Task AnswerAsync(ApiCall call)
    {
        if (call.Target.Verb != "create") throw ApiErrors.MethodNotAllowed();
        var binding = ObjectBody.Read(call.Request, "v1", "Binding");
        if (binding.Text("metadata", "name") is { Length: > 0 } name && name != call.Name) throw ApiStatusException.BadRequest("name in URL does not match name in Binding object");
        if (binding.Text("target", "kind") is { Length: > 0 } kind && kind != "Node")
            throw ApiStatusException.Invalid(Bindings, call.Name, [new("target.kind", "FieldValueNotSupported", $"Unsupported value: \"{kind}\": supported values: \"Node\", \"<empty>\"")]);
        var node = binding.Text("target", "name") ?? "";
        if (node.Length == 0) throw ApiStatusException.Invalid(Bindings, call.Name, [new("target.name", "FieldValueRequired", "Required value")]);
        cluster.Simulation.Enter(() => Bind(call.Find(cluster), node));
        return Answers.DocumentAsync(call, 201, StatusDocument.Success(201));
    }

    private void Bind(StoredObject pod, string node)
    {
        if (pod.IsDeleting) throw ApiStatusException.Conflict(Bindings, pod.Name, $"pod {pod.Name} is being deleted, cannot be assigned to a host");
        if (pod.ToJson().Text("spec", "nodeName") is { Length: > 0 } present)
            throw ApiStatusException.Conflict(Bindings, pod.Name, $"pod {pod.Name} is already assigned to node \"{present}\"");
        cluster.Write(pod, json =>
        {
            json.Object("spec")["nodeName"] = node;
            var conditions = json.List("status", "conditions");
            foreach (var old in conditions.OfType<JsonObject>().Where(condition => condition.Text("type") == "PodScheduled").ToList()) conditions.Remove(old);
            conditions.Add(new JsonObject { ["type"] = "PodScheduled", ["status"] = "True", ["lastProbeTime"] = null, ["lastTransitionTime"] = JsonAccess.Timestamp(cluster.Now) });
        });
    }
}
