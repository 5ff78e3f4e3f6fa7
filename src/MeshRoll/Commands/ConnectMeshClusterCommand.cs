using System.Management.Automation;
using MeshRoll.Completion;
using MeshRoll.Connections;
using MeshRoll.Core;
using MeshRoll.Kubernetes.Configuration;
using MeshRoll.Parameters;
using MeshRoll.Pipeline;
using MeshRoll.Sandboxes;

namespace MeshRoll.Commands;

/// <summary>
/// Connects to a cluster and makes it the session's default: the commands that follow use it without being told.
/// </summary>
/// <remarks>
/// Connecting asks the server for its version, so that a wrong address, an untrusted certificate or an expired credential shows here and not
/// later. Every credential a kubeconfig can hold is used as kubectl uses it, credential plugins included; none is kept on disk. Other
/// commands work without this one: they open the current context of the kubeconfig by themselves.
/// </remarks>
/// <example>
/// <title>Use the current context</title>
/// <code>Connect-MeshCluster</code>
/// <remarks>Shows which cluster the commands that follow will work on, and that it answers.</remarks>
/// </example>
/// <example>
/// <title>Two clusters side by side</title>
/// <code>
/// $old = Connect-MeshCluster -Context prod-eu -Name eu
/// $new = Connect-MeshCluster -Context prod-us -Name us
/// Get-MeshSidecarVersion -Cluster $old, $new -AllNamespaces -Outdated
/// </code>
/// <remarks>The objects say eu or us in their property Cluster, and so find their way back when they are piped on.</remarks>
/// </example>
/// <example>
/// <title>See with the eyes of somebody else</title>
/// <code>Connect-MeshCluster -AsUser system:serviceaccount:ops:restarter -Name trial</code>
/// <remarks>Acts as a service account, if one may. Good for trying out the rights of a scheduled job.</remarks>
/// </example>
/// <example>
/// <title>A sandbox</title>
/// <code>
/// $sandbox = New-MeshSandbox Shop
/// Connect-MeshCluster -Sandbox $sandbox
/// </code>
/// <remarks>The commands that follow work on it. Its name serves as well as the object.</remarks>
/// </example>
/// <seealso cref="GetMeshClusterCommand"/>
/// <seealso cref="DisconnectMeshClusterCommand"/>
[Cmdlet(VerbsCommunications.Connect, "MeshCluster", DefaultParameterSetName = FromKubeConfig)]
[OutputType(typeof(MeshCluster))]
public sealed class ConnectMeshClusterCommand : MeshCmdlet
{
    private const string FromKubeConfig = "KubeConfig";
    private const string FromPod = "InCluster";
    private const string FromSandbox = "Sandbox";

    /// <summary>The context of the kubeconfig. Left out, the current one.</summary>
    [Parameter(Position = 0, ParameterSetName = FromKubeConfig)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContextCompleter))]
    public string? Context { get; set; }

    /// <summary>The kubeconfig file. Left out, those in KUBECONFIG, else ~/.kube/config.</summary>
    [Parameter(ParameterSetName = FromKubeConfig)]
    [ValidateNotNullOrEmpty]
    public string? KubeConfig { get; set; }

    /// <summary>Connects as the service account of the pod in which this runs, even where there is a kubeconfig.</summary>
    [Parameter(ParameterSetName = FromPod, Mandatory = true)]
    public SwitchParameter InCluster { get; set; }

    /// <summary>A sandbox of New-MeshSandbox or Get-MeshSandbox, or its name.</summary>
    [Parameter(Position = 0, ParameterSetName = FromSandbox, Mandatory = true, ValueFromPipeline = true)]
    [SandboxReference]
    [ArgumentCompleter(typeof(SandboxNameCompleter))]
    public MeshSandbox? Sandbox { get; set; }

    /// <summary>Acts as this user, if one may (impersonation).</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? AsUser { get; set; }

    /// <summary>Acts with these groups; needs -AsUser.</summary>
    [Parameter]
    public string[] AsGroup { get; set; } = [];

    /// <summary>The name of the connection, put on every object as Cluster. Left out, the context's name.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var connection = Attempt(Describe);
        var connections = RunspaceConnections.Current;
        Run(async (output, cancellationToken) => await output.WriteAsync(await OpenAsync(connection, connections, output, cancellationToken)));
    }

    /// <summary>Opens the connection, proves that it works, and makes it the session's default.</summary>
    internal static async Task<MeshCluster> OpenAsync(ClusterConnection connection, RunspaceConnections connections, ICommandOutput output, CancellationToken cancellationToken)
    {
        var session = new ClusterSession(connection, SessionOptions.Create());
        try
        {
            await output.WriteVerboseAsync($"Connecting to {connection.Server} as '{connection.User}'.");
            var cluster = new MeshCluster(session, await session.Client.GetVersionAsync(cancellationToken));
            connections.Add(cluster);
            return cluster;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    private ClusterConnection Describe()
    {
        if (AsGroup.Length > 0 && AsUser is null)
            throw new InvalidRequestException("MeshRoll.AsGroupWithoutUser", "-AsGroup adds groups to a user to act as: name that user with -AsUser.");

        var connection = ParameterSetName switch
        {
            FromPod => InClusterConfiguration.Resolve(),
            FromSandbox => SandboxConnection.Of(Sandbox!, RunspaceSandboxes.Current),
            _ => Kubernetes.Configuration.KubeConfig.Load(KubeConfig is null ? null : SessionState.Path.GetUnresolvedProviderPathFromPSPath(KubeConfig)).Resolve(Context),
        };
        return connection with
        {
            Name = Name ?? connection.Name,
            Impersonation = AsUser is null ? connection.Impersonation : new(AsUser) { Groups = AsGroup },
        };
    }
}
