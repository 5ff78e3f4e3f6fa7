BeforeAll {
    Import-Module $env:MESHROLL_MODULE

    # The tests' own eye: what the server has, without MeshRoll.
    function Get-Generation([string] $Namespace) { & $env:MESHROLL_KUBECTL --kubeconfig $env:KUBECONFIG -n $Namespace get deployments -o 'jsonpath={range .items[*]}{.metadata.name}={.metadata.generation} {end}' }
}

Describe 'The main job' {
    It 'restarts exactly what is outdated, waits, and finds the new sidecar everywhere' {
        $done = @(Get-MeshSidecarVersion -Namespace pipeline -Outdated | Start-MeshRolloutRestart -MaxConcurrent 2 | Wait-MeshRollout -Timeout 2m -ErrorVariable problems)
        $problems | Should -BeNullOrEmpty
        $done.Count | Should -Be 5
        $done.State | Sort-Object -Unique | Should -Be 'Complete'
        $done.Strategy | Sort-Object -Unique | Should -Be 'Rolling'
        Get-MeshSidecarVersion -Namespace pipeline -Outdated | Should -BeNullOrEmpty
        (Get-MeshSidecarVersion -Namespace pipeline).Version | Sort-Object -Unique | Should -Be '1.27.1'
    }

    It 'skips what is up to date by then, and says so' {
        $before = Get-Generation pipeline
        $skipped = Start-MeshRolloutRestart -Namespace pipeline -Name deploy/web-1
        $skipped.State | Should -Be 'Skipped'
        $skipped.Message | Should -Not -BeNullOrEmpty
        Get-Generation pipeline | Should -Be $before
    }

    It 'restarts with -Force also what is up to date' {
        (Start-MeshRolloutRestart -Namespace pipeline -Name deploy/web-1 -Force | Wait-MeshRollout -Timeout 1m).State | Should -Be 'Complete'
    }
}

Describe 'Names' {
    It 'come from a file as well' {
        $csv = Join-Path $TestDrive 'rows.csv'
        Get-MeshWorkload -Namespace named -Name web-1, web-2 | Select-Object Cluster, Namespace, Kind, Name | Export-Csv $csv
        $done = Import-Csv $csv | Start-MeshRolloutRestart | Wait-MeshRollout -Timeout 1m
        $done.Name | Sort-Object | Should -Be 'web-1', 'web-2'
        $done.State | Sort-Object -Unique | Should -Be 'Complete'
    }

    It 'come from objects of one''s own, without a cluster and with a kind as people write it' {
        $done = [pscustomobject]@{ Namespace = 'named'; Kind = 'deploy'; Name = 'web-3' } | Start-MeshRolloutRestart | Wait-MeshRollout -Timeout 1m
        $done.Kind, $done.State | Should -Be 'Deployment', 'Complete'
    }

    It 'come from objects of a job, whose rollouts can be waited for here' {
        $rollout = Start-MeshRolloutRestart -Namespace named -Name deploy/web-4
        $copy = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($rollout, 2))
        $done = $copy | Wait-MeshRollout -Timeout 1m
        $done.Name, $done.State | Should -Be 'web-4', 'Complete'
        $done.GetType().Name | Should -Be 'MeshRollout'
    }

    It 'that nobody has are errors of their own' {
        $found = Start-MeshRolloutRestart -Namespace named -Name deploy/nobody, deploy/web-1 -ErrorAction SilentlyContinue -ErrorVariable problems
        $found.Name | Should -Be 'web-1'
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'MeshRoll.*NotFound,*'
        $problems[0].TargetObject.Name | Should -Be 'nobody'
    }
}

Describe 'Asking first' {
    It 'names each workload, its pods and how long it takes with -WhatIf, and changes nothing' {
        $before = Get-Generation whatif
        $lines = & (Get-Process -Id $PID).Path -NoProfile -NonInteractive -Command "Import-Module '$env:MESHROLL_MODULE'; `$null = Get-MeshWorkload -Namespace whatif -Outdated | Start-MeshRolloutRestart -WhatIf"
        @($lines | Where-Object { $_ -match '^What if: ' }).Count | Should -Be 3
        $lines[0] | Should -Match 'whatif deployment/web-1'
        $lines[0] | Should -Match '2 pods, about'
        Get-Generation whatif | Should -Be $before
    }

    It 'gives the plan with -WhatIf' {
        $plan = Get-MeshWorkload -Namespace whatif -Outdated | Start-MeshRolloutRestart -WhatIf
        $plan.Count | Should -Be 3
        $plan.State | Sort-Object -Unique | Should -Be 'Skipped'
    }

    It 'asks with $ConfirmPreference Medium, and cannot where nobody can answer' {
        $ConfirmPreference = 'Medium'
        { Start-MeshRolloutRestart -Namespace whatif -Name deploy/web-1 -Confirm } | Should -Throw
        Get-Generation whatif | Should -Not -Match 'web-1=2'
    }
}

Describe 'What cannot be restarted' {
    It 'is an error about the workload, and the rest goes on' {
        $done = Get-MeshWorkload -Namespace paused | Start-MeshRolloutRestart -ErrorAction SilentlyContinue -ErrorVariable problems | Wait-MeshRollout -Timeout 1m
        $done.Name | Should -Be 'api'
        $problems.Count | Should -Be 1
        $problems[0].TargetObject.Name | Should -Be 'web'
        $problems[0].Exception.Message | Should -Match 'paused'
    }

    It 'is not bare pods that a pattern found, which are left alone quietly' {
        $null = Start-MeshRolloutRestart -Namespace reading -Name lone* -WhatIf -ErrorVariable problems
        $problems | Should -BeNullOrEmpty
    }

    It 'says verb, resource and namespace when the right to patch is missing' {
        $null = Start-MeshRolloutRestart -KubeConfig $env:MESHROLL_READER_KUBECONFIG -Namespace whatif -Name deploy/web-1, deploy/web-2 -ErrorAction SilentlyContinue -ErrorVariable problems
        $problems.Count | Should -Be 2
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'MeshRoll.Forbidden,*'
        $problems[0].CategoryInfo.Category | Should -Be PermissionDenied
        $problems[0].Exception.Message | Should -Match 'patch.*deployments.*whatif'
    }
}
