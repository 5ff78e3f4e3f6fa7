# Plans: made, reviewed, tested, carried out, cut off and taken up again.
BeforeAll {
    Import-Module $env:MESHROLL_MODULE
    $plans = Join-Path ([IO.Path]::GetTempPath()) "meshroll-plans-$([guid]::NewGuid())"
    $null = New-Item -ItemType Directory $plans
    $sandbox = New-MeshSandbox Shop -VirtualTime -Connect
}

AfterAll {
    $sandbox | Remove-MeshSandbox
    Remove-Item -Recurse $plans
}

Describe 'Making plans' {
    It 'writes what was piped in as waves, and reads the same back' {
        $plan = Get-MeshWorkload -Namespace shop, payments -Outdated | New-MeshRolloutPlan -CanaryCount 2 -GroupBy Namespace `
            -Window 'Mon-Fri 22:00-05:00 Europe/Berlin' -Freeze '2026-12-24 Europe/Berlin (Christmas)' -Soak 5m -Path $plans/made.yaml
        $plan.Waves.Name | Should -Be 'canary', 'payments', 'shop'
        $plan.Waves[0].Workloads.Count | Should -Be 2
        $plan.Findings.Id | Should -Contain 'NotRestartable'
        $read = Get-MeshRolloutPlan $plans/made.yaml
        $read.Id | Should -Be $plan.Id
        $read.Windows | ForEach-Object ToString | Should -Be 'Mon-Fri 22:00-05:00 Europe/Berlin'
        "$($read.Waves)" | Should -Be "$($plan.Waves)"
    }

    It 'writes nothing with -WhatIf, and leaves a file alone with -NoClobber' {
        (New-MeshRolloutPlan -Namespace shop -Path $plans/none.yaml -WhatIf).Workloads | Should -BeGreaterThan 0
        Test-Path $plans/none.yaml | Should -BeFalse
        Set-Content $plans/there.yaml 'mine'
        { New-MeshRolloutPlan -Namespace shop -Path $plans/there.yaml -NoClobber } | Should -Throw -ErrorId 'MeshRoll.PlanInaccessible*'
        Get-Content $plans/there.yaml | Should -Be 'mine'
    }

    It 'gives the canaries windows of their own' {
        $plan = New-MeshRolloutPlan -Namespace shop -CanaryCount 1 -CanaryWindow 'Mon-Fri 10:00-15:00 Europe/Berlin' -Window 'daily 22:00-05:00' -Path $plans/canary.yaml
        $read = Get-MeshRolloutPlan $plans/canary.yaml
        "$($read.Waves[0].Windows)" | Should -Be 'Mon-Fri 10:00-15:00 Europe/Berlin'
        $read.Waves[1].Windows.Count | Should -Be 0
        "$($read.Waves)" | Should -Be "$($plan.Waves)"
        { New-MeshRolloutPlan -Namespace shop -CanaryWindow 'Someday' } | Should -Throw -ErrorId 'MeshRoll.WindowInvalid*'
    }

    It 'refuses a window that never opens and a time zone that does not exist' {
        { New-MeshRolloutPlan -Namespace shop -Window 'Mon 22:00-22:00' } | Should -Throw '*never opens*' -ErrorId 'MeshRoll.WindowInvalid*'
        { New-MeshRolloutPlan -Namespace shop -Window 'Mon 22:00-23:00 Europe/Berln' } | Should -Throw '*Did you mean Europe/Berlin?*' -ErrorId 'MeshRoll.ZoneUnknown*'
    }
}

Describe 'Readiness in plans' {
    BeforeAll { $token = [regex]::Match((Get-Content -Raw $sandbox.KubeConfigPath), 'token: ?"?([^"\s]+)').Groups[1].Value }

    It 'stands in the plan and its file as Get-MeshRolloutReadiness tells it, one entry for each rule' {
        $plan = New-MeshRolloutPlan -Namespace shop -Path $plans/ready.yaml
        $found = $plan.Waves.Workloads | ForEach-Object { Get-MeshRolloutReadiness -Namespace $_.Namespace -Name "$($_.Kind)/$($_.Name)" -Severity Warning }
        foreach ($entry in $plan.Readiness) {
            $same = $found | Where-Object { $_.Id -eq $entry.Id -and $_.Severity -eq $entry.Severity }
            $entry.Count | Should -Be ($same | Select-Object Namespace, Kind, Name -Unique).Count
            $entry.Why | Should -Be $same[0].Why
            $entry.Workloads.Count | Should -BeLessOrEqual 10
        }
        ($found | Select-Object Id, Severity -Unique).Count | Should -Be $plan.Readiness.Count
        $plan.Readiness.Count | Should -BeGreaterThan 1
        "$((Get-MeshRolloutPlan $plans/ready.yaml).Readiness)" | Should -Be "$($plan.Readiness)"
    }

    It 'is left out with -SkipReadiness, and the preflight asks nothing then' {
        $null = Get-MeshSandboxRequest -Clear
        $plan = New-MeshRolloutPlan -Namespace shop -SkipReadiness -Path $plans/unread.yaml
        $plan.Readiness | Should -BeNullOrEmpty
        Get-Content -Raw $plans/unread.yaml | Should -Not -Match 'readiness'
        Get-MeshSandboxRequest -Resource services, poddisruptionbudgets, resourcequotas | Should -BeNullOrEmpty
    }

    It 'costs lists, whatever the number of workloads' {
        $null = Get-MeshSandboxRequest -Clear
        $null = New-MeshRolloutPlan -Namespace shop -SkipReadiness
        $without = (Get-MeshSandboxRequest -Clear).Count
        $plan = New-MeshRolloutPlan -Namespace shop
        ((Get-MeshSandboxRequest).Count - $without) | Should -BeLessOrEqual 22
        $plan.Workloads | Should -BeGreaterThan 5
    }

    It 'tells what is worse or better since' {
        $null = New-MeshRolloutPlan -Namespace shop -Path $plans/since.yaml
        $patch = '{"spec":{"strategy":{"type":"Recreate","rollingUpdate":null},"template":{"spec":{"containers":[{"name":"app","lifecycle":{"preStop":{"exec":{"command":["sleep","10"]}}}}]}}}}'
        Invoke-RestMethod -Method Patch -Uri "$($sandbox.Server)/apis/apps/v1/namespaces/shop/deployments/search" -Headers @{ Authorization = "Bearer $token" } -SkipCertificateCheck -ContentType 'application/strategic-merge-patch+json' -Body $patch | Out-Null
        $differences = (Get-MeshRolloutPlan $plans/since.yaml -Compare).Differences
        ($differences | Where-Object Id -EQ ReadinessWorse).Message | Should -Contain 'Recreate (Error) is new of shop/deployment/search'
        ($differences | Where-Object Id -EQ ReadinessBetter).Message | Should -Contain 'NoDrain (Warning) is gone from shop/deployment/search'
        Test-MeshRolloutPlan $plans/since.yaml | Should -BeTrue
        Test-MeshRolloutPlan $plans/since.yaml -Severity Warning -WarningAction SilentlyContinue | Should -BeFalse
        $sandbox | Reset-MeshSandbox
    }

    It 'fails no plan where rights are missing, and says what was not checked' {
        $admin = Connect-MeshCluster -Sandbox $sandbox -Name admin
        $role = Get-MeshPermission New-MeshRolloutPlan -Cluster $admin -Namespace shop -AsRole -BindTo user:planner
        foreach ($document in $role -split '(?m)^---\n' | Where-Object { $_ -match '(?m)^kind: ' }) {
            $plural = "$([regex]::Match($document, '(?m)^kind: (\w+)').Groups[1].Value.ToLowerInvariant())s"
            $place = [regex]::Match($document, '(?m)^metadata:\n  name: .+\n  namespace: (.+)$')
            $uri = "$($sandbox.Server)/apis/rbac.authorization.k8s.io/v1/$(if ($place.Success) { "namespaces/$($place.Groups[1].Value)/" })$plural"
            $token = [regex]::Match((Get-Content -Raw $sandbox.KubeConfigPath), 'token: ?"?([^"\s]+)').Groups[1].Value
            $null = Invoke-RestMethod -Method Post -Uri $uri -Headers @{ Authorization = "Bearer $token" } -SkipCertificateCheck -ContentType application/yaml -Body $document
        }
        $planner = Connect-MeshCluster -Sandbox $sandbox -AsUser planner -Name planner
        $plan = New-MeshRolloutPlan -Cluster $planner -Namespace shop -Path $plans/blind.yaml -ErrorVariable problem
        $problem | Should -BeNullOrEmpty
        $plan.Workloads | Should -BeGreaterThan 5
        ($plan.Readiness | Where-Object Id -EQ TwoBudgets).NotChecked | Should -Be 'no right to list poddisruptionbudgets.policy in shop'
        ((Get-MeshRolloutPlan $plans/blind.yaml).Readiness | Where-Object NotChecked).Count | Should -Be ($plan.Readiness | Where-Object NotChecked).Count
    }

    AfterAll {
        $sandbox | Reset-MeshSandbox
        $null = Connect-MeshCluster -Sandbox $sandbox
    }
}

Describe 'Testing plans' {
    BeforeAll { $null = New-MeshRolloutPlan -Namespace shop -Path $plans/test.yaml }

    It 'finds a fresh plan fit, from the file and from the pipe' {
        Test-MeshRolloutPlan $plans/test.yaml | Should -BeTrue
        Get-MeshRolloutPlan $plans/test.yaml | Test-MeshRolloutPlan -Severity Warning | Should -BeTrue
        Get-ChildItem $plans/test.yaml | Test-MeshRolloutPlan | Should -BeTrue
    }

    It 'says what has vanished' {
        (Get-Content $plans/test.yaml) -replace 'shop/deployment/web', 'shop/deployment/gone' | Set-Content $plans/gone.yaml
        Test-MeshRolloutPlan $plans/gone.yaml -WarningVariable said -WarningAction SilentlyContinue | Should -BeFalse
        "$said" | Should -BeLike 'shop/deployment/gone is not there any more*'
        (Get-MeshRolloutPlan $plans/gone.yaml -Compare).Differences.Id | Should -Be 'WorkloadVanished'
    }

    It 'names file, line and what is allowed for <Name>' -TestCases @(
        @{ Name = 'an unknown field'; Was = 'generation:'; Becomes = 'generatoin:'; Says = "*line *: 'generatoin' is not a field of a workload. Did you mean generation?*" }
        @{ Name = 'a newer form'; Was = 'meshroll.io/v1'; Becomes = 'meshroll.io/v9'; Says = '*line 3: its form is meshroll.io/v9*' }
        @{ Name = 'overlapping waves'; Was = 'shop/deployment/web'; Becomes = 'shop/deployment/cart'; Says = '*shop/deployment/cart stands in the wave*twice*' }
        @{ Name = 'a wrong indent'; Was = '  name: plan'; Becomes = '   name: plan'; Says = '*line *not valid YAML*' }
    ) {
        (Get-Content $plans/test.yaml) -replace $Was, $Becomes | Set-Content $plans/bad.yaml
        Test-MeshRolloutPlan $plans/bad.yaml -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeFalse
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'MeshRoll.PlanInvalid*'
        "$($problem[0])" | Should -BeLike $Says
    }
}

Describe 'Carrying plans out' {
    BeforeEach {
        $sandbox | Reset-MeshSandbox
        Get-ChildItem $plans/run.* | Remove-Item
        $null = New-MeshRolloutPlan -Namespace shop, payments -GroupBy Namespace -CanaryCount 1 -Path $plans/run.yaml
    }

    It 'does nothing with -WhatIf' {
        Start-MeshRolloutPlan $plans/run.yaml -WhatIf | Should -BeNullOrEmpty
        Test-Path $plans/run.journal.jsonl | Should -BeFalse
        (Get-MeshRolloutRun $plans/run.yaml).Status | Should -Be 'NotStarted'
    }

    It 'restarts wave after wave and asks the gate in between' {
        $asked = [System.Collections.Generic.List[string]]::new()
        $run = Start-MeshRolloutPlan $plans/run.yaml -Gate { $asked.Add($_.Next.Name); $true }
        $run.Status | Should -Be 'Completed'
        $run.Done | Should -Be $run.Workloads
        $asked | Should -Be 'payments', 'shop'
        (Get-MeshRolloutRun $plans/run.yaml).Details.Starts | Sort-Object -Unique | Should -Be 1
        Get-MeshWorkload -Namespace shop, payments -Outdated | Where-Object Restartable | Should -BeNullOrEmpty
    }

    It 'stops at a gate that stays closed, and goes on when it is resumed' {
        $run = Start-MeshRolloutPlan $plans/run.yaml -Gate { 'no' -eq 'yes' } -GateTimeout 1s -GateInterval 200ms -ErrorVariable problem -ErrorAction SilentlyContinue
        $run.Status, $run.Done | Should -Be 'Stopped', 1
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'MeshRoll.RunStopped*'
        { Start-MeshRolloutPlan $plans/run.yaml -ErrorAction Stop } | Should -Throw -ErrorId 'MeshRoll.RunExists*'
        $run = Get-MeshRolloutRun $plans/run.yaml | Resume-MeshRolloutRun
        $run.Status, $run.Done | Should -Be 'Completed', $run.Workloads
        { Resume-MeshRolloutRun $plans/run.yaml -ErrorAction Stop } | Should -Throw -ErrorId 'MeshRoll.RunCompleted*'
    }

    It 'reads a journal that was cut off and tells so' {
        $null = Start-MeshRolloutPlan $plans/run.yaml
        $whole = [IO.File]::ReadAllText("$plans/run.journal.jsonl")
        [IO.File]::WriteAllText("$plans/run.journal.jsonl", "hello`n" + $whole.Substring(0, $whole.Length - 40))
        $run = Get-MeshRolloutRun $plans/run.yaml
        $run.Remarks.Count | Should -Be 2
        $run.Remarks[1] | Should -BeLike '*has no end: it was read up to the last whole entry*'
        (Resume-MeshRolloutRun $plans/run.yaml -WarningAction SilentlyContinue).Status | Should -Be 'Completed'
    }

    It 'goes on by what the cluster says where the journal is lost' {
        $null = Start-MeshRolloutPlan $plans/run.yaml
        Remove-Item $plans/run.journal.jsonl
        $run = Start-MeshRolloutPlan $plans/run.yaml
        # What the controllers are not quite done with is followed; the rest is skipped.
        $run.Status, ($run.Skipped + $run.Done) | Should -Be 'Completed', $run.Workloads
        $run.Skipped | Should -BeGreaterThan 5
    }

    It 'waits for a run until its time is over' {
        { Wait-MeshRolloutRun $plans/run.yaml -Timeout 0 -ErrorAction Stop } | Should -Throw -ErrorId 'MeshRoll.RunTimedOut*'
        $null = Start-MeshRolloutPlan $plans/run.yaml
        (Wait-MeshRolloutRun $plans/run.yaml -Timeout 1m).Status | Should -Be 'Completed'
    }

    It 'tells that nobody is there to be suspended or stopped' {
        { Suspend-MeshRolloutRun $plans/run.yaml -ErrorAction Stop } | Should -Throw -ErrorId 'MeshRoll.RunNotFound*'
        { Stop-MeshRolloutRun $plans/run.yaml -ErrorAction Stop } | Should -Throw -ErrorId 'MeshRoll.RunNotFound*'
    }

    It 'refuses half a gate' {
        { Start-MeshRolloutPlan $plans/run.yaml -Query up } | Should -Throw -ErrorId 'MeshRoll.GateInvalid*'
    }
}

Describe 'A run in another process' {
    BeforeAll {
        # Time passes as on the wall, five times as fast: somebody is to come in between.
        $slow = New-MeshSandbox Shop -TimeScale 5 -Connect
        $null = New-MeshRolloutPlan -Namespace shop -MaxConcurrent 1 -Delay 2s -Path $plans/other.yaml
        $script = "Import-Module '$env:MESHROLL_MODULE'; `$null = Connect-MeshCluster -KubeConfig '$($slow.KubeConfigPath)';"
        $told = "$plans/other.out"
        $started = [System.Collections.Generic.List[System.Diagnostics.Process]]::new()

        # Starts a command in a pwsh of its own, whose output goes to a file; -EncodedCommand needs no quoting on any system.
        function Start-Elsewhere([string] $Command) {
            $encoded = [Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes("$script $Command"))
            $process = Start-Process (Get-Process -Id $PID).Path '-NoProfile', '-NonInteractive', '-EncodedCommand', $encoded -RedirectStandardOutput $told -RedirectStandardError "$told.err" -PassThru
            $started.Add($process)
            $process
        }

        # Waits until the journal tells so much, three quarters of a minute at most.
        function Wait-Until([scriptblock] $IsSo) {
            $until = [DateTime]::UtcNow.AddSeconds(45)
            while (-not (& $IsSo)) {
                if ([DateTime]::UtcNow -gt $until) { throw "It did not come to that: $(Get-MeshRolloutRun $plans/other.yaml | Out-String) $(Get-Content $told, "$told.err" -ErrorAction Ignore | Out-String)" }
                Start-Sleep -Milliseconds 100
            }
        }
    }

    AfterAll {
        $started | Where-Object HasExited -EQ $false | Stop-Process -Force
        $slow | Remove-MeshSandbox
    }

    It 'is watched, suspended, resumed, stopped and taken up again from this one' {
        $other = Start-Elsewhere "Start-MeshRolloutPlan '$plans/other.yaml' | ForEach-Object Status"
        Wait-Until { (Get-MeshRolloutRun $plans/other.yaml).Done -ge 1 }
        (Get-MeshRolloutRun $plans/other.yaml).By | Should -BeLike "*/$($other.Id)/*"

        Suspend-MeshRolloutRun $plans/other.yaml
        Wait-Until { (Get-MeshRolloutRun $plans/other.yaml).Status -eq 'Suspended' }
        $suspended = Get-MeshRolloutRun $plans/other.yaml
        $suspended.Message | Should -BeLike 'suspended by *'
        $suspended.Moving | Should -Be 0

        (Resume-MeshRolloutRun $plans/other.yaml).Message | Should -BeLike "*/$($other.Id)/* was told to go on"
        Wait-Until { (Get-MeshRolloutRun $plans/other.yaml).Status -eq 'Running' }

        Stop-MeshRolloutRun $plans/other.yaml
        $stopped = Wait-MeshRolloutRun $plans/other.yaml -Timeout 1m -ErrorAction SilentlyContinue
        $stopped.Status | Should -Be 'Stopped'
        $other.WaitForExit(30000) | Should -BeTrue
        Get-Content $told | Should -Contain 'Stopped'
        "$(Get-Content "$told.err" -Raw)" | Should -BeLike '*stopped by *'

        $next = Start-Elsewhere "Resume-MeshRolloutRun '$plans/other.yaml' | ForEach-Object Status"
        Wait-Until { (Get-MeshRolloutRun $plans/other.yaml).Status -eq 'Running' }
        $done = Wait-MeshRolloutRun $plans/other.yaml -Timeout 2m
        $done.Status, $done.Done, $done.Failed | Should -Be 'Completed', $done.Workloads, 0
        $done.Details.Starts | Sort-Object -Unique | Should -Be 1
        $next.WaitForExit(30000) | Should -BeTrue
    }

    It 'is taken over at once when its process was killed' {
        Reset-MeshSandbox $slow
        $null = New-MeshRolloutPlan -Namespace shop -MaxConcurrent 1 -Delay 2s -Path $plans/other.yaml
        Remove-Item $plans/other.journal.jsonl -ErrorAction Ignore
        $other = Start-Elsewhere "Start-MeshRolloutPlan '$plans/other.yaml'"
        Wait-Until { (Get-MeshRolloutRun $plans/other.yaml).Done -ge 1 }
        Stop-Process -Id $other.Id -Force
        $other.WaitForExit()

        $run = Resume-MeshRolloutRun $plans/other.yaml -WarningVariable said
        $run.Status, $run.Done | Should -Be 'Completed', $run.Workloads
        "$said" | Should -Not -BeLike '*waiting until it has ended*'
        $run.Details.Starts | Sort-Object -Unique | Should -Be 1
    }
}
