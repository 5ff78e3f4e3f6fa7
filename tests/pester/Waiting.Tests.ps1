# What somebody who waits gets to see.
BeforeAll {
    Import-Module $env:MESHROLL_MODULE
    $sandbox = New-MeshSandbox -Name waits -TimeScale 20 -Connect -Scenario @{
        startup    = @{ ready = '20s'; stop = '10s' }
        mesh       = @{ revisions = @(@{ version = '1.27.1'; earlierVersions = @('1.26.4') }) }
        namespaces = @(
            @{
                name = 'shop'; injection = 'enabled'
                workloads = @(
                    @{ name = 'web'; replicas = 4; sidecar = '1.26.4'; maxSurge = '1'; maxUnavailable = '0' }
                    @{ name = 'db'; kind = 'StatefulSet'; replicas = 3; partition = 1; sidecar = '1.26.4' }
                    @{ name = 'agent'; kind = 'DaemonSet'; sidecar = '1.26.4' }
                    @{ name = 'held'; kind = 'StatefulSet'; replicas = 2; strategy = 'OnDelete'; sidecar = '1.26.4' }
                )
            }
        )
    }
}

AfterAll { $sandbox | Remove-MeshSandbox }

Describe 'Wait-MeshRollout' {
    BeforeEach { $sandbox | Reset-MeshSandbox }

    It 'tells the phase, every count and the time left in verbose' {
        $said = Start-MeshRolloutRestart -Namespace shop -Name deploy/web -Confirm:$false | Wait-MeshRollout -Verbose 4>&1 | Where-Object { $_ -is [Management.Automation.VerboseRecord] } | ForEach-Object Message
        $said | Where-Object { $_ -match '\d of 4 pods updated \(\d/4 updated, \d ready, \d available' } | Should -Not -BeNullOrEmpty
        $said[-1] | Should -Be 'Complete: shop deployment/web: done: all 4 pods are new and available'
    }

    It 'counts <Name> to its end' -ForEach @(
        @{ Name = 'deploy/web'; Desired = 4; Updated = 4; Old = 0 }, @{ Name = 'ds/agent'; Desired = 3; Updated = 3; Old = 0 }, @{ Name = 'sts/db'; Desired = 3; Updated = 2; Old = 1 }
    ) {
        $rollout = Start-MeshRolloutRestart -Namespace shop -Name $Name | Wait-MeshRollout
        $rollout.State, $rollout.Desired, $rollout.Updated, $rollout.Old | Should -Be 'Complete', $Desired, $Updated, $Old
        $rollout.Remaining | Should -Be ([timespan]::Zero)
        $rollout.PSObject.Properties.Name | Should -Contain 'Terminating'
    }

    It 'refuses what OnDelete would leave to somebody else' {
        { Start-MeshRolloutRestart -Namespace shop -Name sts/held -ErrorAction Stop } | Should -Throw -ErrorId 'MeshRoll.OnDelete*'
    }

    It 'asks at an interval instead of watching' {
        $rollout = Start-MeshRolloutRestart -Namespace shop -Name deploy/web
        $before = @(Get-MeshSandboxRequest -Verb watch).Count
        ($rollout | Wait-MeshRollout -PollInterval 1s -Timeout 1m).State | Should -Be 'Complete'
        @(Get-MeshSandboxRequest -Verb watch).Count | Should -Be $before
    }

    It 'says that a workload is paused and goes on when it is resumed' {
        $null = Start-MeshRolloutRestart -Namespace shop -Name deploy/web
        Suspend-MeshRollout -Namespace shop -Name deploy/web
        $paused = Get-MeshRollout -Namespace shop -Name deploy/web
        $paused.State | Should -Be 'Paused'
        $paused.Remaining | Should -BeNullOrEmpty
        Resume-MeshRollout -Namespace shop -Name deploy/web
        (Wait-MeshRollout -Namespace shop -Name deploy/web -Timeout 1m).State | Should -Be 'Complete'
    }
}
