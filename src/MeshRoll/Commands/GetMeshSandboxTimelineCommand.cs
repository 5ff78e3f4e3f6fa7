using System.Management.Automation;
using MeshRoll.Completion;
using MeshRoll.Sandbox.Observing;
using MeshRoll.Sandboxes;

namespace MeshRoll.Commands;

/// <summary>Gives how the pods of each workload in a sandbox came and went: an entry for every change, oldest first.</summary>
/// <remarks>
/// The lowest Ready of a workload's entries tells whether anybody could have noticed a restart. It is seen from inside of the sandbox, so no
/// moment is missed, however short.
/// </remarks>
/// <example>
/// <title>Assert that a restart was not noticed</title>
/// <code>
/// Get-MeshSandboxTimeline -Namespace shop -Name web |
///     Measure-Object Ready -Minimum | ForEach-Object Minimum | Should -BeGreaterOrEqual 1
/// </code>
/// <remarks>In a Pester test: at least one pod was ready at every moment.</remarks>
/// </example>
/// <example>
/// <title>The lowest point of each workload</title>
/// <code>
/// Get-MeshSandboxTimeline | Group-Object Namespace, Kind, Name |
///     Select-Object Name, @{ Name = 'Lowest'; Expression = { ($_.Group | Measure-Object Ready -Minimum).Minimum } }
/// </code>
/// <remarks>After a restart shows which workloads were down to how many pods.</remarks>
/// </example>
/// <seealso cref="GetMeshSandboxRequestCommand"/>
/// <seealso cref="ResetMeshSandboxCommand"/>
/// <seealso href="about_MeshSandbox"/>
[Cmdlet(VerbsCommon.Get, "MeshSandboxTimeline")]
[OutputType(typeof(SandboxTimelineEntry))]
public sealed class GetMeshSandboxTimelineCommand : SandboxCmdlet
{
    /// <summary>Only this namespace, with wildcards.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string Namespace { get; set; } = "*";

    /// <summary>Only this kind of workload, with wildcards.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(KindCompleter))]
    public string Kind { get; set; } = "*";

    /// <summary>Only workloads of this name, with wildcards.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "*";

    /// <summary>Forgets the whole timeline after giving the entries that fit; each workload begins again with an entry of how it is.</summary>
    [Parameter]
    public SwitchParameter Clear { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForSandbox(sandbox =>
    {
        var entries = sandbox.Live!.Timeline(Namespace, Kind, Name);
        if (Clear) sandbox.Live.ClearTimeline();
        WriteObject(entries, enumerateCollection: true);
    });
}
