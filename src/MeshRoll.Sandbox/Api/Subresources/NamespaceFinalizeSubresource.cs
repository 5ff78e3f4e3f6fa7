using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Api.Subresources;

/// <summary>PUT on <c>namespaces/{name}/finalize</c>: says who still has something to clean up in a namespace; when nobody has, a deleted one is gone.</summary>
internal sealed class NamespaceFinalizeSubresource(Cluster cluster, Answers answers) : ISubresource
{
    /// <inheritdoc/>
    public Task AnswerAsync(ApiCall call)
    {
        if (call.Target.Verb != "update") throw ApiErrors.MethodNotAllowed();
        var body = ObjectBody.Read(call);
        var finalizers = body.At("spec", "finalizers") as JsonArray ?? [];
        var stored = cluster.Simulation.Enter(() =>
        {
            var present = call.Find(cluster);
            if (body.Text("metadata", "resourceVersion") is { Length: > 0 } version && version != present.Version.ToString(System.Globalization.CultureInfo.InvariantCulture))
                throw ApiStatusException.Conflict(call.Resource, call.Name, Cluster.ModifiedMeanwhile);
            var after = cluster.Write(present, json =>
            {
                if (finalizers.Count > 0) json.Object("spec")["finalizers"] = finalizers.DeepClone();
                else json.Object("spec").Remove("finalizers");
            });
            if (after.IsDeleting && finalizers.Count == 0) cluster.Finish(after);
            return after;
        });
        return answers.ObjectAsync(call, 200, stored);
    }
}
