using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using MeshRoll.TestControlPlane.Api;
using MeshRoll.TestControlPlane.Servers;

namespace MeshRoll.TestControlPlane.Mesh;

/// <summary>
/// Plays one revision of istiod: a real injection webhook that the API server calls by its service, and the objects that
/// a real installation leaves in the cluster. Two of them side by side make an upgrade.
/// </summary>
public sealed class FakeIstiod : IAsyncDisposable
{
    private readonly KubeApi _api;
    private readonly HashSet<string> _tags = [];
    private volatile FakeIstiodOptions _options;
    private volatile CertificateAuthority _authority;
    private volatile X509Certificate2 _certificate;
    private InjectionServer? _server;
    private IPEndPoint? _endpoint;
    private int _port;
    private int _injected;

    private FakeIstiod(KubeApi api, FakeIstiodOptions options)
    {
        _api = api;
        _options = options;
        (_authority, _certificate) = NewIdentity(options);
    }

    /// <summary>How it was installed; after <see cref="UpgradeAsync"/> with the new version.</summary>
    public FakeIstiodOptions Options => _options;

    /// <summary>True makes the webhook answer 500, so that with failurePolicy Fail no matching pod can be created.</summary>
    public bool Refuse { get; set; }

    /// <summary>How many pods have got a sidecar from this istiod, dry runs not counted.</summary>
    public int Injected => Volatile.Read(ref _injected);

    /// <summary>The authority that the webhooks must trust to reach this istiod, in PEM.</summary>
    public string CaPem => _authority.CertificatePem;

    /// <summary>The image that a pod without wishes of its own gets.</summary>
    public string ProxyImage => $"{_options.Hub}/{_options.ProxyImage}:{_options.Version}";

    /// <summary>Creates all objects, starts the webhook and waits until the API server calls it.</summary>
    public static async Task<FakeIstiod> InstallAsync(ControlPlane controlPlane, FakeIstiodOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(controlPlane);
        var istiod = new FakeIstiod(controlPlane.CreateApi(controlPlane.AdminToken), options ?? new FakeIstiodOptions());
        try
        {
            await istiod.InstallAsync(cancellation);
            return istiod;
        }
        catch
        {
            await istiod.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes a tag point here, whichever revision it pointed at before. The tag <c>default</c> takes over from an istiod without a revision.</summary>
    public async Task SetTagAsync(string tag, CancellationToken cancellation = default)
    {
        var webhook = InjectorWebhooks.ForTag(_options, tag, _port, CaPem);
        await PutAsync(webhook, cancellation);
        _tags.Add(tag);
        if (tag == FakeIstiodOptions.DefaultRevision)
        {
            await DeactivateUnrevisionedAsync(cancellation);
        }
    }

    /// <summary>Removes a tag.</summary>
    public async Task RemoveTagAsync(string tag, CancellationToken cancellation = default)
    {
        _tags.Remove(tag);
        await RemoveAsync(InjectorWebhooks.ForTag(_options, tag, _port, CaPem), cancellation);
    }

    /// <summary>An upgrade in place: from now on this revision injects another version, and its ConfigMap and Deployment say so.</summary>
    public async Task UpgradeAsync(string version, CancellationToken cancellation = default)
    {
        _options = _options with { Version = version };
        await PutAsync(IstiodObjects.InjectorConfigMap(_options), cancellation);
        var deployment = IstiodObjects.Deployment(_options);
        await _api.PatchAsync(ObjectPath.Of(deployment), deployment, KubeApi.StrategicMerge, cancellation);
    }

    /// <summary>
    /// Changes the serving certificate to one of a new authority. The revision's own webhook learns it at once, tags do not:
    /// a webhook restored from an older backup, or a tag that was not set again, cannot reach istiod any more.
    /// </summary>
    public async Task RotateAuthorityAsync(CancellationToken cancellation = default)
    {
        var (oldAuthority, oldCertificate) = (_authority, _certificate);
        (_authority, _certificate) = NewIdentity(_options);
        await PutAsync(InjectorWebhooks.ForRevision(_options, _port, CaPem), cancellation);
        await PutAsync(ValidatorWebhooks.ForRevision(_options, _port, CaPem), cancellation);
        // The API server checks a certificate when it connects, and it keeps connections for long.
        await StopServerAsync();
        await StartServerAsync(cancellation);
        oldAuthority.Dispose();
        oldCertificate.Dispose();
    }

    /// <summary>Removes all objects of this istiod, tags included, and stops the webhook. Pods keep their sidecars.</summary>
    public async Task UninstallAsync(CancellationToken cancellation = default)
    {
        foreach (var tag in _tags.ToArray())
        {
            await RemoveTagAsync(tag, cancellation);
        }

        await RemoveAsync(InjectorWebhooks.ForRevision(_options, _port, CaPem), cancellation);
        await RemoveAsync(ValidatorWebhooks.ForRevision(_options, _port, CaPem), cancellation);
        await RemoveAsync(IstiodObjects.Service(_options, _port), cancellation);
        await RemoveAsync(IstiodObjects.Deployment(_options), cancellation);
        await RemoveAsync(IstiodObjects.InjectorConfigMap(_options), cancellation);
        await RemoveAsync(IstiodObjects.MeshConfigMap(_options), cancellation);
        await StopServerAsync();
    }

    /// <summary>Stops the webhook and leaves the objects; whoever is still to be injected cannot be created then.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopServerAsync();
        _api.Dispose();
        _authority.Dispose();
        _certificate.Dispose();
    }

    private static (CertificateAuthority Authority, X509Certificate2 Certificate) NewIdentity(FakeIstiodOptions options)
    {
        var authority = new CertificateAuthority("istiod-ca" + options.Suffix);
        var issued = authority.IssueServer($"{options.ServiceName}.{options.Namespace}.svc", $"{options.ServiceName}.{options.Namespace}");
        return (authority, X509Certificate2.CreateFromPem(issued.CertificatePem, issued.KeyPem));
    }

    // Port 443 as in a real installation, where this user may listen on it.
    private static int ChoosePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Bind(new IPEndPoint(IPAddress.Parse("127.255.0.1"), 443));
            return 443;
        }
        catch (SocketException)
        {
            return 15017;
        }
    }

    private async Task InstallAsync(CancellationToken cancellation)
    {
        _port = ChoosePort();
        if (await _api.FindAsync("/api/v1/namespaces/" + _options.Namespace, cancellation) is null)
        {
            await _api.CreateNamespaceAsync(_options.Namespace, cancellation: cancellation);
        }

        var service = await _api.CreateAsync(IstiodObjects.Service(_options, _port), cancellation);
        _endpoint = new IPEndPoint(IPAddress.Parse((string)service["spec"]!["clusterIP"]!), _port);
        await StartServerAsync(cancellation);
        await _api.CreateAsync(IstiodObjects.InjectorConfigMap(_options), cancellation);
        await _api.CreateAsync(IstiodObjects.MeshConfigMap(_options), cancellation);
        await _api.CreateAsync(IstiodObjects.Deployment(_options), cancellation);
        await PutAsync(ValidatorWebhooks.ForRevision(_options, _port, CaPem), cancellation);
        if (_options.Suffix.Length == 0)
        {
            await PutAsync(ValidatorWebhooks.ForDefault(_options, _port, CaPem), cancellation);
        }

        await PutAsync(InjectorWebhooks.ForRevision(_options, _port, CaPem), cancellation);
        if (_options.IsDefault && _options.Suffix.Length > 0)
        {
            await SetTagAsync(FakeIstiodOptions.DefaultRevision, cancellation);
        }

        await WaitUntilCalledAsync(cancellation);
    }

    // The API server learns of webhooks by a watch, so the first pods after an installation could slip through.
    private async Task WaitUntilCalledAsync(CancellationToken cancellation)
    {
        var probe = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = new JsonObject
            {
                ["generateName"] = "injection-probe-",
                ["namespace"] = _options.Namespace,
                ["labels"] = new JsonObject { ["istio.io/rev"] = _options.Revision },
            },
            ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "probe", ["image"] = "probe" }) },
        };
        for (var attempt = 1; ; attempt++)
        {
            var made = await _api.CreateAsync(ObjectPath.CollectionOf(probe) + "?dryRun=All", probe, cancellation);
            if (made["metadata"]?["annotations"]?["sidecar.istio.io/status"] is not null)
            {
                return;
            }

            if (attempt == 100)
            {
                throw new ControlPlaneException($"The API server does not call the webhook {_options.WebhookName}.");
            }

            await Task.Delay(100, cancellation);
        }
    }

    private JsonObject Review(JsonObject review)
    {
        if (Refuse)
        {
            throw new InjectionRefusedException();
        }

        var request = review["request"]!;
        var response = new JsonObject { ["uid"] = (string)request["uid"]!, ["allowed"] = true };
        if (SidecarInjection.Patch(request["object"]!.AsObject(), (string)request["namespace"]!, _options) is { } patch)
        {
            response["patchType"] = "JSONPatch";
            response["patch"] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(patch.ToJsonString()));
            if ((bool?)request["dryRun"] is not true)
            {
                Interlocked.Increment(ref _injected);
            }
        }

        return new JsonObject { ["apiVersion"] = "admission.k8s.io/v1", ["kind"] = "AdmissionReview", ["response"] = response };
    }

    private async Task DeactivateUnrevisionedAsync(CancellationToken cancellation)
    {
        var path = ObjectPath.Collection("admissionregistration.k8s.io/v1", "mutatingwebhookconfigurations");
        var found = await _api.ListAsync(path, "labelSelector=istio.io%2Frev%3Ddefault%2C%21istio.io%2Ftag", cancellation);
        foreach (var configuration in found.Items)
        {
            InjectorWebhooks.Deactivate(configuration);
            await _api.ReplaceAsync($"{path}/{(string)configuration["metadata"]!["name"]!}", configuration, cancellation);
        }
    }

    private async Task PutAsync(JsonObject body, CancellationToken cancellation)
    {
        var path = ObjectPath.Of(body);
        if (await _api.FindAsync(path, cancellation) is { } existing)
        {
            body["metadata"]!["resourceVersion"] = (string)existing["metadata"]!["resourceVersion"]!;
            await _api.ReplaceAsync(path, body, cancellation);
        }
        else
        {
            await _api.CreateAsync(body, cancellation);
        }
    }

    private async Task RemoveAsync(JsonObject body, CancellationToken cancellation)
    {
        if (await _api.FindAsync(ObjectPath.Of(body), cancellation) is not null)
        {
            await _api.DeleteAsync(ObjectPath.Of(body), new JsonObject { ["propagationPolicy"] = "Background" }, cancellation);
        }
    }

    private async Task StartServerAsync(CancellationToken cancellation)
        => _server = await InjectionServer.StartAsync(_endpoint!, () => _certificate, Review, cancellation);

    private async Task StopServerAsync()
    {
        if (_server is { } server)
        {
            _server = null;
            await server.DisposeAsync();
        }
    }
}
