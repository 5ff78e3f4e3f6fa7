# A test of the runbook beside it, to be copied with it: a mesh with an old and a new revision side by side, inside of the process.
BeforeAll {
    Import-Module ($env:MESHROLL_MODULE ?? 'MeshRoll')
    $runbook = "$PSScriptRoot/Update-MeshRevision.ps1"
    $way = @{ From = 'default'; To = '1-27-1' }
    $sandbox = New-MeshSandbox -VirtualTime -Connect -Scenario @{
        mesh       = @{ revisions = @(@{ version = '1.26.4' }, @{ name = '1-27-1'; version = '1.27.1' }) }
        namespaces = @(
            @{
                name = 'shop'; injection = 'enabled'
                workloads = @(@{ name = 'web'; replicas = 3 }, @{ name = 'cart'; replicas = 2 })
            }
            @{ name = 'bank'; injection = 'enabled'; workloads = @(@{ name = 'core' }) }
        )
    }
}
AfterAll { $sandbox | Remove-MeshSandbox }

Describe 'Update-MeshRevision' {
    BeforeEach { $sandbox | Reset-MeshSandbox; New-Item TestDrive:/backup -ItemType Directory -Force | Out-Null }

    It 'goes the whole way: switch, status, restart, check' {
        & $runbook Check @way | Out-Null
        $LASTEXITCODE | Should -Be 1

        $change = & $runbook Switch @way -BackupPath TestDrive:/backup
        $LASTEXITCODE | Should -Be 0
        $change.UndoCommand | Should -Not -BeNullOrEmpty
        $change.BackupPath | Should -Exist

        $status = & $runbook Status @way
        ($status | Where-Object Namespace -eq shop).Left | Should -Be 5

        $rollouts = & $runbook Restart @way
        $LASTEXITCODE | Should -Be 0
        $rollouts.Name | Sort-Object | Should -Be 'cart', 'core', 'web'

        & $runbook Check @way | Out-Null
        $LASTEXITCODE | Should -Be 1 -Because 'the webhook that injects now belongs to the old revision and would go with it'
        Backup-MeshInjector TestDrive:/backup/before-removal.yaml | Out-Null
        & $runbook Check @way -BackupPath TestDrive:/backup/before-removal.yaml | Where-Object Blocking | Should -BeNullOrEmpty
        $LASTEXITCODE | Should -Be 0
    }

    It 'touches no pod with the switch' {
        $before = Get-MeshSidecarVersion -AllNamespaces
        & $runbook Switch @way -BackupPath TestDrive:/backup | Out-Null
        $LASTEXITCODE | Should -Be 0
        (Get-MeshSidecarVersion -AllNamespaces).Pod | Sort-Object | Should -Be ($before.Pod | Sort-Object)
    }

    It 'changes nothing with -WhatIf' {
        & $runbook Switch @way -BackupPath TestDrive:/backup -WhatIf | Out-Null
        & $runbook Restart @way -WhatIf | Out-Null
        Get-MeshSandboxRequest -Verb patch | Where-Object { $_.Path -notmatch 'dryRun' } | Should -BeNullOrEmpty
    }

    It 'ends with 2 for a revision that is not there' {
        & $runbook Switch -From default -To 1-99 2>$null | Out-Null
        $LASTEXITCODE | Should -Be 2
    }

    It 'ends with 1 when something does not come back' {
        & $runbook Switch @way -BackupPath TestDrive:/backup | Out-Null
        $LASTEXITCODE | Should -Be 0
        Set-MeshSandboxFault ImageMissing -Workload cart*
        & $runbook Restart @way 2>$null | Out-Null
        $LASTEXITCODE | Should -Be 1
    }
}
