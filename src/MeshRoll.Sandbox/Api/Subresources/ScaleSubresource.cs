using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Selecting;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Api.Subresources;

/// <summary>The number of replicas by itself (autoscaling/v1 Scale): read, replaced or patched without knowing the kind behind it.</summary>
internal sealed class ScaleSubresource(Cluster cluster) : ISubresource
{
    private const string ApiVersion = "autoscaling/v1";
    private const string Kind = "Scale";

    private static readonly ApiResource Scales = new() { Group = "autoscaling", Version = "v1", Plural = "scales", Kind = Kind };

    /// <inheritdoc/>
    public Task AnswerAsync(ApiCall call) => Answers.DocumentAsync(call, 200, call.Target.Verb switch
    {
        "get" => cluster.Simulation.Enter(() => Read(call.Find(cluster))),
        "update" => Replace(call),
        "patch" => Patch(call),
        _ => throw ApiErrors.MethodNotAllowed(),
    });

    private JsonObject Replace(ApiCall call)
    {
        var options = RequestOptions.Write(call.Request, "UpdateOptions");
        var scale = ObjectBody.Read(call.Request, ApiVersion, Kind);
        JsonReading.DropNulls(scale);
        return cluster.Simulation.Enter(() => Write(call.Find(cluster), scale, options));
    }

    private JsonObject Patch(ApiCall call)
    {
        var options = RequestOptions.Write(call.Request, "PatchOptions");
        return cluster.Simulation.Enter(() =>
        {
            var present = call.Find(cluster);
            return Write(present, PatchRequest.Apply(call.Request, Read(present), Kind), options);
        });
    }

    private JsonObject Write(StoredObject present, JsonObject scale, WriteOptions options)
    {
        var name = scale.Text("metadata", "name") ?? "";
        if (name != present.Name) throw ApiStatusException.BadRequest($"the name of the object ({name}) does not match the name on the URL ({present.Name})");
        var replicas = scale.At("spec", "replicas") is null ? 0 : scale.Number("spec", "replicas")
            ?? throw ApiStatusException.BadRequest("Scale in version \"v1\" cannot be handled as a Scale: json: cannot unmarshal into Go struct field ScaleSpec.spec.replicas of type int32");
        if (replicas < 0) throw ApiStatusException.Invalid(Scales, name, [new("spec.replicas", "FieldValueInvalid", $"Invalid value: {replicas}: must be greater than or equal to 0")]);

        var changed = present.ToJson();
        changed.Object("spec")["replicas"] = replicas;
        var metadata = changed.Object("metadata");
        if (scale.Text("metadata", "uid") is { Length: > 0 } uid) metadata["uid"] = uid;
        metadata["resourceVersion"] = scale.Text("metadata", "resourceVersion") ?? "";
        return Read(cluster.Update(present, changed, UpdatePart.Main, options));
    }

    private static JsonObject Read(StoredObject stored)
    {
        var json = stored.ToJson();
        var metadata = new JsonObject { ["name"] = stored.Name, ["namespace"] = stored.Namespace, ["uid"] = stored.Uid };
        metadata["resourceVersion"] = stored.Version.ToString(System.Globalization.CultureInfo.InvariantCulture);
        metadata["creationTimestamp"] = json.Text("metadata", "creationTimestamp");
        var status = new JsonObject { ["replicas"] = json.Number("status", "replicas") ?? 0 };
        if (Selector(stored, json) is { Length: > 0 } selector) status["selector"] = selector;
        var spec = new JsonObject();
        // The field is left out when it is 0, as in the real server's answer.
        if (json.Number("spec", "replicas") is > 0 and var replicas) spec["replicas"] = replicas;
        return new() { ["kind"] = Kind, ["apiVersion"] = ApiVersion, ["metadata"] = metadata, ["spec"] = spec, ["status"] = status };
    }

    // Of a custom resource the path of the selector's text is part of its definition; Argo says it in the status.
    private static string Selector(StoredObject stored, JsonObject json) =>
        stored.Resource == ApiResources.ArgoRollouts ? json.Text("status", "selector") ?? "" : LabelSelector.From(json.At("spec", "selector") as JsonObject).ToString();
}
