using System.Management.Automation;
using MeshRoll.Completion;
using MeshRoll.Core;
using MeshRoll.Core.Workloads;

namespace MeshRoll.Connections;

/// <summary>A command that works on workloads chosen by namespace, name, kind and label, or by the properties of piped objects.</summary>
public abstract class SelectionCmdlet : ClusterCmdlet
{
    internal const string ByName = "Name";

    /// <summary>
    /// Workloads by name, with wildcards, optionally with their kind as kubectl users write it: web*, deploy/web, sts/db; or a kind alone: ds.
    /// Left out, all.
    /// </summary>
    [Parameter(ParameterSetName = ByName, Position = 0, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(WorkloadNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Namespaces, with wildcards. Left out, the connection's own.</summary>
    [Parameter(ParameterSetName = ByName, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public string[] Namespace { get; set; } = [];

    /// <summary>All namespaces.</summary>
    [Parameter(ParameterSetName = ByName)]
    public SwitchParameter AllNamespaces { get; set; }

    /// <summary>Kinds of workload: Deployment, StatefulSet, DaemonSet, Rollout. Left out, all.</summary>
    [Parameter(ParameterSetName = ByName, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(KindCompleter))]
    public string[] Kind { get; set; } = [];

    /// <summary>Only what carries these labels, in Kubernetes' syntax: app=web,tier in (front,back).</summary>
    [Parameter(ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    public string? LabelSelector { get; set; }

    /// <summary>What the parameters choose, captured for the current record.</summary>
    private protected WorkloadSelection CaptureSelection() => new()
    {
        Namespaces = Present(Namespace),
        AllNamespaces = AllNamespaces,
        Names = Present(Name),
        Kinds = Present(Kind),
        LabelSelector = LabelSelector,
    };

    /// <summary>
    /// Refuses a piped object that names no workload. Many an object has a Kind or a Namespace and is none, and would mean all of them.
    /// </summary>
    private protected void RequireName(WorkloadSelection selection)
    {
        if (MyInvocation.ExpectingInput && selection.Names.Count == 0)
            throw new InvalidRequestException("MeshRoll.NothingNamed", "The object that was piped in names no workload: it needs the properties Namespace, Kind and Name.");
    }

    // An empty cell of a table that was read from a file means nothing was said.
    private static string[] Present(string[]? values) => [.. (values ?? []).Where(value => !string.IsNullOrWhiteSpace(value))];
}
