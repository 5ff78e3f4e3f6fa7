# A test of the runbook beside it, to be copied with it: a mesh half-way through an upgrade, inside of the process.
BeforeAll {
    Import-Module ($env:MESHROLL_MODULE ?? 'MeshRoll')
    $runbook = "$PSScriptRoot/Undo-MeshUpgrade.ps1"
    $sandbox = New-MeshSandbox -VirtualTime -Connect -Scenario @{
        mesh       = @{ revisions = @(@{ version = '1.26.4' }, @{ name = '1-27-1'; version = '1.27.1' }) }
        namespaces = @(
            @{
                name = 'shop'; injection = 'enabled'
                workloads = @(@{ name = 'web'; replicas = 3 }, @{ name = 'cart'; replicas = 2 })
            }
        )
    }
}
AfterAll { $sandbox | Remove-MeshSandbox }

Describe 'Undo-MeshUpgrade' {
    BeforeEach {
        $sandbox | Reset-MeshSandbox
        Remove-Item TestDrive:/* -Recurse -Force
        $change = Switch-MeshInjector -To 1-27-1 -BackupPath TestDrive:/ -Confirm:$false
        Start-MeshRolloutRestart -Namespace shop -Name web | Wait-MeshRollout | Out-Null
    }

    It 'brings back the old sidecar, and restarts only what had moved' {
        (& $runbook -From 1-27-1 -To default | Where-Object State).Name | Should -Be 'web'
        $LASTEXITCODE | Should -Be 0
        (Get-MeshSidecarVersion -Namespace shop).Version | Sort-Object -Unique | Should -Be '1.26.4'
        Get-MeshSidecarVersion -Namespace shop -Outdated | Should -BeNullOrEmpty
    }

    It 'does the same from the backup of the switch' {
        & $runbook -From 1-27-1 -To default -Backup $change.BackupPath | Out-Null
        $LASTEXITCODE | Should -Be 0
        (Get-MeshSidecarVersion -Namespace shop).Version | Sort-Object -Unique | Should -Be '1.26.4'
    }

    It 'keeps the service up while it goes back' {
        & $runbook -From 1-27-1 -To default | Out-Null
        (Get-MeshSandboxTimeline web | Measure-Object Ready -Minimum).Minimum | Should -BeGreaterOrEqual 3
    }

    It 'does nothing the second time' {
        & $runbook -From 1-27-1 -To default | Out-Null
        & $runbook -From 1-27-1 -To default | Where-Object State | Should -BeNullOrEmpty
        $LASTEXITCODE | Should -Be 0
    }

    It 'restarts nothing when the way back is refused' {
        & $runbook -From 1-27-1 -To 1-99 2>$null | Out-Null
        $LASTEXITCODE | Should -Be 2
        (Get-MeshSidecarVersion -Namespace shop | Where-Object Name -eq web).Version | Sort-Object -Unique | Should -Be '1.27.1'
    }
}
