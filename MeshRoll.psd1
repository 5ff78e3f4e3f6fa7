@{
    RootModule           = 'module/MeshRoll.psm1'
    ModuleVersion        = '0.1.0'
    GUID                 = 'f1854189-3af3-4655-999e-4a62b872c087'
    Author               = 'MeshRoll contributors'
    CompanyName          = 'MeshRoll contributors'
    Copyright            = 'Copyright (c) MeshRoll contributors. MIT licence.'
    Description          = 'Finds pods that still run an outdated service mesh sidecar and restarts exactly their workloads, paced, watched to the end, with the reason when one does not come back.'
    PowerShellVersion    = '7.4'
    CompatiblePSEditions = @('Core')
    TypesToProcess       = @('module/MeshRoll.Types.ps1xml')
    FormatsToProcess     = @('module/MeshRoll.Format.ps1xml')
    CmdletsToExport      = @(
        'Backup-MeshInjector'
        'Connect-MeshCluster'
        'Disconnect-MeshCluster'
        'Export-MeshRolloutReport'
        'Get-MeshCluster'
        'Get-MeshControlPlane'
        'Get-MeshInjector'
        'Get-MeshMigration'
        'Get-MeshNamespace'
        'Get-MeshPermission'
        'Get-MeshProxyStatus'
        'Get-MeshRevisionUsage'
        'Get-MeshRollout'
        'Get-MeshRolloutDiagnosis'
        'Get-MeshRolloutHistory'
        'Get-MeshRolloutPlan'
        'Get-MeshRolloutReadiness'
        'Get-MeshRolloutRun'
        'Get-MeshSandbox'
        'Get-MeshSandboxRequest'
        'Get-MeshSandboxTimeline'
        'Get-MeshSidecarVersion'
        'Get-MeshWorkload'
        'New-MeshRolloutPlan'
        'New-MeshSandbox'
        'Remove-MeshRevisionTag'
        'Remove-MeshSandbox'
        'Repair-MeshRolloutReadiness'
        'Repair-MeshWorkload'
        'Reset-MeshSandbox'
        'Restore-MeshInjector'
        'Resume-MeshRollout'
        'Resume-MeshRolloutRun'
        'Set-MeshNamespaceRevision'
        'Set-MeshRevisionTag'
        'Set-MeshSandboxFault'
        'Set-MeshWorkloadImage'
        'Start-MeshRolloutPlan'
        'Start-MeshRolloutRestart'
        'Stop-MeshRolloutRun'
        'Suspend-MeshRollout'
        'Suspend-MeshRolloutRun'
        'Switch-MeshInjector'
        'Test-MeshPermission'
        'Test-MeshRevisionRemoval'
        'Test-MeshRolloutPlan'
        'Test-MeshRolloutReadiness'
        'Undo-MeshRollout'
        'Wait-MeshMigration'
        'Wait-MeshRollout'
        'Wait-MeshRolloutRun'
    )
    FunctionsToExport    = @()
    VariablesToExport    = @()
    AliasesToExport      = @()
    PrivateData          = @{
        PSData = @{
            Tags = @('Kubernetes', 'Istio', 'Linkerd', 'ServiceMesh', 'Sidecar', 'Rollout', 'Restart', 'PSEdition_Core', 'Linux', 'MacOS', 'Windows')
        }
    }
}
