using System.Management.Automation;
using MeshRoll.Completion;
using MeshRoll.Connections;
using MeshRoll.Parameters;
using MeshRoll.Sandboxes;

namespace MeshRoll.Commands;

/// <summary>Puts a sandbox back to its beginning: the same scenario anew, in milliseconds, behind the same port.</summary>
/// <remarks>
/// Connections and kubeconfig stay valid. Objects, faults, requests and timeline are those of a sandbox that has just started.
/// </remarks>
/// <example>
/// <title>Between two tests</title>
/// <code>Reset-MeshSandbox</code>
/// <remarks>Belongs into the BeforeEach of a Pester test: each test meets the same world.</remarks>
/// </example>
/// <example>
/// <title>One of several</title>
/// <code>Get-MeshSandbox blue* | Reset-MeshSandbox</code>
/// <remarks>Those whose names fit begin anew.</remarks>
/// </example>
/// <seealso cref="NewMeshSandboxCommand"/>
/// <seealso cref="RemoveMeshSandboxCommand"/>
/// <seealso href="about_MeshSandbox"/>
[Cmdlet(VerbsCommon.Reset, "MeshSandbox", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(void))]
public sealed class ResetMeshSandboxCommand : SandboxCmdlet
{
    /// <summary>The sandbox: an object of New-MeshSandbox or Get-MeshSandbox, or its name. Left out, the one started last.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [SandboxReference]
    [ArgumentCompleter(typeof(SandboxNameCompleter))]
    public override MeshSandbox? Sandbox { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForSandbox(sandbox =>
    {
        if (!ShouldProcess(sandbox.Name, "Reset sandbox")) return;

        sandbox.Live!.Reset();
        // What a watch has seen is of the old world, and its news of the new one would come a moment too late.
        foreach (var cluster in RunspaceConnections.Current.To(sandbox)) cluster.Renew();
    });
}
