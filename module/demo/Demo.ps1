<#
.SYNOPSIS
The main job from first to last, on a sandbox: see what is outdated, restart it, follow it, and check that nobody could notice.
.DESCRIPTION
Needs no cluster. Every line it shows is one that an administrator would type; what follows it is what it printed.
.PARAMETER Fast
Lets time in the sandbox pass ten times as fast.
#>
param([switch] $Fast)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '../../MeshRoll.psd1')

function Write-Step([string] $Text, [string] $Line) {
    Write-Host "`n$Text" -ForegroundColor Cyan
    if ($Line) { Write-Host "PS> $Line" -ForegroundColor Yellow }
}

Write-Step 'A small Kubernetes inside of this process: a shop whose mesh was upgraded from 1.26.4 to 1.27.1.' 'New-MeshSandbox Shop -Connect'
$sandbox = New-MeshSandbox Shop -Name demo -TimeScale ($Fast ? 10 : 1) -Connect
try {
    $sandbox | Out-Host

    Write-Step 'Most pods still have the old sidecar. Which?' '$outdated = Get-MeshWorkload -AllNamespaces -Outdated; $outdated'
    $outdated = Get-MeshWorkload -AllNamespaces -Outdated
    $outdated | Out-Host

    Write-Step 'Restart exactly those, a few at a time, and follow each to its end. What cannot be restarted in place says why.' (
        '$outdated | Start-MeshRolloutRestart -MaxConcurrent 6 -ErrorVariable left | Wait-MeshRollout')
    $null = Get-MeshSandboxTimeline -Clear
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    $rollouts = $outdated | Start-MeshRolloutRestart -MaxConcurrent 6 -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable left | Wait-MeshRollout -ErrorAction SilentlyContinue
    $watch.Stop()
    $rollouts | Out-Host
    foreach ($problem in $left) { Write-Host "  $($problem.Exception.Message)" -ForegroundColor DarkYellow }

    Write-Step 'What did customers see? The sandbox watched every pod.' 'Get-MeshSandboxTimeline | Group-Object Namespace, Kind, Name   # and of each the lowest Ready'
    $courses = foreach ($rollout in $rollouts | Where-Object State -eq Complete) {
        $entries = Get-MeshSandboxTimeline -Namespace $rollout.Namespace -Kind $rollout.Kind -Name $rollout.Name
        $going = 0
        for ($i = 1; $i -lt $entries.Count; $i++) { $going += [Math]::Max(0, $entries[$i].Terminating - $entries[$i - 1].Terminating) }
        [pscustomobject]@{
            Namespace = $rollout.Namespace
            Workload  = "$($rollout.Kind)/$($rollout.Name)"
            Replaced  = $going
            Desired   = $entries[-1].Desired
            Lowest    = [int] ($entries | Measure-Object Ready -Minimum).Minimum
        }
    }
    $courses | Sort-Object Namespace, Workload | Format-Table | Out-Host

    $failed = @($rollouts | Where-Object State -ne Complete)
    $missing = @($courses | Where-Object { $_.Desired - $_.Lowest -gt [Math]::Max(1, $_.Desired / 4) })
    $replaced = ($courses | Measure-Object Replaced -Sum).Sum
    Write-Step ('{0} workloads restarted, {1} pods replaced, in {2:0.0} s. {3}' -f @($courses).Count, $replaced, $watch.Elapsed.TotalSeconds, $(
            if ($failed) { "$($failed.Count) did not come back." }
            elseif ($missing) { "Somebody may have noticed: $($missing.Workload -join ', ')." }
            else { 'Nowhere was more than a quarter of the pods, or one pod, missing: nobody noticed.' }))
    if ($failed -or $missing) { exit 1 }
}
finally { Remove-MeshSandbox $sandbox.Name -Confirm:$false }
