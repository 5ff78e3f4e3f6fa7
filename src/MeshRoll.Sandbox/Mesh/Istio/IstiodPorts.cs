using System.Globalization;
using System.Text;
using MeshRoll.Sandbox.Api;
using MeshRoll.Sandbox.Nodes.Pods;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Objects.Views;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Wire;

namespace MeshRoll.Sandbox.Mesh.Istio;

/// <summary>
/// What istiod answers on its ports for debugging (8080) and monitoring (15014): <c>/debug/syncz</c> and <c>/ready</c>. Whoever comes through a
/// forwarded port comes from localhost, and so is asked for no name.
/// </summary>
/// <remarks>
/// An istiod pod's annotation <c>sandbox.meshroll.io/debug-endpoint</c> makes it answer otherwise: with a status such as <c>401</c> or <c>404</c>, with
/// <c>garbage</c>, or, when <c>closed</c>, not at all.
/// </remarks>
internal sealed class IstiodPorts(Cluster cluster, ProxySync sync) : IPodPorts
{
    /// <summary>The annotation that makes an istiod refuse.</summary>
    public const string Annotation = PodBehaviour.Prefix + PodBehaviour.DebugEndpointName;

    private const string Container = "discovery";

    // Istio changed the form of syncz at some version; the sandbox does so here, where a world with an old and a new istiod has one of each.
    private static readonly Version NewFormatFrom = new(1, 27);

    /// <inheritdoc/>
    public PodListener? Find(StoredObject pod, int port)
    {
        if (port is not (8080 or 15014) || pod.Labels.GetValueOrDefault("app") != "istiod" || pod.As<PodView>() is not { Phase: "Running" }) return null;
        var newFormat = Version(pod) >= NewFormatFrom;
        var behaviour = pod.ToJson().Text("metadata", "annotations", Annotation);
        if (behaviour == "closed") return null;
        return (stream, cancellationToken) => StreamHttp.ServeAsync(stream, request => Misbehaving(behaviour, request) ?? Answer(pod, request, newFormat), cancellationToken);
    }

    private static StreamAnswer? Misbehaving(string? behaviour, RequestHead request) => behaviour switch
    {
        _ when request.Path != "/debug/syncz" => null,
        "garbage" => new(200, "text/html", "<html><body>Welcome</body></html>"u8.ToArray()),
        _ when int.TryParse(behaviour, NumberStyles.None, CultureInfo.InvariantCulture, out var status) && status is >= 400 and <= 599 => new(status, "text/plain; charset=utf-8", []),
        _ => null,
    };

    private StreamAnswer Answer(StoredObject pod, RequestHead request, bool newFormat) => request.Path switch
    {
        "/debug/syncz" => new(200, "application/json", Encoding.UTF8.GetBytes(cluster.Simulation.Enter(() => sync.Syncz(cluster.Store.FindByUid(pod.Uid) ?? pod, newFormat, Namespace(request))))),
        "/ready" => new(200, "text/plain; charset=utf-8", []),
        _ => new(404, "text/plain; charset=utf-8", "404 page not found\n"u8.ToArray()),
    };

    private static string Namespace(RequestHead request) => request.Query.FirstOrDefault(parameter => parameter.Key == "namespace").Value ?? "";

    private static Version Version(StoredObject pod)
    {
        var image = pod.ToJson().Items("spec", "containers").FirstOrDefault(container => container.Text("name") == Container).Text("image") ?? "";
        var tag = image[(image.LastIndexOf(':') + 1)..].Split('-')[0];
        return System.Version.TryParse(tag, out var version) ? version : NewFormatFrom;
    }
}
