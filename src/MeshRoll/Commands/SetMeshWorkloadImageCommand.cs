using System.Collections;
using System.Management.Automation;
using MeshRoll.Completion;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Rollouts.Verbs;
using MeshRoll.Verbs;

namespace MeshRoll.Commands;

/// <summary>Gives containers of workloads other images; the controllers then roll them out.</summary>
/// <remarks>
/// <para>
/// Does what kubectl set image does, for Deployments, StatefulSets, DaemonSets and Argo Rollouts that have a template of their own: containers and
/// init containers by name, or all of them by *. Only the images are touched. A change that crosses somebody else's is decided anew from what is there
/// then, so it never overwrites what it has not seen.
/// </para>
/// <para>
/// Where a name fits no container nothing is set in that workload, and the error MeshRoll.ContainerNotFound names those there are; kubectl sets the others.
/// A workload whose images are these already is left as it is, with a warning. A sidecar that is injected is not in the template: its image comes
/// from the mesh, and a restart brings it.
/// </para>
/// </remarks>
/// <notes>Needs the rights to get and patch the workloads; where they are chosen by a pattern, also to list workloads and pods.</notes>
/// <example>
/// <title>A new image, followed to the end</title>
/// <code>Set-MeshWorkloadImage -Namespace shop -Name deploy/web -Image @{ app = 'hub.example/web:2' } -PassThru | Wait-MeshRollout -Timeout 10m</code>
/// <remarks>Ends when all pods run it and are available, or with the reason when they do not come up, such as an image that does not exist.</remarks>
/// </example>
/// <example>
/// <title>Several workloads, a container and an init container</title>
/// <code>Get-MeshWorkload -Namespace shop -Name 'web*' | Set-MeshWorkloadImage -Image @{ app = 'hub.example/web:2'; migrate = 'hub.example/migrate:2' }</code>
/// <remarks>A workload that lacks one of the containers is an error of its own and is not touched; the rest goes on.</remarks>
/// </example>
/// <example>
/// <title>All containers</title>
/// <code>Set-MeshWorkloadImage deploy/web -Namespace shop -Image @{ '*' = 'hub.example/web:2' } -WhatIf</code>
/// <remarks>Names each container with its image before and after, and changes nothing.</remarks>
/// </example>
/// <seealso cref="WaitMeshRolloutCommand"/>
/// <seealso cref="UndoMeshRolloutCommand"/>
[Cmdlet(VerbsCommon.Set, "MeshWorkloadImage", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, DefaultParameterSetName = ByName)]
[OutputType(typeof(MeshRollout))]
public sealed class SetMeshWorkloadImageCommand : RolloutVerbCmdlet
{
    /// <summary>Images by container or init container: @{ app = 'hub.example/web:2' }; * for all of them.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ContainerImageCompleter))]
    public IDictionary Image { get; set; } = new Hashtable();

    private protected override RolloutVerb CaptureVerb()
    {
        var images = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in Image) images[Text(entry.Key)] = Text(entry.Value);
        return SetImageVerb.Of(images);
    }

    // A list or a table in the place of an image is a slip of the pen; its type's name would make a valid reference.
    private static string Text(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) as string ?? "";
}
