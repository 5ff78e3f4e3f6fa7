BeforeAll { Import-Module $env:MESHROLL_MODULE }

Describe 'Jobs' {
    It 'run the whole job in a session of their own' {
        $job = Start-Job {
            Import-Module $using:env:MESHROLL_MODULE
            Get-MeshWorkload -Namespace jobs -Outdated | Start-MeshRolloutRestart | Wait-MeshRollout -Timeout 1m
        }
        $done = $job | Receive-Job -Wait -AutoRemoveJob
        $done.Name | Sort-Object | Should -Be 'web-1', 'web-2'
        @($done | Where-Object State -eq Complete).Count | Should -Be 2
        $done[0].PSTypeNames[0] | Should -Be 'Deserialized.MeshRoll.Core.Rollouts.MeshRollout'
    }

    It 'give objects that can be piped on here, to the cluster they are from' {
        $job = Start-Job {
            Import-Module $using:env:MESHROLL_MODULE
            Get-MeshSidecarVersion -Namespace jobs
        }
        $sidecars = $job | Receive-Job -Wait -AutoRemoveJob
        $done = $sidecars | Start-MeshRolloutRestart -Force | Wait-MeshRollout -Timeout 1m
        $done.Name | Sort-Object | Should -Be 'web-1', 'web-2'
    }

    It 'take a connection by what is left of it' {
        $cluster = Connect-MeshCluster -Name mine
        $job = Start-Job {
            Import-Module $using:env:MESHROLL_MODULE
            Get-MeshWorkload -Cluster $using:cluster -Namespace jobs -Name web-1
        }
        ($job | Receive-Job -Wait -AutoRemoveJob).Name | Should -Be 'web-1'
        Disconnect-MeshCluster
    }
}

Describe 'ForEach-Object -Parallel' {
    It 'opens connections of its own' {
        $found = 1..4 | ForEach-Object -Parallel {
            Import-Module $env:MESHROLL_MODULE
            Get-MeshWorkload -Namespace parallel -Name "web-$_"
        }
        $found.Name | Sort-Object | Should -Be 'web-1', 'web-2', 'web-3', 'web-4'
    }

    It 'shares a connection that it is given' {
        $cluster = Connect-MeshCluster
        $done = 1..4 | ForEach-Object -Parallel {
            Import-Module $env:MESHROLL_MODULE
            Start-MeshRolloutRestart -Cluster $using:cluster -Namespace parallel -Name "deploy/web-$_" | Wait-MeshRollout -Timeout 1m
        }
        $done.Name | Sort-Object | Should -Be 'web-1', 'web-2', 'web-3', 'web-4'
        $done.State | Sort-Object -Unique | Should -Be 'Complete'
        Disconnect-MeshCluster
    }
}
