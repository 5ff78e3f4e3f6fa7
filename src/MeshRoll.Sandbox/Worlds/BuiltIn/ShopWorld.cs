using static MeshRoll.Sandbox.Worlds.WorldWorkloadKind;

namespace MeshRoll.Sandbox.Worlds.BuiltIn;

/// <summary>
/// What Shop.yaml says, ready to be built: it is the world of most sandboxes, and of a first start reading it would take an eighth. A test holds the two
/// together; why a workload is there is written in the file.
/// </summary>
internal static class ShopWorld
{
    public const string Name = "Shop";

    private const string Old = WorldRevision.DefaultName;
    private const string New = "1-27-1";

    public static SandboxWorld World { get; } = new()
    {
        Name = Name,
        Description =
            "A shop whose mesh is being upgraded: 1.27.1 was installed beside 1.26.4 and the namespaces switched over, but most pods still run the old sidecar. " +
            "Workloads of all kinds, with what makes restarts hard in practice.",
        Startup = new() { Ready = TimeSpan.FromSeconds(1), Stop = TimeSpan.FromMilliseconds(500) },
        Mesh = new()
        {
            Revisions = [new() { Version = "1.26.4" }, new() { Name = New, Version = "1.27.1" }],
            Tags = Map("stable", New),
        },
        Namespaces = [Shop, Payments, Platform],
    };

    private static WorldNamespace Shop => new()
    {
        Name = "shop",
        Revision = New,
        Labels = Map("team", "storefront"),
        Workloads =
        [
            new() { Name = "web", Replicas = 4, Sidecar = Old, Service = WorldWorkload.DefaultServicePort },
            new() { Name = "cart", Replicas = 2, Sidecar = Old, Service = WorldWorkload.DefaultServicePort },
            new() { Name = "catalog", Replicas = 3, Sidecar = Old, Service = WorldWorkload.DefaultServicePort, Autoscaler = new() { Min = 2, Max = 6 } },
            new()
            {
                Name = "checkout", Replicas = 3, Sidecar = Old, Service = WorldWorkload.DefaultServicePort,
                PreStop = TimeSpan.FromSeconds(1), DisruptionBudget = new() { MinAvailable = "2" },
            },
            new() { Name = "search", Replicas = 2, Sidecar = Old, Service = WorldWorkload.DefaultServicePort, ReadyAfter = TimeSpan.FromSeconds(5) },
            new() { Name = "recommendations", Sidecar = Old, Service = WorldWorkload.DefaultServicePort },
            new() { Name = "coupons", Replicas = 2, Service = WorldWorkload.DefaultServicePort, Age = TimeSpan.FromHours(1) },
            new() { Name = "image-resizer", Replicas = 2, Inject = false },
            new() { Kind = StatefulSet, Name = "orders-db", Replicas = 3, Sidecar = Old, Service = 5432, Strategy = "OnDelete" },
            new() { Kind = StatefulSet, Name = "session-store", Replicas = 2, Sidecar = Old, Service = 6379 },
            new() { Kind = Job, Name = "nightly-report", Sidecar = Old, Age = TimeSpan.FromHours(6) },
            new() { Kind = Pod, Name = "debug-shell", Sidecar = Old, Age = TimeSpan.FromDays(2) },
        ],
    };

    private static WorldNamespace Payments => new()
    {
        Name = "payments",
        Revision = "stable",
        Labels = Map("team", "payments"),
        Workloads =
        [
            new()
            {
                Name = "gateway", Replicas = 3, Sidecar = Old, Service = WorldWorkload.DefaultServicePort,
                MaxSurge = "1", MaxUnavailable = "0", MinReadySeconds = TimeSpan.FromSeconds(1),
            },
            new() { Name = "invoices", Replicas = 2, Sidecar = Old, ReadinessProbe = null },
            new() { Name = "fraud-check", Replicas = 2, Sidecar = Old, Paused = true },
            new() { Kind = StatefulSet, Name = "ledger", Replicas = 3, Sidecar = Old, Service = 5432, PodManagementPolicy = "Parallel" },
            new() { Name = "bank-link", Sidecar = WorldWorkload.NoSidecar, Age = TimeSpan.FromDays(200) },
        ],
    };

    private static WorldNamespace Platform => new()
    {
        Name = "platform",
        Revision = New,
        Labels = Map("team", "platform"),
        Workloads =
        [
            new() { Kind = DaemonSet, Name = "log-agent", Sidecar = Old },
            new() { Kind = DaemonSet, Name = "node-exporter", HostNetwork = true },
            new() { Kind = ReplicaSet, Name = "mailer", Replicas = 2, Sidecar = Old },
            new() { Kind = Rollout, Name = "feature-flags", Replicas = 2, Sidecar = Old, Service = WorldWorkload.DefaultServicePort },
            new() { Name = "metrics", Replicas = 2, Service = WorldWorkload.DefaultServicePort, Age = TimeSpan.FromHours(1) },
        ],
    };

    private static Dictionary<string, string> Map(string key, string value) => new() { [key] = value };
}
