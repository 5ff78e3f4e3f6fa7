param([string] $Namespace = 'shop')
$ErrorActionPreference = 'Stop'

Get-MeshWorkload -Namespace $Namespace -Outdated |
    Start-MeshRolloutRestart -MaxConcurrent 2 -StopAfterFailures 1 |
    Wait-MeshRollout -Timeout 30m
