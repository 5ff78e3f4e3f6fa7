using System.Management.Automation;
using System.Reflection;

namespace MeshRoll.Loader;

/// <summary>
/// Gives the script module the assembly to import. A command, as calling one costs a cold PowerShell next to nothing, whereas the first method
/// call in a script takes 80 ms for the dynamic language runtime to warm up: more than all the rest of importing. Seen by the script module only.
/// </summary>
[Cmdlet(VerbsCommon.Get, "MeshRollAssembly")]
[OutputType(typeof(Assembly))]
public sealed class GetMeshRollAssemblyCommand : PSCmdlet
{
    // Nested modules stay behind, hidden, when theirs is removed, and importing again would export nothing.
    private const string RemoveNested = "Remove-Module -ModuleInfo $ExecutionContext.SessionState.Module.NestedModules";

    /// <summary>The folder of the module's assemblies.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public string Folder { get; set; } = "";

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (SessionState.Module is { } module) module.OnRemove = module.NewBoundScriptBlock(ScriptBlock.Create(RemoveNested));
        WriteObject(ModuleContext.Load(Folder, "MeshRoll"));
    }
}
