# The test of a runbook as about_MeshSandbox shows it; the last block compares.
BeforeAll {
    Import-Module $env:MESHROLL_MODULE
    $runbook = "$PSScriptRoot/Restart-Outdated.ps1"
    $sandbox = New-MeshSandbox -VirtualTime -Connect -Scenario @{
        startup    = @{ ready = '20s'; stop = '5s' }
        mesh       = @{
            revisions = @(
                @{ version = '1.27.1'; earlierVersions = @('1.26.4') }
            )
        }
        namespaces = @(
            @{
                name      = 'shop'
                injection = 'enabled'
                workloads = @(
                    @{ name = 'web'; replicas = 3; sidecar = '1.26.4' }
                    @{ name = 'cart'; sidecar = '1.26.4' }
                    @{ name = 'new'; replicas = 2 }
                )
            }
        )
    }
}

AfterAll { $sandbox | Remove-MeshSandbox }

Describe 'Restart-Outdated' {
    BeforeEach { $sandbox | Reset-MeshSandbox }

    It 'leaves no old sidecar behind' {
        & $runbook
        Get-MeshSidecarVersion -Namespace shop -Outdated |
            Should -BeNullOrEmpty
    }

    It 'restarts nothing that is up to date' {
        (& $runbook).Name | Sort-Object | Should -Be 'cart', 'web'
    }

    It 'keeps <Name> served by <Least> pods or more' -ForEach @(
        @{ Name = 'web'; Least = 3 }, @{ Name = 'cart'; Least = 1 }
    ) {
        & $runbook
        $ready = Get-MeshSandboxTimeline $Name |
            Measure-Object Ready -Minimum
        $ready.Minimum | Should -BeGreaterOrEqual $Least
    }

    It 'stops at the first workload that does not come back' {
        Set-MeshSandboxFault ImageMissing -Workload cart*
        $rollouts = & $runbook 2>$null
        ($rollouts | Where-Object State -eq Failed).Name |
            Should -Be 'cart'
        Get-MeshSandboxTimeline cart | Measure-Object Ready -Minimum |
            ForEach-Object Minimum | Should -Be 1
    }

    It 'is patient with a server that throttles' {
        Set-MeshSandboxFault -Throttle -Verb patch -Count 2
        (& $runbook).State | Should -Be 'Complete', 'Complete'
        Get-MeshSandboxRequest -Verb patch |
            Where-Object Status -eq 429 |
            Should -HaveCount 2
    }
}

Describe 'about_MeshSandbox' {
    It 'shows this runbook and this test, from the first line to the last' {
        $shown = (Get-Help about_MeshSandbox | Out-String) -split '\r?\n' | ForEach-Object Trim | Where-Object { $_ }
        $lines = @(Get-Content $runbook) + @(Get-Content $PSCommandPath | Select-Object -Skip 1)
        $end = [array]::IndexOf($lines, "Describe 'about_MeshSandbox' {")
        $own = $lines[0..($end - 1)] -replace '\$env:MESHROLL_MODULE', 'MeshRoll' | ForEach-Object Trim | Where-Object { $_ }
        $begin = [array]::IndexOf($shown, $own[0])
        $begin | Should -BeGreaterThan 0
        $own | Where-Object { $_ -notin $shown } | Should -BeNullOrEmpty
    }
}
