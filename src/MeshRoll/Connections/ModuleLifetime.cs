using System.Management.Automation;
using MeshRoll.Sandboxes;

namespace MeshRoll.Connections;

/// <summary>Closes the runspace's connections and ends its sandboxes when the module is removed from it.</summary>
public sealed class ModuleLifetime : IModuleAssemblyCleanup
{
    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        var connections = RunspaceConnections.Current;
        connections.Remove(connections.All);
        RunspaceSandboxes.EndCurrent();
    }
}
