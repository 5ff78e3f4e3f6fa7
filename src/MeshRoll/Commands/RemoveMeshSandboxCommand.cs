using System.Management.Automation;
using MeshRoll.Completion;
using MeshRoll.Connections;
using MeshRoll.Core.Workloads;
using MeshRoll.Errors;
using MeshRoll.Parameters;
using MeshRoll.Pipeline;
using MeshRoll.Sandboxes;

namespace MeshRoll.Commands;

/// <summary>Ends sandboxes: their port is free again, their kubeconfig is gone.</summary>
/// <remarks>
/// Connections of this session to them are closed. Left alone, a sandbox ends with its session, when the module is removed, and at the latest
/// with the process.
/// </remarks>
/// <example>
/// <title>End one</title>
/// <code>$sandbox | Remove-MeshSandbox</code>
/// <remarks>Belongs into the AfterAll of a Pester test.</remarks>
/// </example>
/// <example>
/// <title>End all</title>
/// <code>Remove-MeshSandbox *</code>
/// <remarks>No error if there are none.</remarks>
/// </example>
/// <seealso cref="NewMeshSandboxCommand"/>
/// <seealso cref="GetMeshSandboxCommand"/>
/// <seealso href="about_MeshSandbox"/>
[Cmdlet(VerbsCommon.Remove, "MeshSandbox", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, DefaultParameterSetName = ByName)]
[OutputType(typeof(void))]
public sealed class RemoveMeshSandboxCommand : MeshCmdlet
{
    private const string ByName = "Name";
    private const string BySandbox = "Sandbox";

    /// <summary>Names of sandboxes, with wildcards.</summary>
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = ByName)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(SandboxNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>The sandbox to end.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ParameterSetName = BySandbox)]
    [SandboxReference]
    public MeshSandbox? Sandbox { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var sandboxes = RunspaceSandboxes.Current;
        var found = ParameterSetName == BySandbox ? Given(sandboxes) : Name.SelectMany(name => Named(sandboxes, new(name)));
        foreach (var sandbox in found.Distinct().ToList())
        {
            if (ShouldProcess($"{sandbox.Name} ({sandbox.Server})", "Remove sandbox")) Remove(sandboxes, sandbox);
        }
    }

    private void Remove(RunspaceSandboxes sandboxes, MeshSandbox sandbox)
    {
        var connections = RunspaceConnections.Current;
        connections.Remove(connections.To(sandbox));
        Run((_, _) => sandboxes.RemoveAsync(sandbox));
    }

    private MeshSandbox[] Given(RunspaceSandboxes sandboxes)
    {
        try
        {
            return [sandboxes.Resolve(Sandbox)];
        }
        catch (CommandException e)
        {
            WriteError(CmdletPipeline.ToRecord(CommandErrors.From(e, Sandbox?.Name)));
            return [];
        }
    }

    private IReadOnlyList<MeshSandbox> Named(RunspaceSandboxes sandboxes, NamePattern pattern)
    {
        var found = sandboxes.Find(pattern);
        if (found.Count == 0 && pattern.IsLiteral) WriteError(CmdletPipeline.ToRecord(CommandErrors.From(SandboxErrors.NotFound(pattern.Literal, sandboxes.All), pattern.Literal)));
        return found;
    }
}
