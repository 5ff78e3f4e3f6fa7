using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Web;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Configuration;
using MeshRoll.Kubernetes.Transport;

namespace MeshRoll.Kubernetes.Tests.Builders;

/// <summary>A server in place of sockets: it answers what the test tells it to, and remembers what it was asked.</summary>
public sealed class ScriptedServer(Func<AskedFor, HttpResponseMessage> answer) : HttpMessageHandler
{
    public const string Protobuf = "application/vnd.kubernetes.protobuf";
    public const string Json = "application/json";

    private readonly ConcurrentQueue<AskedFor> _asked = new();

    public ManualTimeProvider Time { get; } = new();

    public IReadOnlyList<AskedFor> Asked => [.. _asked];

    /// <summary>A server that gives these answers in turn.</summary>
    public static ScriptedServer InTurn(params HttpResponseMessage[] answers)
    {
        var left = new Queue<HttpResponseMessage>(answers);
        return new(_ => left.Count > 0 ? left.Dequeue() : throw new InvalidOperationException("The server was asked once too often."));
    }

    public ClusterClient NewClient() => new(
        new ClusterConnection { Name = "test", Server = new("https://cluster.test/prefix/") },
        new TransportOptions { PrimaryHandler = this, TimeProvider = Time });

    public static HttpResponseMessage Answer(byte[] body, string type = Json, HttpStatusCode code = HttpStatusCode.OK) => Answer(new MemoryStream(body), type, code);

    public static HttpResponseMessage Answer(string body, string type = Json, HttpStatusCode code = HttpStatusCode.OK) => Answer(Encoding.UTF8.GetBytes(body), type, code);

    public static HttpResponseMessage Answer(Stream body, string type = Json, HttpStatusCode code = HttpStatusCode.OK)
    {
        var response = new HttpResponseMessage(code) { Content = new StreamContent(body) };
        response.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return response;
    }

    public static HttpResponseMessage Refusal(HttpStatusCode code, string reason, string message, string name = "", params (string Reason, string Message)[] causes) => Answer(
        TestPod.Utf8(StatusJson(code, reason, message, name, causes)), Json, code);

    public static JsonObject StatusJson(HttpStatusCode code, string reason, string message, string name = "", params (string Reason, string Message)[] causes) => new()
    {
        ["kind"] = "Status",
        ["apiVersion"] = "v1",
        ["metadata"] = new JsonObject(),
        ["status"] = "Failure",
        ["message"] = message,
        ["reason"] = reason,
        ["code"] = (int)code,
        ["details"] = new JsonObject { ["name"] = name, ["causes"] = new JsonArray([.. causes.Select(cause => new JsonObject { ["reason"] = cause.Reason, ["message"] = cause.Message })]) },
    };

    public static byte[] StatusProtobuf(HttpStatusCode code, string reason, string message, string name = "") => ProtobufWriter.Envelope("v1", "Status", ProtobufWriter.Of(status => status
        .Text(2, "Failure").Text(3, message).Text(4, reason).Message(5, details => details.Text(1, name)).Number(6, (int)code)));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        var asked = new AskedFor(request.Method.Method, request.RequestUri!.AbsolutePath["/prefix/".Length..], request.RequestUri.Query, body)
        {
            Accept = request.Headers.TryGetValues("Accept", out var accept) ? string.Join(",", accept) : "",
            BodyType = request.Content?.Headers.ContentType?.ToString() ?? "",
        };
        _asked.Enqueue(asked);
        return answer(asked);
    }
}

/// <summary>One question a server was asked.</summary>
public sealed record AskedFor(string Method, string Path, string Query, string Body)
{
    public string Accept { get; init; } = "";

    public string BodyType { get; init; } = "";

    public bool IsWatch => this["watch"] is not null;

    public string? this[string parameter] => HttpUtility.ParseQueryString(Query)[parameter];
}
