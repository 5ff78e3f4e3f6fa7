#Requires -Version 7.4
#Requires -Modules MeshRoll
<#
.SYNOPSIS
Brings a mesh from one revision of its control plane to another, step by step, over as many weeks as it takes, and says when the old one may go.

.DESCRIPTION
Both revisions run side by side. One step at a time, each of which can be run again:

Switch    New pods get the new sidecar from now on. Before anything is changed the new control plane is checked, a backup is written and the change is tried
          on the server; the output says what was changed and which command takes it back. Pods that run are not touched.
Status    How far it is: releases move workloads by themselves. Changes nothing.
Restart   What is left is restarted, a few at a time, until the time is over. Run it every night until nothing is left.
Check     Whether anything still needs the old revision: proxies, pods, namespaces, tags, webhooks. Changes nothing. Removing it is up to you. A webhook that
          would go with the old revision and is still needed is in the way until there is a backup of it as it is now (Backup-MeshInjector), which
          Restore-MeshInjector brings back after the removal.

Gives what the commands behind each step give.

.PARAMETER Step
The step: Switch, Status, Restart or Check.

.PARAMETER From
The old revision; default is the one without a name.

.PARAMETER To
The new revision.

.PARAMETER Namespace
With Switch: the namespaces to switch, where they name their revision by label. Otherwise the namespaces to look at or to restart; left out, all.

.PARAMETER BackupPath
With Switch the folder for the backup, with Check the backups that would bring lost webhooks back.

.PARAMETER Context
A context of the kubeconfig. Left out, the connection that is open, or the kubeconfig's current context.

.PARAMETER KubeConfig
The kubeconfig, where it is not the usual one.

.PARAMETER MaxConcurrent
With Restart: how many workloads move at a time.

.PARAMETER Timeout
With Restart: the time for all together, such as the length of the window.

.PARAMETER Report
With Restart: writes a report there: .html, .md or .json.

.EXAMPLE
./Update-MeshRevision.ps1 Switch -From default -To 1-27-1 -BackupPath /var/backups/mesh

Monday: new pods get 1.27.1.

.EXAMPLE
./Update-MeshRevision.ps1 Restart -From default -To 1-27-1 -Timeout 4h -Report /var/log/mesh/tonight.html

Three weeks later, at night: what no release has moved.

.EXAMPLE
Backup-MeshInjector /var/backups/mesh/before-removal.yaml
./Update-MeshRevision.ps1 Check -From default -To 1-27-1 -BackupPath /var/backups/mesh/before-removal.yaml

The morning after: may the old one go? Restore-MeshInjector takes the same file once it has gone.

.NOTES
Exit codes for schedulers: 0 the step is done (with Check: nothing needs the old revision any more), 1 a workload failed, something is left, or (with Check) the
old revision is still needed, 2 the call or the access is wrong or the switch was refused, 3 the time was over.
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory, Position = 0)] [ValidateSet('Switch', 'Status', 'Restart', 'Check')] [string] $Step,
    [Parameter(Mandatory)] [string] $From,
    [Parameter(Mandatory)] [string] $To,
    [SupportsWildcards()] [string[]] $Namespace,
    [string[]] $BackupPath,
    [string] $Context,
    [string] $KubeConfig,
    [ValidateRange(1, 1000)] [int] $MaxConcurrent = 3,
    [string] $Timeout = '4h',
    [string] $Report
)

$ErrorActionPreference = 'Stop'
try {
    $where = @{}
    foreach ($name in 'Context', 'KubeConfig') { if ($PSBoundParameters.ContainsKey($name)) { $where[$name] = $PSBoundParameters[$name] } }
    if ($where.Count) { $where = @{ Cluster = Connect-MeshCluster @where } }
    $which = $Namespace ? @{ Namespace = $Namespace } : @{}

    switch ($Step) {
        'Switch' {
            $backup = $BackupPath ? @{ BackupPath = $BackupPath[0] } : @{}
            Switch-MeshInjector @where @which @backup -To $To -Confirm:$false
        }
        'Status' {
            Get-MeshMigration @where @which -From $From -To $To
        }
        'Restart' {
            $rollouts = @(Get-MeshMigration @where @which -From $From -To $To -Left |
                Start-MeshRolloutRestart -Strategy Auto -MaxConcurrent $MaxConcurrent -StopAfterFailures 1 -ErrorAction SilentlyContinue -ErrorVariable refusals |
                Wait-MeshRollout -Timeout $Timeout -ErrorAction SilentlyContinue -ErrorVariable failures)
            $rollouts
            if ($Report -and $rollouts) { $rollouts | Export-MeshRolloutReport -Path $Report -Title "Mesh: from $From to $To" }
            foreach ($problem in @($refusals) + @($failures)) { Write-Error -ErrorRecord $problem -ErrorAction Continue }
            $left = if (-not $WhatIfPreference) { @(Get-MeshMigration @where @which -From $From -To $To -Left) }
        }
        'Check' {
            $backups = $BackupPath ? @{ Backup = @(Resolve-Path $BackupPath | ForEach-Object Path) } : @{}
            Get-MeshRevisionUsage @where @backups -Revision $From
            $isNeeded = -not (Test-MeshRevisionRemoval @where @backups -Revision $From)
        }
    }
}
catch {
    Write-Error -ErrorRecord $_ -ErrorAction Continue
    exit 2
}

if ($rollouts.State -contains 'TimedOut') { exit 3 }
if ($refusals -or $left -or $isNeeded -or $rollouts.State -contains 'Failed') { exit 1 }
exit 0
