BeforeAll {
    Import-Module $env:MESHROLL_MODULE
    $sandbox = New-MeshSandbox Shop -VirtualTime -PlainHttp -Connect
    $token = [regex]::Match((Get-Content -Raw $sandbox.KubeConfigPath), 'token: ?"?([^"\s]+)').Groups[1].Value

    # The error of a command, ended or not.
    function Get-Error([scriptblock] $Command) {
        try { $null = & $Command 2>&1 | Tee-Object -Variable said } catch { return $_ }
        $said | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] } | Select-Object -First 1
    }

    # What somebody else does to a Deployment of the shop, by no code of the module's.
    function Set-Deployment([string] $Name, [hashtable] $Patch) {
        $null = Invoke-RestMethod -Method Patch -Uri "$($sandbox.Server)apis/apps/v1/namespaces/shop/deployments/$Name" -Headers @{ Authorization = "Bearer $token" } -ContentType 'application/merge-patch+json' -Body ($Patch | ConvertTo-Json -Depth 5)
    }

    function Get-Marked { (Invoke-RestMethod -Uri "$($sandbox.Server)apis/apps/v1/namespaces/shop/deployments?labelSelector=meshroll.io/run" -Headers @{ Authorization = "Bearer $token" }).items }

    # The lowest count of ready pods since the world began, as the sandbox itself counted it.
    function Get-Floor([string] $Workload) { (Get-MeshSandboxTimeline $Workload | Measure-Object Ready -Minimum).Minimum }
}

AfterAll { Remove-MeshSandbox * }

Describe 'Strategies' {
    BeforeEach { $sandbox | Reset-MeshSandbox }

    It 'Surge: one more pod first, never fewer ready than wanted, and the count is what it was' {
        $rollout = Start-MeshRolloutRestart -Namespace shop -Name deploy/checkout -Strategy Surge | Wait-MeshRollout
        $rollout.State | Should -Be 'Complete'
        $rollout.Strategy | Should -Be 'Surge'
        $rollout.RunId | Should -Not -BeNullOrEmpty
        $workload = Get-MeshWorkload -Namespace shop -Name checkout
        $workload.Replicas | Should -Be 3
        $workload.OutdatedSidecars | Should -Be 0
        Get-Floor checkout | Should -Be 3
        (Get-MeshSandboxTimeline checkout | Measure-Object Ready -Maximum).Maximum | Should -Be 4
    }

    It 'Surge of a single pod keeps it serving' {
        (Start-MeshRolloutRestart -Namespace shop -Name deploy/recommendations -Strategy Surge | Wait-MeshRollout).State | Should -Be 'Complete'
        Get-Floor recommendations | Should -Be 1
    }

    It 'Surge with an image that is gone leaves the old pods and says why' {
        $null = Set-MeshSandboxFault ImageMissing -Namespace shop -Workload checkout
        $before = (Get-MeshSidecarVersion -Namespace shop -Name checkout).Pod | Sort-Object
        $failed = Start-MeshRolloutRestart -Namespace shop -Name deploy/checkout -Strategy Surge | Wait-MeshRollout -ErrorAction SilentlyContinue -ErrorVariable said
        $failed.State | Should -Be 'Failed'
        $failed.Diagnosis.Id | Should -Contain 'ImagePull'
        ($said.FullyQualifiedErrorId -like 'MeshRoll.RolloutFailed,*').Count | Should -Be 1
        (Get-MeshSidecarVersion -Namespace shop -Name checkout).Pod | Sort-Object | Should -Be $before
        (Get-MeshWorkload -Namespace shop -Name checkout).Replicas | Should -Be 3
        Get-Floor checkout | Should -Be 3
    }

    It 'Evict: highest ordinal first, one at a time, with a pause between pods' {
        # The sandbox's time flies, the pause is the command's own.
        $clock = [System.Diagnostics.Stopwatch]::StartNew()
        $rollout = Start-MeshRolloutRestart -Namespace shop -Name sts/orders-db -Strategy Evict -PodDelay 2s | Wait-MeshRollout
        $rollout.State | Should -Be 'Complete'
        $clock.Elapsed.TotalSeconds | Should -BeGreaterThan 4
        Get-Floor orders-db | Should -Be 2
        $pods = Get-MeshSidecarVersion -Namespace shop -Name sts/orders-db | Sort-Object Pod
        $pods.Version | Select-Object -Unique | Should -Be '1.27.1'
        $pods[0].StartTime | Should -BeGreaterThan $pods[1].StartTime
        $pods[1].StartTime | Should -BeGreaterThan $pods[2].StartTime
    }

    It 'Auto takes what fits and says why' {
        $done = Get-MeshWorkload -AllNamespaces -Outdated | Start-MeshRolloutRestart -Strategy Auto -StopAfterFailures 0 -ErrorAction SilentlyContinue | Wait-MeshRollout
        $done.State | Select-Object -Unique | Should -Be 'Complete'
        $byName = $done | Group-Object Name -AsHashTable
        $byName['orders-db'].Strategy | Should -Be 'Evict'
        $byName['orders-db'].StrategyReason | Should -Match 'OnDelete'
        $byName['mailer'].Kind | Should -Be 'ReplicaSet'
        $byName['mailer'].Strategy | Should -Be 'Evict'
        $byName['web'].Strategy | Should -Be 'Rolling'
        (Get-MeshWorkload -AllNamespaces -Outdated | Where-Object Restartable).Count | Should -Be 0
    }

    It 'says in -WhatIf what it would do and why, and does nothing' {
        $null = Start-MeshRolloutRestart -Namespace shop -Name sts/orders-db -Strategy Auto -WhatIf
        (Get-MeshWorkload -Namespace shop -Name orders-db).OutdatedSidecars | Should -Be 3
    }

    It '<Name> is refused with the way out' -ForEach @(
        @{ Name = 'a surge of a StatefulSet'; Command = { Start-MeshRolloutRestart -Namespace shop -Name sts/orders-db -Strategy Surge }; Id = 'MeshRoll.SurgeUnfit'; Says = 'ordinal' }
        @{ Name = 'a surge of a DaemonSet'; Command = { Start-MeshRolloutRestart -Namespace platform -Name ds/log-agent -Strategy Surge }; Id = 'MeshRoll.SurgeUnfit'; Says = 'node' }
        @{ Name = 'a surge against an autoscaler'; Command = { Start-MeshRolloutRestart -Namespace shop -Name deploy/catalog -Strategy Surge }; Id = 'MeshRoll.AutoscalerPresent'; Says = '-IgnoreAutoscaler' }
        @{ Name = 'an eviction of the last pod'; Command = { Start-MeshRolloutRestart -Namespace shop -Name deploy/recommendations -Strategy Evict }; Id = 'MeshRoll.LastPod'; Says = '-AllowDowntime' }
        @{ Name = 'a rolling restart under OnDelete'; Command = { Start-MeshRolloutRestart -Namespace shop -Name sts/orders-db }; Id = 'MeshRoll.OnDelete'; Says = '-Strategy Evict' }
        @{ Name = 'a negative pause'; Command = { Start-MeshRolloutRestart -Namespace shop -Name deploy/web -Strategy Evict -PodDelay -5 }; Id = 'ParameterArgumentTransformationError'; Says = 'negative' }
        @{ Name = 'an unknown strategy'; Command = { Start-MeshRolloutRestart -Namespace shop -Name deploy/web -Strategy Sideways }; Id = 'ParameterArgumentValidationError'; Says = 'Rolling,Surge,Evict,Auto' }
    ) {
        $refused = Get-Error $Command
        $refused.FullyQualifiedErrorId | Should -BeLike "$Id,*"
        $refused.Exception.Message | Should -Match $Says
    }
}

Describe 'What a killed run leaves' {
    BeforeEach {
        $sandbox | Reset-MeshSandbox
        $mark = @{ run = 'feedfacecafe'; strategy = 'Surge'; by = 'ann@gone'; process = 1; since = '2026-01-01T03:00:00Z'; beat = '2026-01-01T03:00:30Z'; replicas = 3; surge = 1 } | ConvertTo-Json -Compress
        # One write, as the run makes it.
        Set-Deployment checkout @{ metadata = @{ labels = @{ 'meshroll.io/run' = 'feedfacecafe' }; annotations = @{ 'meshroll.io/run' = $mark } }; spec = @{ replicas = 4 } }
    }

    It 'is named by -WhatIf and taken back by Repair-MeshWorkload, once' {
        $would = Repair-MeshWorkload -Namespace shop -WhatIf
        $would.Repaired | Should -BeFalse
        (Get-MeshWorkload -Namespace shop -Name checkout).Replicas | Should -Be 4

        $repaired = Repair-MeshWorkload -Namespace shop
        $repaired.Name | Should -Be 'checkout'
        $repaired.Repaired | Should -BeTrue
        $repaired.RestoredReplicas | Should -Be 3
        $repaired.By | Should -Be 'ann@gone'
        (Get-MeshWorkload -Namespace shop -Name checkout).Replicas | Should -Be 3
        Get-Marked | Should -BeNullOrEmpty
        Repair-MeshWorkload -AllNamespaces | Should -BeNullOrEmpty
    }

    It 'is finished by another restart' {
        (Start-MeshRolloutRestart -Namespace shop -Name deploy/checkout -Strategy Auto | Wait-MeshRollout).State | Should -Be 'Complete'
        $workload = Get-MeshWorkload -Namespace shop -Name checkout
        $workload.Replicas | Should -Be 3
        $workload.OutdatedSidecars | Should -Be 0
        Get-Marked | Should -BeNullOrEmpty
    }

    It 'stays while its run may live, unless forced' {
        $now = [datetime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ssZ')
        $fresh = @{ run = 'feedfacecafe'; strategy = 'Surge'; by = 'ann@elsewhere'; process = 1; since = $now; beat = $now; replicas = 3; surge = 1 } | ConvertTo-Json -Compress
        Set-Deployment checkout @{ metadata = @{ annotations = @{ 'meshroll.io/run' = $fresh } } }
        $refused = Get-Error { Repair-MeshWorkload -Namespace shop }
        $refused.FullyQualifiedErrorId | Should -BeLike 'MeshRoll.WorkloadTaken,*'
        $refused.Exception.Message | Should -Match 'ann@elsewhere'
        (Get-Error { Start-MeshRolloutRestart -Namespace shop -Name deploy/checkout -Strategy Evict }).FullyQualifiedErrorId | Should -BeLike 'MeshRoll.WorkloadTaken,*'
        (Repair-MeshWorkload -Namespace shop -Force).RestoredReplicas | Should -Be 3
    }

    It 'is not guessed at when it cannot be read' {
        Set-Deployment checkout @{ metadata = @{ annotations = @{ 'meshroll.io/run' = 'nonsense' } } }
        (Get-Error { Repair-MeshWorkload -Namespace shop }).FullyQualifiedErrorId | Should -BeLike 'MeshRoll.MarkUnreadable,*'
        (Get-Error { Start-MeshRolloutRestart -Namespace shop -Name deploy/checkout }).FullyQualifiedErrorId | Should -BeLike 'MeshRoll.MarkUnreadable,*'
        $repaired = Repair-MeshWorkload -Namespace shop -Force
        $repaired.Repaired | Should -BeTrue
        $repaired.RestoredReplicas | Should -BeNullOrEmpty
    }
}
