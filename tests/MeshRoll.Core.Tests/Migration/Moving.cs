using MeshRoll.Core.Sidecars;

namespace MeshRoll.Core.Tests.Migration;

/// <summary>Sidecars and workloads that move, in few words.</summary>
internal static class Moving
{
    public static DateTimeOffset Noon { get; } = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public static MeshSidecar Sidecar(string? revision, string? version = null, DateTimeOffset? made = null, string? desired = "1-27-1", string mesh = "Istio", bool gateway = false) => new()
    {
        Cluster = "prod",
        Namespace = "shop",
        Pod = "p",
        Kind = "Deployment",
        Name = "web",
        Mesh = mesh,
        Container = "istio-proxy",
        Image = "i",
        Revision = revision,
        Version = version,
        Created = made ?? Noon.AddDays(-3),
        DesiredRevision = desired,
        Gateway = gateway,
        Outdated = desired is null ? false : revision != desired,
        Reason = "why",
    };

    public static GatheredWorkload Workload(string name, params MeshSidecar[] sidecars) => Workload(name, true, sidecars);

    public static GatheredWorkload Workload(string name, bool restartable, params MeshSidecar[] sidecars) => Workload("Deployment", name, restartable, sidecars);

    public static GatheredWorkload Workload(string kind, string name, bool restartable, params MeshSidecar[] sidecars) =>
        new(new() { Cluster = "prod", Namespace = "shop", Kind = kind, Name = name, Restartable = restartable }, sidecars);
}
