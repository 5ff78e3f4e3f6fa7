using System.Management.Automation;
using MeshRoll.Completion;
using MeshRoll.Connections;
using MeshRoll.Parameters;
using MeshRoll.Pipeline;
using MeshRoll.Sandbox;
using MeshRoll.Sandboxes;

namespace MeshRoll.Commands;

/// <summary>Starts a sandbox: a small Kubernetes with a mesh in it, inside of this process, to try things out without a cluster.</summary>
/// <remarks>
/// <para>
/// It answers the Kubernetes API on a port of this machine that nobody else reaches, with a token, and has what restarts need: controllers,
/// scheduler, nodes, and an injector for each revision of the mesh. Nothing is downloaded and no container runs: pods are entries in memory
/// that behave as pods do. Everything is gone when it is removed or the session ends.
/// </para>
/// <para>
/// The commands of MeshRoll use it after -Connect or Connect-MeshCluster -Sandbox; kubectl and other clients use its KubeConfigPath.
/// about_MeshSandbox tells what a scenario holds and where the sandbox differs from a cluster.
/// </para>
/// </remarks>
/// <example>
/// <title>Try a restart in a minute</title>
/// <code>
/// New-MeshSandbox Shop -Connect
/// Get-MeshSidecarVersion -AllNamespaces -Outdated |
///     Start-MeshRolloutRestart -Confirm:$false |
///     Wait-MeshRollout
/// </code>
/// <remarks>A dozen workloads in three namespaces whose mesh has just been upgraded.</remarks>
/// </example>
/// <example>
/// <title>The ground of a Pester test</title>
/// <code>
/// $sandbox = New-MeshSandbox -VirtualTime -Connect -Scenario @{
///     mesh       = @{ revisions = @(@{ version = '1.27.1'; earlierVersions = @('1.26.4') }) }
///     namespaces = @(@{ name = 'shop'; injection = 'enabled'; workloads = @(@{ name = 'web'; replicas = 3; sidecar = '1.26.4' }) })
/// }
/// </code>
/// <remarks>Time jumps to whatever happens next, so that minutes pass in milliseconds.</remarks>
/// </example>
/// <example>
/// <title>A world of your own from a file, with kubectl</title>
/// <code>
/// $env:KUBECONFIG = (New-MeshSandbox ./world.yaml -TimeScale 10).KubeConfigPath
/// kubectl get pods --all-namespaces --watch
/// </code>
/// <remarks>Ten seconds pass in it with each second.</remarks>
/// </example>
/// <example>
/// <title>Many pods</title>
/// <code>New-MeshSandbox Large -Workloads 1000 -PodsPerWorkload 10 -Connect</code>
/// <remarks>10,000 pods, in a few seconds.</remarks>
/// </example>
/// <seealso cref="ConnectMeshClusterCommand"/>
/// <seealso cref="SetMeshSandboxFaultCommand"/>
/// <seealso cref="GetMeshSandboxTimelineCommand"/>
/// <seealso cref="RemoveMeshSandboxCommand"/>
/// <seealso href="about_MeshSandbox"/>
[Cmdlet(VerbsCommon.New, "MeshSandbox", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(MeshSandbox))]
public sealed class NewMeshSandboxCommand : MeshCmdlet
{
    /// <summary>
    /// What is in it: the name of a built-in scenario (Shop, Minimal, Empty, Large), the path of a YAML file (something with a slash, or that ends
    /// in .yaml), or a hashtable with the same keys.
    /// </summary>
    [Parameter(Position = 0)]
    [Scenario]
    [ArgumentCompleter(typeof(ScenarioCompleter))]
    public object Scenario { get; set; } = "Shop";

    /// <summary>How many workloads, for the scenario Large.</summary>
    [Parameter]
    [ValidateRange(1, 100_000)]
    public int Workloads { get; set; }

    /// <summary>How many pods each workload has, for the scenario Large.</summary>
    [Parameter]
    [ValidateRange(1, 10_000)]
    public int PodsPerWorkload { get; set; }

    /// <summary>Seconds that pass in the sandbox with each second outside: 60 makes a minute of a second.</summary>
    [Parameter]
    [ValidateRange(0.001, 1_000_000)]
    public double TimeScale { get; set; } = 1;

    /// <summary>Lets time jump to whatever happens next instead of passing. Hours take milliseconds, and the same seed gives the same order.</summary>
    [Parameter]
    public SwitchParameter VirtualTime { get; set; }

    /// <summary>What every chance in the sandbox follows from: names of pods, nodes, faults at a rate.</summary>
    [Parameter]
    public int Seed { get; set; } = 1;

    /// <summary>The port on 127.0.0.1. Left out, any that is free.</summary>
    [Parameter]
    [ValidateRange(0, 65_535)]
    public int Port { get; set; }

    /// <summary>
    /// Speaks plain HTTP instead of HTTPS. Clients made of client-go, kubectl among them, then cannot log in: they send no token over it.
    /// </summary>
    [Parameter]
    public SwitchParameter PlainHttp { get; set; }

    /// <summary>Its name, also that of the connection and of the property Cluster on every object. Left out: sandbox, sandbox-2 and so on.</summary>
    [Parameter]
    [ValidatePattern("^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")]
    public string? Name { get; set; }

    /// <summary>Connects to it as Connect-MeshCluster would: the commands that follow use it.</summary>
    [Parameter]
    public SwitchParameter Connect { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var scenario = new SandboxScenario(
            Scenario, Scenario is string text ? SessionState.Path.GetUnresolvedProviderPathFromPSPath(text) : "", Given(nameof(Workloads), Workloads), Given(nameof(PodsPerWorkload), PodsPerWorkload));
        var sandboxes = RunspaceSandboxes.Current;
        var name = Attempt(() => sandboxes.TakeName(Name));
        try
        {
            if (!ShouldProcess(name, "Start sandbox")) return;

            var connections = Connect ? RunspaceConnections.Current : null;
            var settings = new Settings(name, scenario, Port, !PlainHttp, TimeScale, VirtualTime, Seed);
            Run((output, cancellationToken) => StartAsync(settings, sandboxes, connections, output, cancellationToken));
        }
        finally
        {
            sandboxes.ReturnName(name);
        }
    }

    private static async Task StartAsync(Settings settings, RunspaceSandboxes sandboxes, RunspaceConnections? connections, ICommandOutput output, CancellationToken cancellationToken)
    {
        var world = Task.Run(settings.Scenario.Read, cancellationToken);
        var sandbox = new MeshSandbox(SandboxCluster.Start(settings.ToOptions(), world));
        sandboxes.Add(sandbox);
        try
        {
            if (connections is not null) await ConnectMeshClusterCommand.OpenAsync(SandboxConnection.Of(sandbox), connections, output, cancellationToken);
            await output.WriteAsync(sandbox);
        }
        catch
        {
            // Stopped, or not to be reached: nobody got it, so nobody could end it.
            await sandboxes.RemoveAsync(sandbox);
            throw;
        }
    }

    private int? Given(string parameter, int value) => MyInvocation.BoundParameters.ContainsKey(parameter) ? value : null;

    private sealed record Settings(string Name, SandboxScenario Scenario, int Port, bool Tls, double TimeScale, bool VirtualTime, int Seed)
    {
        public SandboxOptions ToOptions() => new()
        {
            Name = Name,
            Port = Port,
            Tls = Tls,
            TimeScale = TimeScale,
            VirtualTime = VirtualTime,
            Seed = Seed,
        };
    }
}
