using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace MeshRoll.Core.Tests.Builders;

/// <summary>Answers as an API server words them.</summary>
internal static class ApiAnswer
{
    public static HttpResponseMessage Of(JsonObject body, HttpRequestMessage request, HttpStatusCode code = HttpStatusCode.OK) =>
        new(code) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"), RequestMessage = request };

    /// <summary>A Status object: no.</summary>
    public static HttpResponseMessage Refusal(HttpStatusCode code, HttpRequestMessage request) => Of(new()
    {
        ["kind"] = "Status",
        ["apiVersion"] = "v1",
        ["status"] = "Failure",
        ["reason"] = code == HttpStatusCode.Gone ? "Expired" : code.ToString(),
        ["code"] = (int)code,
        ["message"] = $"{code}: {request.RequestUri!.AbsolutePath}",
    }, request, code);
}
