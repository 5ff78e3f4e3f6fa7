using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace MeshRoll.TestControlPlane.Mesh;

/// <summary>The HTTPS server behind the injection webhook, and behind that which validates. It listens on the address of its Kubernetes service.</summary>
internal sealed class InjectionServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly Func<JsonObject, JsonObject> _answer;

    private InjectionServer(IPEndPoint endpoint, Func<X509Certificate2> certificate, Func<JsonObject, JsonObject> answer)
    {
        _answer = answer;
        // The empty builder reads no environment variables, so nobody's ASPNETCORE_URLS can redirect the fixture.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(
            endpoint,
            listen => listen.UseHttps(new HttpsConnectionAdapterOptions { ServerCertificateSelector = (_, _) => certificate() })));
        _application = builder.Build();
        _application.Run(AnswerAsync);
    }

    public static async Task<InjectionServer> StartAsync(
        IPEndPoint endpoint, Func<X509Certificate2> certificate, Func<JsonObject, JsonObject> answer, CancellationToken cancellation)
    {
        var server = new InjectionServer(endpoint, certificate, answer);
        try
        {
            await server._application.StartAsync(cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var isValidation = context.Request.Path.StartsWithSegments("/validate", StringComparison.Ordinal);
        if (context.Request.Method != HttpMethods.Post || (!isValidation && !context.Request.Path.StartsWithSegments("/inject", StringComparison.Ordinal)))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        try
        {
            var review = (await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted))!.AsObject();
            var answer = Encoding.UTF8.GetBytes((isValidation ? Allowed(review) : _answer(review)).ToJsonString());
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = answer.Length;
            await context.Response.Body.WriteAsync(answer, context.RequestAborted);
        }
        catch (InjectionRefusedException)
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
    }

    // Istio's own objects are taken as they come: what is wrong with them is not the tests' concern.
    private static JsonObject Allowed(JsonObject review) => new()
    {
        ["apiVersion"] = (string?)review["apiVersion"],
        ["kind"] = "AdmissionReview",
        ["response"] = new JsonObject { ["uid"] = (string?)review["request"]?["uid"], ["allowed"] = true },
    };
}
