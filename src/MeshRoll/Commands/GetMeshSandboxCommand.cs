using System.Management.Automation;
using MeshRoll.Completion;
using MeshRoll.Core.Workloads;
using MeshRoll.Errors;
using MeshRoll.Pipeline;
using MeshRoll.Sandboxes;

namespace MeshRoll.Commands;

/// <summary>Gives the sandboxes that run in this session, the newest first.</summary>
/// <remarks>
/// Sandboxes belong to a runspace, as connections do. Where a command takes -Sandbox and is given none, it means the first one of this list.
/// </remarks>
/// <example>
/// <title>What runs?</title>
/// <code>Get-MeshSandbox | Format-List</code>
/// <remarks>Among the rest shows the kubeconfig, for kubectl or any other client.</remarks>
/// </example>
/// <example>
/// <title>Look at it with kubectl</title>
/// <code>
/// $env:KUBECONFIG = (Get-MeshSandbox sandbox).KubeConfigPath
/// kubectl get pods --all-namespaces
/// </code>
/// <remarks>The sandbox speaks the Kubernetes API; whoever has its kubeconfig can use it.</remarks>
/// </example>
/// <seealso cref="NewMeshSandboxCommand"/>
/// <seealso cref="RemoveMeshSandboxCommand"/>
/// <seealso href="about_MeshSandbox"/>
[Cmdlet(VerbsCommon.Get, "MeshSandbox")]
[OutputType(typeof(MeshSandbox))]
public sealed class GetMeshSandboxCommand : MeshCmdlet
{
    /// <summary>Names of sandboxes, with wildcards. Left out, all.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(SandboxNameCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var sandboxes = RunspaceSandboxes.Current;
        foreach (var pattern in Name.Select(name => new NamePattern(name)))
        {
            var found = sandboxes.Find(pattern);
            if (found.Count == 0 && pattern.IsLiteral) WriteError(CmdletPipeline.ToRecord(CommandErrors.From(SandboxErrors.NotFound(pattern.Text, sandboxes.All), pattern.Text)));
            WriteObject(found, enumerateCollection: true);
        }
    }
}
