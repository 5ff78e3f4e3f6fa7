# A test of the runbook beside it, to be copied with it: a cluster of its own, inside of the process.
BeforeAll {
    Import-Module ($env:MESHROLL_MODULE ?? 'MeshRoll')
    $runbook = "$PSScriptRoot/Restart-MeshStraggler.ps1"
    $sandbox = New-MeshSandbox -VirtualTime -Connect -Scenario @{
        mesh       = @{ revisions = @(@{ version = '1.27.1'; earlierVersions = @('1.26.4') }) }
        namespaces = @(
            @{
                name = 'shop'; injection = 'enabled'
                workloads = @(
                    @{ name = 'web'; replicas = 3; sidecar = '1.26.4'; age = '20d' }
                    @{ name = 'cart'; sidecar = '1.26.4'; age = '30d' }
                    @{ name = 'search'; sidecar = '1.26.4'; age = '10d' }
                    @{ name = 'young'; sidecar = '1.26.4'; age = '1d' }
                )
            }
        )
    }
}
AfterAll { $sandbox | Remove-MeshSandbox }

Describe 'Restart-MeshStraggler' {
    BeforeEach { $sandbox | Reset-MeshSandbox }

    It 'takes what is old enough and leaves the rest' {
        (& $runbook -OlderThan 7d).Name | Sort-Object | Should -Be 'cart', 'search', 'web'
        $LASTEXITCODE | Should -Be 0
        (Get-MeshSidecarVersion -Namespace shop -Outdated).Name | Should -Be 'young'
    }

    It 'takes the oldest first, and no more than it may' {
        (& $runbook -MaxWorkloads 2).Name | Sort-Object | Should -Be 'cart', 'web'
        (& $runbook -MaxWorkloads 2).Name | Should -Be 'search'
        & $runbook -MaxWorkloads 2 | Should -BeNullOrEmpty
        $LASTEXITCODE | Should -Be 0
    }

    It 'leaves alone what is excluded' {
        & $runbook -Exclude cart | Out-Null
        (Get-MeshSidecarVersion -Namespace shop -Outdated).Name | Sort-Object | Should -Be 'cart', 'young'
    }

    It 'changes nothing with -WhatIf' {
        & $runbook -WhatIf | Out-Null
        Get-MeshSandboxRequest -Verb patch | Should -BeNullOrEmpty
    }

    It 'ends with 1 when a workload does not come back' {
        Set-MeshSandboxFault ImageMissing -Workload cart*
        & $runbook 2>$null | Out-Null
        $LASTEXITCODE | Should -Be 1
    }

    It 'ends with 2 for a time that is none' {
        & $runbook -OlderThan soon 2>$null | Out-Null
        $LASTEXITCODE | Should -Be 2
    }
}
