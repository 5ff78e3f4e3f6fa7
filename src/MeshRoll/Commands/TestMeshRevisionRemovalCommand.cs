using System.Management.Automation;
using MeshRoll.Connections;
using MeshRoll.Core.Migration.Usage;
using MeshRoll.Pipeline;

namespace MeshRoll.Commands;

/// <summary>Says whether a revision of Istio's control plane may be removed: true when nothing uses it and nothing that is needed would be lost with it.</summary>
/// <remarks>
/// False is also the answer when something could not be read, such as namespaces or an istiod's connections: a warning names it. -Verbose names each thing that
/// stands in the way; Get-MeshRevisionUsage gives them as objects, with what to do about each.
/// </remarks>
/// <notes>
/// Needs the rights to list pods, workloads, namespaces and mutatingwebhookconfigurations; and to create pods/portforward in istiod's namespace, unless -IgnoreProxyStatus.
/// </notes>
/// <example>
/// <title>Only then</title>
/// <code>if (Test-MeshRevisionRemoval default) { istioctl uninstall --revision default -y }</code>
/// <remarks>Nothing is removed while a pod, a namespace, a tag or a webhook needs it.</remarks>
/// </example>
/// <example>
/// <title>Why not?</title>
/// <code>Test-MeshRevisionRemoval default -Verbose</code>
/// <remarks>One line for each thing in the way.</remarks>
/// </example>
/// <seealso cref="GetMeshRevisionUsageCommand"/>
/// <seealso cref="GetMeshMigrationCommand"/>
/// <seealso href="about_MeshMigration"/>
[Cmdlet(VerbsDiagnostic.Test, "MeshRevisionRemoval")]
[OutputType(typeof(bool))]
public sealed class TestMeshRevisionRemovalCommand : RevisionUsageCmdlet
{
    private protected override async Task GiveAsync(IReadOnlyList<MeshRevisionUsage> used, ICommandOutput output)
    {
        foreach (var use in used)
        {
            if (use.Blocking is null) await output.WriteWarningAsync($"{use.Message}: whether {use.Revision} may be removed cannot be told. {use.Advice}".TrimEnd());
            else if (use.Blocking == true) await output.WriteVerboseAsync($"{use.Message}. {use.Advice}".TrimEnd());
        }
        await output.WriteAsync(used.All(static use => use.Blocking == false));
    }
}
