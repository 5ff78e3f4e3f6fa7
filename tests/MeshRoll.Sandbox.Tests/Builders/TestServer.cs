using System.Text;
using System.Text.Json.Nodes;
using System.Web;
using MeshRoll.Kubernetes.Tests.Builders;
using MeshRoll.Sandbox.Api;
using MeshRoll.Sandbox.Authorizing;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Time;
using MeshRoll.Sandbox.Wire;

namespace MeshRoll.Sandbox.Tests.Builders;

/// <summary>An API server over a cluster in which nothing happens by itself, asked without any network.</summary>
internal sealed class TestServer
{
    public TestServer(IPodLogs? logs = null, IPodPorts? ports = null, bool withAccess = false)
    {
        Simulation = new(new SimulationOptions { TimeProvider = Clock });
        Cluster = new(Simulation);
        Server = new(Cluster, new ApiServerParts { Time = Clock, Logs = logs, Ports = ports, Access = withAccess ? new AccessControl(Cluster) : null });
        Cluster.Create(ApiResources.Namespaces, "", new JsonObject { ["metadata"] = new JsonObject { ["name"] = "shop" } });
    }

    public ManualTimeProvider Clock { get; } = new();

    public Simulation Simulation { get; }

    public Cluster Cluster { get; }

    public ApiServer Server { get; }

    /// <summary>Asks and waits for the whole answer.</summary>
    public async Task<MemoryResponse> SendAsync(string method, string path, string body = "", string contentType = "application/json", string accept = "")
    {
        var response = new MemoryResponse();
        await Server.HandleAsync(Request(method, path, body, contentType, accept), response, CancellationToken.None);
        return response;
    }

    public Task<MemoryResponse> GetAsync(string path, string accept = "") => SendAsync("GET", path, accept: accept);

    public async Task<JsonNode> GetJsonAsync(string path) => (await GetAsync(path)).Json();

    public Task<MemoryResponse> PostAsync(string path, string body) => SendAsync("POST", path, body);

    public Task<MemoryResponse> PutAsync(string path, string body) => SendAsync("PUT", path, body);

    public Task<MemoryResponse> PatchAsync(string path, string body, string form = "merge") =>
        SendAsync("PATCH", path, body, form == "json" ? "application/json-patch+json" : $"application/{form}-patch+json");

    public Task<MemoryResponse> DeleteAsync(string path, string body = "") => SendAsync("DELETE", path, body);

    /// <summary>Begins to watch.</summary>
    public TestWatch Watch(string path, string accept = "") => new(this, path, accept);

    /// <summary>An object by itself, past the server.</summary>
    public StoredObject Add(ApiResource resource, string name, string json = "{}", string space = "shop")
    {
        var body = JsonNode.Parse(json)!.AsObject();
        body.Object("metadata")["name"] = name;
        return Cluster.Create(resource, resource.Namespaced ? space : "", body);
    }

    public StoredObject? Find(ApiResource resource, string name, string space = "shop") => Cluster.Store.Find(resource, resource.Namespaced ? space : "", name);

    internal static HttpRequest Request(string method, string path, string body, string contentType, string accept)
    {
        var parts = path.Split('?', 2);
        var parameters = HttpUtility.ParseQueryString(parts.Length > 1 ? parts[1] : "");
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["User-Agent"] = "test/1.0" };
        if (accept.Length > 0) headers["Accept"] = accept;
        if (body.Length > 0) headers["Content-Type"] = contentType;
        return new()
        {
            Method = method,
            Path = parts[0],
            Query = [.. parameters.AllKeys.SelectMany(key => parameters.GetValues(key)!.Select(value => KeyValuePair.Create(key!, value)))],
            Headers = headers,
            Identity = new("admin", [Identity.MastersGroup]),
            Body = Encoding.UTF8.GetBytes(body),
        };
    }
}

/// <summary>A watch under way.</summary>
internal sealed class TestWatch : IAsyncDisposable
{
    private readonly CancellationTokenSource _hangUp = new();
    private readonly MemoryResponse _response = new();
    private readonly Task _answer;

    public TestWatch(TestServer server, string path, string accept) =>
        _answer = server.Server.HandleAsync(TestServer.Request("GET", path, "", "", accept), _response, _hangUp.Token);

    public MemoryResponse Response => _response;

    /// <summary>The next event; null when the server ended the watch.</summary>
    public async Task<JsonNode?> NextAsync() => await _response.LineAsync() is { } line ? JsonNode.Parse(line) : null;

    /// <summary>The next event in short: <c>ADDED web</c>.</summary>
    public async Task<string> NextNameAsync() => await NextAsync() is { } next ? $"{next["type"]} {next["object"]!["metadata"]!["name"]}" : "end";

    public async ValueTask DisposeAsync()
    {
        await _hangUp.CancelAsync();
        await _answer;
        _hangUp.Dispose();
    }
}

/// <summary>Reading answers.</summary>
internal static class AnswerReading
{
    public static JsonNode Json(this MemoryResponse response) => JsonNode.Parse(response.Text)!;

    public static string Message(this MemoryResponse response) => response.Json()["message"]?.GetValue<string>() ?? "";

    public static string Reason(this MemoryResponse response) => response.Json()["reason"]?.GetValue<string>() ?? "";

    public static string[] Names(this JsonNode list) => [.. list["items"]!.AsArray().Select(item => item!["metadata"]!["name"]!.GetValue<string>())];
}
