#Requires -Version 7.4
#Requires -Modules MeshRoll
<#
.SYNOPSIS
Brings every application pod of some namespaces onto the sidecar that the mesh injects now.

.DESCRIPTION
Finds the workloads whose pods carry another sidecar than new pods would get, restarts exactly those, a few at a time, follows each to its end, stops at the
first that does not come back, and looks at the end whether any old sidecar is left. Run it again at any time: what is done is skipped, what a killed run
began is finished.

Gives the rollouts, one for each workload.

.PARAMETER Namespace
The namespaces; wildcards are allowed.

.PARAMETER Context
A context of the kubeconfig. Left out, the connection that is open, or the kubeconfig's current context.

.PARAMETER KubeConfig
The kubeconfig, where it is not the usual one.

.PARAMETER Strategy
How pods are replaced: Auto chooses for each workload and says why.

.PARAMETER MaxConcurrent
How many workloads move at a time.

.PARAMETER StopAfterFailures
After so many failures nothing more is started; 0 goes on whatever happens.

.PARAMETER Timeout
The time for all together: 90m, 2h. What is not done by then is reported as such and goes on by itself.

.PARAMETER Report
Writes a report there: .html, .md or .json.

.EXAMPLE
./Update-MeshNamespace.ps1 shop, payments -Report /var/log/mesh/shop.html

Restarts what is outdated in two namespaces.

.EXAMPLE
./Update-MeshNamespace.ps1 shop* -WhatIf

Says what would be restarted and how, and changes nothing.

.NOTES
Exit codes for schedulers: 0 all is done (also when nothing was outdated), 1 a workload failed or could not be restarted or an old sidecar is left,
2 the call or the access is wrong, 3 the time was over.
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory, Position = 0)] [SupportsWildcards()] [string[]] $Namespace,
    [string] $Context,
    [string] $KubeConfig,
    [ValidateSet('Auto', 'Rolling', 'Surge', 'Evict')] [string] $Strategy = 'Auto',
    [ValidateRange(1, 1000)] [int] $MaxConcurrent = 3,
    [ValidateRange(0, 1000)] [int] $StopAfterFailures = 1,
    [string] $Timeout = '2h',
    [string] $Report
)

$ErrorActionPreference = 'Stop'
try {
    $where = @{}
    foreach ($name in 'Context', 'KubeConfig') { if ($PSBoundParameters.ContainsKey($name)) { $where[$name] = $PSBoundParameters[$name] } }
    if ($where.Count) { $where = @{ Cluster = Connect-MeshCluster @where } }

    # What goes wrong with one workload is on its rollout or among the refusals; it must not end the others.
    $rollouts = @(Get-MeshWorkload @where -Namespace $Namespace -Outdated |
        Start-MeshRolloutRestart -Strategy $Strategy -MaxConcurrent $MaxConcurrent -StopAfterFailures $StopAfterFailures -ErrorAction SilentlyContinue -ErrorVariable refusals |
        Wait-MeshRollout -Timeout $Timeout -ErrorAction SilentlyContinue -ErrorVariable failures)
    $rollouts
    if ($Report -and $rollouts) { $rollouts | Export-MeshRolloutReport -Path $Report -Title "Mesh update of $($Namespace -join ', ')" }
    if ($WhatIfPreference) { exit 0 }

    foreach ($problem in @($refusals) + @($failures)) { Write-Error -ErrorRecord $problem -ErrorAction Continue }
    $left = @(Get-MeshSidecarVersion @where -Namespace $Namespace -Outdated)
    if ($left) { Write-Warning "Another sidecar than new pods would get is still carried by $($left.Count) of the pods: $((@($left.Pod) | Select-Object -First 5) -join ', ')$(if ($left.Count -gt 5) { ', …' })" }
}
catch {
    Write-Error -ErrorRecord $_ -ErrorAction Continue
    exit 2
}

if ($rollouts.State -contains 'TimedOut') { exit 3 }
if ($refusals -or $left -or $rollouts.State -contains 'Failed') { exit 1 }
exit 0
