# A test of the runbook beside it, to be copied with it: a cluster of its own, inside of the process.
BeforeAll {
    Import-Module ($env:MESHROLL_MODULE ?? 'MeshRoll')
    $runbook = "$PSScriptRoot/Update-MeshNamespace.ps1"
    $sandbox = New-MeshSandbox -VirtualTime -Connect -Scenario @{
        mesh       = @{ revisions = @(@{ version = '1.27.1'; earlierVersions = @('1.26.4') }) }
        namespaces = @(
            @{
                name = 'shop'; injection = 'enabled'
                workloads = @(
                    @{ name = 'web'; replicas = 3; sidecar = '1.26.4' }
                    @{ name = 'cart'; sidecar = '1.26.4' }
                    @{ name = 'new'; replicas = 2 }
                )
            }
            @{ name = 'bank'; injection = 'enabled'; workloads = @(@{ name = 'core'; sidecar = '1.26.4' }) }
        )
    }
}
AfterAll { $sandbox | Remove-MeshSandbox }

Describe 'Update-MeshNamespace' {
    BeforeEach { $sandbox | Reset-MeshSandbox }

    It 'leaves no old sidecar behind, and other namespaces alone' {
        (& $runbook shop).Name | Sort-Object | Should -Be 'cart', 'web'
        $LASTEXITCODE | Should -Be 0
        Get-MeshSidecarVersion -Namespace shop -Outdated | Should -BeNullOrEmpty
        (Get-MeshSidecarVersion -Namespace bank -Outdated).Name | Should -Be 'core'
    }

    It 'keeps the service up: <Name> never has fewer than <Least> pods ready' -ForEach @(
        @{ Name = 'web'; Least = 3 }, @{ Name = 'cart'; Least = 1 }
    ) {
        & $runbook shop | Out-Null
        (Get-MeshSandboxTimeline $Name | Measure-Object Ready -Minimum).Minimum | Should -BeGreaterOrEqual $Least
    }

    It 'does nothing the second time' {
        & $runbook shop | Out-Null
        & $runbook shop | Should -BeNullOrEmpty
        $LASTEXITCODE | Should -Be 0
    }

    It 'changes nothing with -WhatIf' {
        & $runbook shop -WhatIf | Out-Null
        $LASTEXITCODE | Should -Be 0
        Get-MeshSandboxRequest -Verb patch | Should -BeNullOrEmpty
    }

    It 'ends with 1 when a workload does not come back, and tells which' {
        Set-MeshSandboxFault ImageMissing -Workload cart*
        & $runbook shop -ErrorVariable said -ErrorAction SilentlyContinue 2>$null | Out-Null
        $LASTEXITCODE | Should -Be 1
        (Get-MeshSandboxTimeline cart | Measure-Object Ready -Minimum).Minimum | Should -Be 1
    }

    It 'ends with 2 when there is no such cluster' {
        & $runbook shop -Context nowhere 2>$null | Out-Null
        $LASTEXITCODE | Should -Be 2
    }

    It 'writes a report' {
        & $runbook shop -Report TestDrive:/shop.md | Out-Null
        'TestDrive:/shop.md' | Should -FileContentMatch '2 of 2 workloads are done'
    }
}

Describe 'Update-MeshNamespace in a cluster where time passes as it does' {
    BeforeAll {
        $slow = New-MeshSandbox -Name slow -Connect -Scenario @{
            mesh       = @{ revisions = @(@{ version = '1.27.1'; earlierVersions = @('1.26.4') }) }
            namespaces = @(@{ name = 'shop'; injection = 'enabled'; workloads = @(@{ name = 'web'; sidecar = '1.26.4'; readyAfter = '10m' }) })
        }
    }
    AfterAll { $slow | Remove-MeshSandbox }

    It 'ends with 3 when the time is over' {
        (& $runbook shop -Timeout 2s 2>$null 3>$null).State | Should -Be 'TimedOut'
        $LASTEXITCODE | Should -Be 3
    }
}
