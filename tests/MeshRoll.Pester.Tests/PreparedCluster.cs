using System.Text.Json.Nodes;
using MeshRoll.TestControlPlane;
using MeshRoll.TestControlPlane.Api;
using MeshRoll.TestControlPlane.Kubelet;
using MeshRoll.TestControlPlane.Mesh;
using MeshRoll.TestControlPlane.Workloads;

namespace MeshRoll.Pester.Tests;

/// <summary>
/// A real control plane with two versions of the mesh, and one namespace for each Pester file, whose pods run the old version and would get the
/// new one. Started when the first test asks for it.
/// </summary>
public sealed class PreparedCluster : IAsyncLifetime
{
    private const string NewRevision = "1-27-1";

    private readonly List<IAsyncDisposable> _parts = [];
    private readonly SemaphoreSlim _starting = new(1);
    private Dictionary<string, string>? _environment;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var part in _parts.AsEnumerable().Reverse()) await part.DisposeAsync();
        _starting.Dispose();
    }

    /// <summary>What the Pester files need to know, as environment variables; skips the test by name where the programs are not installed.</summary>
    public async Task<IReadOnlyDictionary<string, string>> RequireAsync()
    {
        if (!ControlPlane.TryFindBinaries(out _, out var missing)) Assert.Skip($"needs the real control plane: {missing}");

        await _starting.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            return _environment ??= await StartAsync(TestContext.Current.CancellationToken);
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>Starts everything; returns the environment.</summary>
    public async Task<Dictionary<string, string>> StartAsync(CancellationToken cancellationToken)
    {
        var controlPlane = Keep(await ControlPlane.StartAsync(cancellation: cancellationToken));
        var kubelet = Keep(await FakeKubelet.StartAsync(controlPlane, new FakeKubeletOptions { Nodes = 2 }, cancellationToken));
        Keep(await FakeIstiod.InstallAsync(controlPlane, new FakeIstiodOptions { Version = "1.26.4", IsDefault = true }, cancellationToken));
        Keep(await FakeIstiod.InstallAsync(controlPlane, new FakeIstiodOptions { Version = "1.27.1", Revision = NewRevision }, cancellationToken));

        foreach (var (name, objects) in Namespaces()) await FillAsync(controlPlane, name, objects, cancellationToken);
        foreach (var (name, _) in Namespaces()) await SwitchAsync(controlPlane, name, cancellationToken);

        await controlPlane.Api.PatchAsync("/apis/apps/v1/namespaces/paused/deployments/web", new JsonObject { ["spec"] = new JsonObject { ["paused"] = true } }, cancellation: cancellationToken);

        // The old pods run on, but the image was deleted from the registry meanwhile.
        kubelet.Images.Delete("gone.example/app:1");
        return new()
        {
            ["KUBECONFIG"] = controlPlane.KubeConfigPath,
            ["MESHROLL_KUBECTL"] = controlPlane.KubectlPath,
            ["MESHROLL_READER_KUBECONFIG"] = await WriteReaderAsync(controlPlane, cancellationToken),
        };
    }

    private static IReadOnlyList<(string Name, JsonObject[] Objects)> Namespaces() =>
    [
        ("reading", [Web("reading", "web", 2).AsDeployment(), Web("reading", "db", 1).AsStatefulSet(), Web("reading", "agent", 1).AsDaemonSet(), Web("reading", "lonely", 1).AsPod()]),
        ("pipeline", [.. Several("pipeline", 3, 2), Web("pipeline", "db", 2).AsStatefulSet(), Web("pipeline", "agent", 1).AsDaemonSet()]),
        ("named", Several("named", 4, 1)),
        ("whatif", Several("whatif", 3, 2)),
        ("failing", [.. Enumerable.Range(1, 3).Select(number => (Web("failing", $"web-{number}", 1) with { Image = $"gone.example/app:{number}" }).AsDeployment())]),
        ("slow", [.. Enumerable.Range(1, 3).Select(number => (Web("slow", $"web-{number}", 1) with { PodAnnotations = Annotation(PodFaults.ReadyAfterAnnotation, "12s") }).AsDeployment())]),
        ("paused", [Web("paused", "web", 1).AsDeployment(), Web("paused", "api", 1).AsDeployment()]),
        ("jobs", Several("jobs", 2, 1)),
        ("parallel", Several("parallel", 4, 1)),
    ];

    private static Workload Web(string @namespace, string name, int replicas) => new(@namespace, name) { Replicas = replicas };

    private static JsonObject[] Several(string @namespace, int count, int replicas) => [.. Enumerable.Range(1, count).Select(number => Web(@namespace, $"web-{number}", replicas).AsDeployment())];

    private static Dictionary<string, string> Annotation(string name, string value) => new() { [name] = value };

    private static async Task FillAsync(ControlPlane controlPlane, string name, JsonObject[] objects, CancellationToken cancellationToken)
    {
        await controlPlane.Api.CreateNamespaceAsync(name, new Dictionary<string, string> { ["istio-injection"] = "enabled" }, cancellationToken);
        await controlPlane.Api.WaitForServiceAccountAsync(name, cancellationToken);
        foreach (var body in objects) await controlPlane.Api.CreateAsync(body, cancellationToken);
    }

    private static async Task SwitchAsync(ControlPlane controlPlane, string name, CancellationToken cancellationToken)
    {
        await WorkloadReadiness.WaitAsync(controlPlane.Api, name, TimeSpan.FromSeconds(90), cancellationToken);
        await controlPlane.Api.LabelAsync($"/api/v1/namespaces/{name}", new Dictionary<string, string?> { ["istio-injection"] = null, ["istio.io/rev"] = NewRevision }, cancellationToken);
    }

    // Somebody who may look at everything and change nothing.
    private static async Task<string> WriteReaderAsync(ControlPlane controlPlane, CancellationToken cancellationToken)
    {
        var reader = controlPlane.TakeTokenUser();
        await controlPlane.Api.GrantAsync(reader.Name, null, [new("*", ["*"], ["get", "list", "watch"])], cancellationToken);
        var path = Path.Combine(Path.GetDirectoryName(controlPlane.KubeConfigPath)!, "reader.kubeconfig");
        controlPlane.WriteKubeConfig(path, reader, "reading", "reader");
        return path;
    }

    private T Keep<T>(T part)
        where T : IAsyncDisposable
    {
        _parts.Add(part);
        return part;
    }
}
