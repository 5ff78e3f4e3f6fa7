using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Tests.Kinds;

/// <summary>Writes objects to find out what becomes of them.</summary>
internal static class Written
{
    /// <summary>The object as it is kept.</summary>
    public static JsonObject Create(ApiResource resource, string json, string name = "web") => new Builders.TestServer().Add(resource, name, json).ToJson();

    /// <summary>What is said against making an object, without the beginning that names it; empty for nothing.</summary>
    public static string CreateError(ApiResource resource, string json, string name = "web") => Error(() => Create(resource, json, name));

    /// <summary>What is said against changing an object.</summary>
    public static string ChangeError(ApiResource resource, string json, Action<JsonObject> change)
    {
        var server = new Builders.TestServer();
        var stored = server.Add(resource, "web", json);
        return Error(() => server.Cluster.Change(stored, change));
    }

    /// <summary>An object with one value put in at a path: <c>spec/containers/0/name</c>.</summary>
    public static string With(string json, string path, string value)
    {
        var root = JsonNode.Parse(json)!;
        Put(root, path, value);
        return root.ToJsonString();
    }

    /// <summary>Puts a value (JSON; <c>-</c> takes away) in at a path.</summary>
    public static void Put(JsonNode root, string path, string value)
    {
        var steps = path.Split('/');
        var node = root;
        for (var i = 0; i < steps.Length - 1; i++)
        {
            var next = int.TryParse(steps[i], out var index) ? node.AsArray()[index] : node[steps[i]];
            if (next is null)
            {
                next = int.TryParse(steps[i + 1], out _) ? new JsonArray() : new JsonObject();
                node[steps[i]] = next;
            }
            node = next;
        }
        var last = steps[^1];
        if (node is JsonArray list)
        {
            if (int.Parse(last) == list.Count) list.Add(JsonNode.Parse(value));
            else list[int.Parse(last)] = JsonNode.Parse(value);
        }
        else if (value == "-") node.AsObject().Remove(last);
        else node[last] = JsonNode.Parse(value);
    }

    private static string Error(Action write)
    {
        try
        {
            write();
            return "";
        }
        catch (ApiStatusException exception)
        {
            Assert.Equal((422, "Invalid"), (exception.Code, exception.Reason));
            return exception.Message[(exception.Message.IndexOf(" is invalid: ", StringComparison.Ordinal) + " is invalid: ".Length)..];
        }
    }
}
