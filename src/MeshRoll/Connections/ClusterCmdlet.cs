using System.Management.Automation;
using MeshRoll.Completion;
using MeshRoll.Errors;
using MeshRoll.Kubernetes;
using MeshRoll.Parameters;
using MeshRoll.Pipeline;

namespace MeshRoll.Connections;

/// <summary>A command that works on clusters: given, named by context, the session's, or the kubeconfig's current one.</summary>
public abstract class ClusterCmdlet : MeshCmdlet
{
    private bool _clusterWasGiven;
    private IReadOnlyList<MeshCluster> _given = [];

    /// <summary>
    /// Connections of Connect-MeshCluster or Get-MeshCluster, or their names. Left out, the command uses what Connect-MeshCluster connected
    /// last, else the current context of the kubeconfig. Piped objects bring the name of their own cluster.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ClusterReference]
    [ArgumentCompleter(typeof(ConnectionNameCompleter))]
    public MeshCluster[] Cluster { get; set; } = [];

    /// <summary>A context of the kubeconfig to use instead, opened without a further word.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContextCompleter))]
    public string? Context { get; set; }

    /// <summary>The kubeconfig file to use instead of those in KUBECONFIG or of ~/.kube/config.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? KubeConfig { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _clusterWasGiven = MyInvocation.BoundParameters.ContainsKey(nameof(Cluster));
        _given = _clusterWasGiven ? Cluster : [];
    }

    /// <summary>Which clusters to work on, captured for the current record.</summary>
    private protected ConnectionChoice CaptureChoice() => new(RunspaceConnections.Current, Cluster, Context, KubeConfigPath());

    /// <summary>Which clusters the command line names, whatever a piped object says about its own.</summary>
    private protected ConnectionChoice CaptureGivenChoice() => new(RunspaceConnections.Current, _given, Context, KubeConfigPath());

    /// <summary>
    /// Does something for the current record that may fail for a reason the user can act on. It ends the command when there is nothing else
    /// to do, and is the error of one record when there may be more. Returns whether it went well.
    /// </summary>
    private protected bool TryForRecord(Action action, object? target = null)
    {
        try
        {
            action();
            return true;
        }
        catch (MeshRollException e)
        {
            var record = CmdletPipeline.ToRecord(CommandErrors.From(e, target));
            if (!MyInvocation.ExpectingInput) ThrowTerminatingError(record);

            WriteError(record);
            return false;
        }
    }

    private string? KubeConfigPath() => KubeConfig is null ? null : SessionState.Path.GetUnresolvedProviderPathFromPSPath(KubeConfig);
}
