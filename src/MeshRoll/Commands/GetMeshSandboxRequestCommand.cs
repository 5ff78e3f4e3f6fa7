using System.Management.Automation;
using MeshRoll.Completion;
using MeshRoll.Core.Workloads;
using MeshRoll.Sandbox;
using MeshRoll.Sandboxes;

namespace MeshRoll.Commands;

/// <summary>Gives what was asked of a sandbox's API server, oldest first.</summary>
/// <remarks>
/// For tests that count: how many patches a runbook sends, whether it lists what it need not. The last 10,000 requests are kept, without
/// credentials and without the contents of secrets.
/// </remarks>
/// <example>
/// <title>What did the restart write?</title>
/// <code>Get-MeshSandboxRequest -Verb patch | Format-Table Time, Namespace, Resource, Name, Status</code>
/// <remarks>One line for each patch, with the answer's status.</remarks>
/// </example>
/// <example>
/// <title>Assert that nothing was changed</title>
/// <code>
/// Get-MeshSandboxRequest -Clear | Out-Null
/// Start-MeshRolloutRestart -Namespace shop -WhatIf
/// Get-MeshSandboxRequest -Verb patch, update, create, delete | Should -BeNullOrEmpty
/// </code>
/// <remarks>-Clear gives what there was and forgets it, so that the next look sees only what came after.</remarks>
/// </example>
/// <seealso cref="GetMeshSandboxTimelineCommand"/>
/// <seealso cref="SetMeshSandboxFaultCommand"/>
/// <seealso href="about_MeshSandbox"/>
[Cmdlet(VerbsCommon.Get, "MeshSandboxRequest")]
[OutputType(typeof(SandboxRequest))]
public sealed class GetMeshSandboxRequestCommand : SandboxCmdlet
{
    /// <summary>Only these verbs, with wildcards: get, list, watch, create, update, patch, delete, deletecollection.</summary>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(RequestVerbCompleter))]
    public string[] Verb { get; set; } = ["*"];

    /// <summary>Only these resources, in the plural, with wildcards: pods, deployments. Left out, also what is no resource, such as /version.</summary>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(RequestResourceCompleter))]
    public string[] Resource { get; set; } = ["*"];

    /// <summary>Only those for these namespaces, with wildcards. Left out, also what concerns none or all.</summary>
    [Parameter]
    [SupportsWildcards]
    public string[] Namespace { get; set; } = ["*"];

    /// <summary>Forgets all requests after giving those that fit.</summary>
    [Parameter]
    public SwitchParameter Clear { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        NamePattern[] verbs = Patterns(Verb), resources = Patterns(Resource), namespaces = Patterns(Namespace);
        ForSandbox(sandbox =>
        {
            var requests = sandbox.Live!.Requests;
            if (Clear) sandbox.Live.ClearRequests();
            foreach (var request in requests)
                if (Fits(verbs, request.Verb) && Fits(resources, request.Resource) && Fits(namespaces, request.Namespace)) WriteObject(request);
        });
    }

    private static NamePattern[] Patterns(string[] texts) => [.. texts.Select(text => new NamePattern(text))];

    private static bool Fits(NamePattern[] patterns, string text) => Array.Exists(patterns, pattern => pattern.IsMatch(text));
}
