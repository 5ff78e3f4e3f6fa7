#Requires -Version 7.4
#Requires -Modules MeshRoll
<#
.SYNOPSIS
The emergency roll-back of a mesh upgrade: new pods get the old sidecar again, and what had moved is restarted.

.DESCRIPTION
Two steps, in this order, because a restart before the switch would give the new sidecar once more: first injection goes back to the old revision, by the backup
of the switch or by switching; then exactly the workloads whose pods carry the new sidecar are restarted, many at a time and without stopping at a failure,
as long as their own update strategies and budgets allow it. Service capacity is kept all the same: each workload is replaced as it was built to be.

Run it again at any time: what is back is skipped.

Gives the change of the injector and the rollouts.

.PARAMETER From
The revision to get away from.

.PARAMETER To
The revision to go back to; default is the one without a name.

.PARAMETER Backup
The backup that the switch wrote. Left out, injection is switched.

.PARAMETER Namespace
The namespaces, where they name their revision by label. Left out, all that carry the new sidecar are restarted.

.PARAMETER Context
A context of the kubeconfig. Left out, the connection that is open, or the kubeconfig's current context.

.PARAMETER KubeConfig
The kubeconfig, where it is not the usual one.

.PARAMETER MaxConcurrent
How many workloads move at a time.

.PARAMETER Timeout
The time for all together. What is not done by then goes on by itself.

.PARAMETER Report
Writes a report there: .html, .md or .json.

.EXAMPLE
./Undo-MeshUpgrade.ps1 -From 1-27-1 -To default

Back to the revision without a name, as fast as the workloads allow.

.EXAMPLE
./Undo-MeshUpgrade.ps1 -From 1-27-1 -To default -WhatIf

What would be switched, and what would be restarted.

.NOTES
Exit codes for schedulers: 0 all is back, 1 a workload failed or could not be restarted, 2 the call or the access is wrong or the switch back was refused (nothing
was restarted then), 3 the time was over.
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory)] [string] $From,
    [Parameter(Mandatory)] [string] $To,
    [string] $Backup,
    [SupportsWildcards()] [string[]] $Namespace,
    [string] $Context,
    [string] $KubeConfig,
    [ValidateRange(1, 1000)] [int] $MaxConcurrent = 20,
    [string] $Timeout = '1h',
    [string] $Report
)

$ErrorActionPreference = 'Stop'
try {
    $where = @{}
    foreach ($name in 'Context', 'KubeConfig') { if ($PSBoundParameters.ContainsKey($name)) { $where[$name] = $PSBoundParameters[$name] } }
    if ($where.Count) { $where = @{ Cluster = Connect-MeshCluster @where } }
    $which = $Namespace ? @{ Namespace = $Namespace } : @{}

    if ($Backup) { Restore-MeshInjector @where -Path $Backup -Confirm:$false }
    else { Switch-MeshInjector @where @which -To $To -Confirm:$false }

    $rollouts = @(Get-MeshMigration @where @which -From $From -To $To -Left |
        Start-MeshRolloutRestart -Strategy Auto -MaxConcurrent $MaxConcurrent -StopAfterFailures 0 -ErrorAction SilentlyContinue -ErrorVariable refusals |
        Wait-MeshRollout -Timeout $Timeout -ErrorAction SilentlyContinue -ErrorVariable failures)
    $rollouts
    if ($Report -and $rollouts) { $rollouts | Export-MeshRolloutReport -Path $Report -Title "Mesh: back from $From to $To" }
    foreach ($problem in @($refusals) + @($failures)) { Write-Error -ErrorRecord $problem -ErrorAction Continue }
}
catch {
    Write-Error -ErrorRecord $_ -ErrorAction Continue
    exit 2
}

if ($rollouts.State -contains 'TimedOut') { exit 3 }
if ($refusals -or $rollouts.State -contains 'Failed') { exit 1 }
exit 0
