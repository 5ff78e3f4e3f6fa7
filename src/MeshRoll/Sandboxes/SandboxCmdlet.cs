using System.Management.Automation;
using MeshRoll.Completion;
using MeshRoll.Errors;
using MeshRoll.Kubernetes;
using MeshRoll.Parameters;
using MeshRoll.Pipeline;

namespace MeshRoll.Sandboxes;

/// <summary>A command about one sandbox: given, named, or the newest of the session.</summary>
public abstract class SandboxCmdlet : MeshCmdlet
{
    /// <summary>The sandbox: an object of New-MeshSandbox or Get-MeshSandbox, or its name. Left out, the one started last.</summary>
    [Parameter(ValueFromPipeline = true)]
    [SandboxReference]
    [ArgumentCompleter(typeof(SandboxNameCompleter))]
    public virtual MeshSandbox? Sandbox { get; set; }

    /// <summary>
    /// Does something with the sandbox of the current record that may fail for a reason the user can act on: the error of this record when there
    /// may be more, and the end of the command otherwise.
    /// </summary>
    private protected void ForSandbox(Action<MeshSandbox> action)
    {
        try
        {
            action(RunspaceSandboxes.Current.Resolve(Sandbox));
        }
        catch (MeshRollException e)
        {
            var record = CmdletPipeline.ToRecord(CommandErrors.From(e, Sandbox?.Name));
            if (!MyInvocation.ExpectingInput) ThrowTerminatingError(record);

            WriteError(record);
        }
    }
}
