using System.Text.Json.Nodes;
using MeshRoll.TestControlPlane;
using MeshRoll.TestControlPlane.Kubelet;
using MeshRoll.TestControlPlane.Mesh;
using MeshRoll.TestControlPlane.Workloads;

namespace MeshRoll.Benchmarks.World;

/// <summary>A real control plane with a mesh and as many injected pods as asked for, in namespaces named load-*.</summary>
internal sealed class BenchmarkWorld : IAsyncDisposable
{
    /// <summary>The revision of <see cref="InstallSecondAsync"/>.</summary>
    internal const string SecondRevision = "1-27-1";

    private const int Namespaces = 10;
    private const int PodsPerDeployment = 10;

    private readonly FakeKubelet _kubelet;
    private readonly FakeIstiod _istiod;
    private FakeIstiod? _second;

    private BenchmarkWorld(ControlPlane controlPlane, FakeKubelet kubelet, FakeIstiod istiod) => (ControlPlane, _kubelet, _istiod) = (controlPlane, kubelet, istiod);

    internal ControlPlane ControlPlane { get; }

    internal static async Task<BenchmarkWorld> StartAsync()
    {
        var controlPlane = await ControlPlane.StartAsync(new ControlPlaneOptions { MaxRequestsInflight = 800, MaxMutatingRequestsInflight = 400 });
        var kubelet = await FakeKubelet.StartAsync(controlPlane, new FakeKubeletOptions { Nodes = 4, PodsPerNode = 20_000, ReadyDelay = TimeSpan.FromMilliseconds(50), StopDelay = TimeSpan.FromMilliseconds(50) });
        return new(controlPlane, kubelet, await FakeIstiod.InstallAsync(controlPlane, new FakeIstiodOptions { Version = "1.26.4", IsDefault = true }));
    }

    /// <summary>A newer istiod beside the one that has injected all pods; the switch was made, so that new pods of no namespace would get what they have.</summary>
    internal async Task InstallSecondAsync()
    {
        _second ??= await FakeIstiod.InstallAsync(ControlPlane, new FakeIstiodOptions { Version = "1.27.1", Revision = SecondRevision });
        foreach (var number in Enumerable.Range(1, Namespaces))
        {
            await ControlPlane.Api.LabelAsync($"/api/v1/namespaces/load-{number}", new Dictionary<string, string?> { ["istio-injection"] = null, ["istio.io/rev"] = SecondRevision });
        }
    }

    /// <summary>A namespace with injection and this many Deployments, ready.</summary>
    internal async Task<string> DeploymentsAsync(string name, int count, int replicas = 1)
    {
        await NamespaceAsync(name);
        await Parallel.ForEachAsync(Enumerable.Range(1, count), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (number, cancelled) =>
            await ControlPlane.Api.CreateAsync((new Workload(name, $"web-{number}") with { Replicas = replicas }).AsDeployment(), cancelled));
        await WorkloadReadiness.WaitAsync(ControlPlane.Api, name, TimeSpan.FromMinutes(5));
        return name;
    }

    /// <summary>Injected pods of a realistic size, about 14 KB each in compact JSON.</summary>
    internal async Task PodsAsync(int count)
    {
        var perNamespace = count / Namespaces / PodsPerDeployment;
        foreach (var number in Enumerable.Range(1, Namespaces))
        {
            var name = $"load-{number}";
            await NamespaceAsync(name);
            await Parallel.ForEachAsync(Enumerable.Range(1, perNamespace), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (deployment, cancelled) =>
                await ControlPlane.Api.CreateAsync(Grown((new Workload(name, $"app-{deployment}") with { Replicas = PodsPerDeployment }).AsDeployment()), cancelled));
            await WorkloadReadiness.WaitAsync(ControlPlane.Api, name, TimeSpan.FromMinutes(15));
            Console.Error.WriteLine($"  {number * perNamespace * PodsPerDeployment} of {count} pods are ready");
        }
    }

    private async Task NamespaceAsync(string name)
    {
        await ControlPlane.Api.CreateNamespaceAsync(name, new Dictionary<string, string> { ["istio-injection"] = "enabled" });
        await ControlPlane.Api.WaitForServiceAccountAsync(name);
    }

    /// <summary>Real pods carry a lot of environment and annotations.</summary>
    private static JsonObject Grown(JsonObject deployment)
    {
        var template = deployment["spec"]!["template"]!;
        var environment = new JsonArray();
        for (var number = 0; number < 60; number++)
        {
            environment.Add(new JsonObject { ["name"] = $"SETTING_{number}", ["value"] = $"a value of the length that settings have, number {number}" });
        }
        template["spec"]!["containers"]![0]!["env"] = environment;
        return deployment;
    }

    public async ValueTask DisposeAsync()
    {
        if (_second is not null) await _second.DisposeAsync();
        await _istiod.DisposeAsync();
        await _kubelet.DisposeAsync();
        await ControlPlane.DisposeAsync();
    }
}
