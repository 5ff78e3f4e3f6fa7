#Requires -Version 7.4
#Requires -Modules MeshRoll
<#
.SYNOPSIS
Every night a bit: restarts the workloads that have carried an old sidecar for longest, within the time there is.

.DESCRIPTION
After a switch of the mesh, releases move most workloads by themselves. What has not been released for a while stays behind. This runbook takes such
stragglers, the oldest first, at most so many in a night and only while there is time, and leaves the rest for the next night. Workloads and namespaces with
the annotation meshroll.io/restart: never or manual are left alone.

Gives the rollouts, one for each workload that was taken.

.PARAMETER OlderThan
How long ago the oldest outdated pod of a workload must have been started: 7d, 12h.

.PARAMETER MaxWorkloads
How many workloads a night at most.

.PARAMETER Timeout
The time for all together: until the window ends.

.PARAMETER Namespace
The namespaces; wildcards are allowed. Left out, all.

.PARAMETER Exclude
Workloads to leave alone: name, kind/name or namespace/name, wildcards allowed.

.PARAMETER Context
A context of the kubeconfig. Left out, the connection that is open, or the kubeconfig's current context.

.PARAMETER KubeConfig
The kubeconfig, where it is not the usual one.

.PARAMETER MaxConcurrent
How many workloads move at a time.

.PARAMETER Report
Writes a report there: .html, .md or .json.

.EXAMPLE
./Restart-MeshStraggler.ps1 -OlderThan 14d -MaxWorkloads 50 -Timeout 3h -Report "/var/log/mesh/$(Get-Date -Format yyyy-MM-dd).html"

Takes the fifty oldest.

.EXAMPLE
./Restart-MeshStraggler.ps1 -WhatIf

Says which workloads it would take tonight.

.NOTES
Exit codes for schedulers: 0 all that was taken is done, also when nothing was left, 1 a workload failed or could not be restarted, 2 the call or the access is
wrong, 3 the time was over.
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [string] $OlderThan = '7d',
    [ValidateRange(1, 100000)] [int] $MaxWorkloads = 30,
    [string] $Timeout = '4h',
    [SupportsWildcards()] [string[]] $Namespace,
    [string[]] $Exclude,
    [string] $Context,
    [string] $KubeConfig,
    [ValidateRange(1, 1000)] [int] $MaxConcurrent = 3,
    [string] $Report
)

$ErrorActionPreference = 'Stop'
try {
    if ($OlderThan -notmatch '^(\d+)([dhm])$') { throw "-OlderThan '$OlderThan' is no time: write a number and d, h or m, such as 7d." }
    $before = [DateTimeOffset]::UtcNow - $(switch ($Matches[2]) { 'd' { [timespan]::FromDays($Matches[1]) } 'h' { [timespan]::FromHours($Matches[1]) } 'm' { [timespan]::FromMinutes($Matches[1]) } })
    $where = @{}
    foreach ($name in 'Context', 'KubeConfig') { if ($PSBoundParameters.ContainsKey($name)) { $where[$name] = $PSBoundParameters[$name] } }
    if ($where.Count) { $where = @{ Cluster = Connect-MeshCluster @where } }
    $but = $Exclude ? @{ Exclude = $Exclude } : @{}
    $which = $Namespace ? @{ Namespace = $Namespace } : @{ AllNamespaces = $true }

    $oldest = Get-MeshSidecarVersion @where @which -Outdated |
        Where-Object { $_.StartTime -lt $before -and $_.Kind -ne 'Job' } |
        Group-Object Namespace, Kind, Name |
        Sort-Object { ($_.Group.StartTime | Measure-Object -Minimum).Minimum } |
        Select-Object -First $MaxWorkloads |
        ForEach-Object { $_.Group[0] }
    Write-Verbose "$(@($oldest).Count) workloads have carried an old sidecar since before $($before.ToLocalTime())."

    $rollouts = @($oldest |
        Start-MeshRolloutRestart -Strategy Auto -MaxConcurrent $MaxConcurrent -StopAfterFailures 1 @but -ErrorAction SilentlyContinue -ErrorVariable refusals |
        Wait-MeshRollout -Timeout $Timeout -ErrorAction SilentlyContinue -ErrorVariable failures)
    $rollouts
    if ($Report -and $rollouts) { $rollouts | Export-MeshRolloutReport -Path $Report -Title 'Mesh stragglers' }
    foreach ($problem in @($refusals) + @($failures)) { Write-Error -ErrorRecord $problem -ErrorAction Continue }
}
catch {
    Write-Error -ErrorRecord $_ -ErrorAction Continue
    exit 2
}

if ($rollouts.State -contains 'TimedOut') { exit 3 }
if ($refusals -or $rollouts.State -contains 'Failed') { exit 1 }
exit 0
