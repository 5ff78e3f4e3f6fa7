using System.Text;
using MeshRoll.Sandbox.Api;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Objects.Views;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Wire;

namespace MeshRoll.Sandbox.Mesh.Istio;

/// <summary>
/// What istiod answers on its ports for debugging (8080) and monitoring (15014): <c>/debug/syncz</c> and <c>/ready</c>. Whoever comes through a
/// forwarded port comes from localhost, and so is asked for no name.
/// </summary>
internal sealed class IstiodPorts(Cluster cluster, ProxySync sync) : IPodPorts
{
    private const string Container = "discovery";

    // Istio changed the form of syncz at some version; the sandbox does so here, where a world with an old and a new istiod has one of each.
    private static readonly Version NewFormatFrom = new(1, 27);

    /// <inheritdoc/>
    public PodListener? Find(StoredObject pod, int port)
    {
        if (port is not (8080 or 15014) || pod.Labels.GetValueOrDefault("app") != "istiod" || pod.As<PodView>() is not { Phase: "Running" }) return null;
        var newFormat = Version(pod) >= NewFormatFrom;
        return (stream, cancellationToken) => StreamHttp.ServeAsync(stream, request => Answer(pod, request, newFormat), cancellationToken);
    }

    private StreamAnswer Answer(StoredObject pod, RequestHead request, bool newFormat) => request.Path switch
    {
        "/debug/syncz" => new(200, "application/json", Encoding.UTF8.GetBytes(cluster.Simulation.Enter(() => sync.Syncz(cluster.Store.FindByUid(pod.Uid) ?? pod, newFormat)))),
        "/ready" => new(200, "text/plain; charset=utf-8", []),
        _ => new(404, "text/plain; charset=utf-8", "404 page not found\n"u8.ToArray()),
    };

    private static Version Version(StoredObject pod)
    {
        var image = pod.ToJson().Items("spec", "containers").FirstOrDefault(container => container.Text("name") == Container).Text("image") ?? "";
        var tag = image[(image.LastIndexOf(':') + 1)..].Split('-')[0];
        return System.Version.TryParse(tag, out var version) ? version : NewFormatFrom;
    }
}
