using MeshRoll.Core.ControlPlane.ProxyStatus;
using MeshRoll.Core.Tests.Builders;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;
using Event = MeshRoll.Core.ReadEvent<MeshRoll.Core.ControlPlane.ProxyStatus.MeshProxyStatus>;

namespace MeshRoll.Core.Tests.ControlPlane.ProxyStatus;

/// <summary>Two revisions with three istiods, and four pods that are connected to them.</summary>
public abstract class ProxyStatusWorld
{
    protected SnapshotApiServer Server { get; }

    protected IstiodPorts Ports { get; }

    protected ProxyStatusWorld()
    {
        Server = new SnapshotApiServer()
            .With(Resources.Namespaces, Mesh.Namespace("shop"), Mesh.Namespace("bank"), Mesh.Namespace("istio-system"))
            .With(Resources.MutatingWebhookConfigurations, Mesh.Injector(), Mesh.Injector("1-27"), Mesh.Tag("prod", "1-27"))
            .With(Resources.Deployments).With(Resources.StatefulSets).With(Resources.DaemonSets).With(Resources.ReplicaSets)
            .With(Resources.Pods, Istiod("istiod-a"), Istiod("istiod-b"), Istiod("istiod-27", "1-27"))
            .With(Resources.Pods, Mesh.Pod("shop", "web-1"), Mesh.Pod("shop", "web-2"), Mesh.Pod("shop", "api-1", "api", "1.27.1", "1-27"), Mesh.Pod("bank", "ledger-1", "ledger"));
        Ports = new IstiodPorts(Server)
            .Answer("istiod-a", SynczText.Of(SynczText.Old("web-1.shop")))
            .Answer("istiod-b", SynczText.Of(SynczText.Old("web-2.shop", "STSS-"), SynczText.Old("ledger-1.bank")))
            .Answer("istiod-27", SynczText.Of(SynczText.New("api-1.shop")));
    }

    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    protected static ProxyStatusQuery All => new() { Selection = new() { AllNamespaces = true } };

    protected static ProxyStatusQuery Of(params string[] namespaces) => new() { Selection = new WorkloadSelection { Namespaces = namespaces } };

    private static Pod Istiod(string name, string revision = "default") => Mesh.Pod("istio-system", name, "istiod", revision: null)
        .WithLabels("app=istiod", $"istio.io/rev={revision}")
        .WithContainers(Mesh.Container("discovery", "docker.io/istio/pilot:1.27.1"));

    private protected async Task<List<Event>> ReadAsync(ProxyStatusQuery query)
    {
        await using var session = Ports.Session();
        var events = new List<Event>();
        await foreach (var happened in new ProxyStatusReader(session).ReadAsync(query, Cancelled)) events.Add(happened);
        return events;
    }

    protected static List<MeshProxyStatus> Rows(IEnumerable<Event> events) => [.. events.OfType<Event.Found>().Select(found => found.Item)];
}
