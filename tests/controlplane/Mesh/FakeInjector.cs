using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using MeshRoll.TestControlPlane.Api;
using MeshRoll.TestControlPlane.Servers;

namespace MeshRoll.TestControlPlane.Mesh;

/// <summary>Plays the injector of <see cref="OtherMesh"/> behind its service, for an API server that really calls it.</summary>
public sealed class FakeInjector : IAsyncDisposable
{
    private readonly OtherMesh _mesh;
    private readonly CertificateAuthority _authority;
    private readonly X509Certificate2 _certificate;
    private InjectionServer? _server;

    private FakeInjector(OtherMesh mesh, string version)
    {
        (_mesh, Version) = (mesh, version);
        _authority = new CertificateAuthority(mesh.Injector + "-ca");
        var issued = _authority.IssueServer($"{mesh.Injector}.{mesh.Namespace}.svc", $"{mesh.Injector}.{mesh.Namespace}");
        _certificate = X509Certificate2.CreateFromPem(issued.CertificatePem, issued.KeyPem);
    }

    /// <summary>The version of the proxy it injects.</summary>
    public string Version { get; set; }

    /// <summary>The authority its webhook must trust, in PEM.</summary>
    public string CaPem => _authority.CertificatePem;

    /// <summary>Starts it on the address of its service, which exists.</summary>
    public static async Task<FakeInjector> StartAsync(KubeApi api, OtherMesh mesh, string version, int port, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(api);
        ArgumentNullException.ThrowIfNull(mesh);
        var injector = new FakeInjector(mesh, version);
        var service = await api.GetAsync($"/api/v1/namespaces/{mesh.Namespace}/services/{mesh.Injector}", cancellation);
        var endpoint = new IPEndPoint(IPAddress.Parse((string)service["spec"]!["clusterIP"]!), port);
        injector._server = await InjectionServer.StartAsync(endpoint, () => injector._certificate, injector.Review, cancellation);
        return injector;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        _authority.Dispose();
        _certificate.Dispose();
    }

    private JsonObject Review(JsonObject review)
    {
        var request = review["request"]!;
        var patch = _mesh.Patch(request["object"]!.AsObject(), Version).ToJsonString();
        return new JsonObject
        {
            ["apiVersion"] = "admission.k8s.io/v1",
            ["kind"] = "AdmissionReview",
            ["response"] = new JsonObject
            {
                ["uid"] = (string)request["uid"]!,
                ["allowed"] = true,
                ["patchType"] = "JSONPatch",
                ["patch"] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(patch)),
            },
        };
    }
}
