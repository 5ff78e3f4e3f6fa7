using MeshRoll.TestControlPlane;
using MeshRoll.TestControlPlane.Kubelet;
using MeshRoll.TestControlPlane.Mesh;
using MeshRoll.TestControlPlane.Workloads;

namespace MeshRoll.Demo;

/// <summary>A small cluster with a shop in it whose mesh has just been upgraded.</summary>
internal sealed class DemoShop : IAsyncDisposable
{
    internal const string Namespace = "shop";

    private readonly ControlPlane _controlPlane;
    private readonly FakeKubelet _kubelet;
    private readonly List<FakeIstiod> _istiods = [];

    private DemoShop(ControlPlane controlPlane, FakeKubelet kubelet) => (_controlPlane, _kubelet) = (controlPlane, kubelet);

    internal string KubeConfigPath => _controlPlane.KubeConfigPath;

    internal static async Task<DemoShop> OpenAsync()
    {
        Console.WriteLine("Starting etcd, kube-apiserver, controllers, scheduler, and a mesh of two versions ...");
        var controlPlane = await ControlPlane.StartAsync(new ControlPlaneOptions { ContextName = "demo" });
        var shop = new DemoShop(controlPlane, await FakeKubelet.StartAsync(controlPlane, new FakeKubeletOptions { Nodes = 2, ReadyDelay = TimeSpan.FromSeconds(1.5) }));
        shop._istiods.Add(await FakeIstiod.InstallAsync(controlPlane, new FakeIstiodOptions { Version = "1.26.4", IsDefault = true }));
        shop._istiods.Add(await FakeIstiod.InstallAsync(controlPlane, new FakeIstiodOptions { Version = "1.27.1", Revision = "1-27-1" }));

        var api = controlPlane.Api;
        await api.CreateNamespaceAsync(Namespace, new Dictionary<string, string> { ["istio-injection"] = "enabled" });
        await api.WaitForServiceAccountAsync(Namespace);
        foreach (var name in (string[])["web", "cart", "checkout", "catalog", "search", "payment", "shipping", "reviews"])
        {
            await api.CreateAsync((new Workload(Namespace, name) with { Replicas = name is "web" ? 4 : name is "payment" ? 1 : 2 }).AsDeployment());
        }
        await api.CreateAsync((new Workload(Namespace, "orders-db") with { Replicas = 2 }).AsStatefulSet());
        await api.CreateAsync(new Workload(Namespace, "session-store").AsStatefulSet());
        await api.CreateAsync(new Workload(Namespace, "log-agent").AsDaemonSet());
        await WorkloadReadiness.WaitAsync(api, Namespace, TimeSpan.FromMinutes(1));

        await api.LabelAsync($"/api/v1/namespaces/{Namespace}", new Dictionary<string, string?> { ["istio-injection"] = null, ["istio.io/rev"] = "1-27-1" });
        await api.CreateAsync((new Workload(Namespace, "coupons") with { Replicas = 2 }).AsDeployment());
        await WorkloadReadiness.WaitAsync(api, Namespace, TimeSpan.FromMinutes(1));
        return shop;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var istiod in _istiods) await istiod.DisposeAsync();
        await _kubelet.DisposeAsync();
        await _controlPlane.DisposeAsync();
    }
}
