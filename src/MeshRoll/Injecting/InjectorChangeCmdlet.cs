using System.Management.Automation;
using MeshRoll.Connections;
using MeshRoll.Core.ControlPlane.Injectors;
using MeshRoll.Errors;
using MeshRoll.Kubernetes;

namespace MeshRoll.Injecting;

/// <summary>A command that changes who injects new pods: reads, checks, asks, keeps a backup, writes, tries.</summary>
public abstract class InjectorChangeCmdlet : ClusterCmdlet
{
    /// <summary>
    /// Where what is there before the change is kept: a folder, or a file that ends in .yaml or .yml. Left out, a file in the current location, named after
    /// cluster and time. Its full path is on the output.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? BackupPath { get; set; }

    /// <summary>Whether -Force was given, which also asks nothing.</summary>
    private protected abstract bool IsForced { get; }

    /// <summary>Runs a change on each cluster. What cannot be done on one is an error of its own; the others go on.</summary>
    private protected void RunChange(
        IReadOnlyList<MeshCluster> clusters, Func<MeshCluster, InjectorEngine, InjectorChangeOptions, CancellationToken, Task<MeshInjectorChange?>> change, object? target)
    {
        var place = FilePlace(BackupPath);
        var asksNothing = AsksNothing();
        var isAlone = clusters.Count == 1 && !MyInvocation.ExpectingInput;
        Run(async (output, cancellationToken) =>
        {
            foreach (var cluster in clusters)
            {
                var options = new InjectorChangeOptions
                {
                    BackupPath = place,
                    Approve = (what, action) => asksNothing ? ValueTask.FromResult(true) : output.ShouldProcessAsync(what, action),
                    Say = output.WriteVerboseAsync,
                    Warn = output.WriteWarningAsync,
                };
                try
                {
                    if (await change(cluster, new(cluster.Session!), options, cancellationToken) is { } changed) await output.WriteAsync(changed);
                }
                catch (MeshRollException e) when (!isAlone)
                {
                    await output.WriteErrorAsync(CommandErrors.From(e, target));
                }
            }
        });
    }

    /// <summary>A path as the user typed it, or the current location, as the file system knows it.</summary>
    private protected string FilePlace(string? path) =>
        path is null ? SessionState.Path.CurrentFileSystemLocation.ProviderPath : SessionState.Path.GetUnresolvedProviderPathFromPSPath(path);

    // As everywhere in PowerShell: -WhatIf and an explicit -Confirm win over -Force.
    private bool AsksNothing() => IsForced && !IsTrue("Confirm") && !IsTrue("WhatIf") && !LanguagePrimitives.IsTrue(SessionState.PSVariable.GetValue("WhatIfPreference"));

    private bool IsTrue(string parameter) => MyInvocation.BoundParameters.TryGetValue(parameter, out var value) && LanguagePrimitives.IsTrue(value);
}
