using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Api.Versions;
using MeshRoll.Sandbox.Kinds;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Api;

/// <summary>PATCH on an object or its status. Reading, changing and writing are one step here, so it cannot conflict unless the patch names a version.</summary>
internal sealed class PatchObject(Cluster cluster, Answers answers)
{
    public Task AnswerAsync(ApiCall call, UpdatePart part)
    {
        var options = RequestOptions.Write(call.Request, "PatchOptions");
        var stored = cluster.Simulation.Enter(() =>
        {
            var present = call.Find(cluster);
            var patched = PatchRequest.Apply(call.Request, ServedVersions.Object(present, call.Version), call.Resource.Kind);
            ClientObject.Tidy(call.Resource, patched);
            if (FieldTypes.Error(call.Resource, patched) is { } wrong) throw Misfit(patched, wrong);
            if (patched.Text("kind") != call.Resource.Kind) throw ApiStatusException.BadRequest($"the kind of the object cannot be changed from {call.Resource.Kind}");
            return cluster.Update(present, ServedVersions.ToStored(call.Resource, patched, call.Version), part, options);
        });
        return answers.ObjectAsync(call, 200, stored);
    }

    // The real server names no kind here.
    private static ApiStatusException Misfit(JsonObject patched, string wrong)
    {
        var error = FieldErrors.InvalidText("patch", patched.ToJsonString(PlainText.Options), wrong);
        return new(422, "Invalid", $" \"\" is invalid: {error.Field}: {error.Message}")
        {
            Details = new JsonObject { ["causes"] = new JsonArray { new JsonObject { ["reason"] = error.Reason, ["message"] = error.Message, ["field"] = error.Field } } },
        };
    }
}
