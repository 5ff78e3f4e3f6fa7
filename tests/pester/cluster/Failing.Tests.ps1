BeforeAll { Import-Module $env:MESHROLL_MODULE }

Describe 'A workload that does not come back' {
    BeforeAll {
        # One image is gone from the registry: its old pod runs on, a new one cannot start.
        $done = @(Get-MeshWorkload -Namespace failing -Outdated | Sort-Object Name | Start-MeshRolloutRestart -MaxConcurrent 1 -ErrorAction SilentlyContinue -ErrorVariable startProblems |
            Wait-MeshRollout -Timeout 2m -ErrorAction SilentlyContinue -ErrorVariable waitProblems)
    }

    It 'comes out as failed, with the image in words' {
        $failed = $done | Where-Object State -eq Failed
        $failed.Name | Should -Be 'web-1'
        $failed.Message | Should -Match 'gone\.example/app:1'
        $failed.Diagnosis[0].Id | Should -Be 'ImagePull'
        $failed.EndTime | Should -Not -BeNullOrEmpty
    }

    It 'is told again by a diagnosis alone, by name and by what the wait gave back' {
        $finding = Get-MeshRolloutDiagnosis -Namespace failing
        $finding.Name, $finding.Id, "$($finding.Verdict)" | Should -Be 'web-1', 'ImagePull', 'Fatal'
        ($done | Get-MeshRolloutDiagnosis).Id | Should -Be 'ImagePull'
        # A container that never ran has said nothing: nothing is read, and nothing is missed.
        $null = Get-MeshRolloutDiagnosis -Namespace failing -IncludeLog -WarningVariable warnings
        $warnings | Should -BeNullOrEmpty
    }

    It 'is a non-terminating error with the rollout as its target' {
        $problem = $waitProblems | Where-Object FullyQualifiedErrorId -like 'MeshRoll.RolloutFailed,*'
        @($problem).Count | Should -Be 1
        $problem.TargetObject.Name | Should -Be 'web-1'
        $problem.CategoryInfo.Category | Should -Be InvalidResult
        $problem.Exception.Message | Should -Match 'failing deployment/web-1 .*gone\.example/app:1'
    }

    It 'stops the walk: nothing further is started' {
        $stopped = $startProblems | Where-Object FullyQualifiedErrorId -like 'MeshRoll.WalkStopped,*'
        @($stopped).Count | Should -Be 1
        $stopped.Exception.Message | Should -Match '2 more workloads were not started'
        ($done | Where-Object State -eq Skipped).Name | Should -Be 'web-2', 'web-3'
        (Get-MeshWorkload -Namespace failing -Name web-2).OutdatedSidecars | Should -Be 1
    }

    It 'ends a script that wants to stop' {
        { Wait-MeshRollout -Namespace failing -Name deploy/web-1 -Timeout 1m -ErrorAction Stop } | Should -Throw -ErrorId 'MeshRoll.RolloutFailed,*'
    }

    It 'ends waiting with -FailFast, which says what still moves and passes it through' {
        $moving = Start-MeshRolloutRestart -Namespace slow -Name deploy/web-3
        $failed = Get-MeshRollout -Namespace failing -Name deploy/web-1
        $watch = [System.Diagnostics.Stopwatch]::StartNew()
        $out = @($moving, $failed | Wait-MeshRollout -FailFast -PassThru -Timeout 1m -ErrorAction SilentlyContinue -WarningAction SilentlyContinue -WarningVariable warnings)
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 10
        $out.Name | Should -Be 'web-1', 'web-3'
        "$warnings" | Should -Match 'slow deployment/web-3'
    }
}

Describe 'A workload that takes too long' {
    It 'comes out as not done in time, with its state and an error' {
        $rollout = Start-MeshRolloutRestart -Namespace slow -Name deploy/web-2
        $out = $rollout | Wait-MeshRollout -Timeout 2s -ErrorAction SilentlyContinue -ErrorVariable problems
        $out.State | Should -Be 'TimedOut'
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'MeshRoll.RolloutTimedOut,*'
        $problems[0].CategoryInfo.Category | Should -Be OperationTimeout
        $problems[0].TargetObject.Name | Should -Be 'web-2'
    }

    It 'can be waited for again, polling' {
        (Wait-MeshRollout -Namespace slow -Name deploy/web-2 -PollInterval 1s -Timeout 1m).State | Should -Be 'Complete'
    }
}

Describe 'A workload that is not there' {
    It 'is said to be missing, and not to have been deleted' {
        $null = Wait-MeshRollout -Namespace reading -Name deploy/nobody -Timeout 10s -ErrorAction SilentlyContinue -ErrorVariable problems
        $problems[0].Exception.Message | Should -Match 'none of that name'
    }
}
