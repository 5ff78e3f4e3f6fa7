BeforeAll {
    Import-Module $env:MESHROLL_MODULE
    $pwsh = (Get-Process -Id $PID).Path

    # Runs text in a pwsh of its own, where nothing is loaded yet.
    function Invoke-Fresh([string] $Script) { & $pwsh -NoProfile -NonInteractive -Command $Script 2>&1 | ForEach-Object { "$_" } }

    # The error of a command, ended or not.
    function Get-Error([scriptblock] $Command) {
        try { $null = & $Command 2>&1 | Tee-Object -Variable said } catch { return $_ }
        $said | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] } | Select-Object -First 1
    }

    function Test-Port([int] $Port) {
        $client = [System.Net.Sockets.TcpClient]::new()
        try { $client.Connect('127.0.0.1', $Port); $true } catch { $false } finally { $client.Dispose() }
    }

    function Set-Scenario([string] $Text) {
        $path = Join-Path $TestDrive "$([guid]::NewGuid()).yaml"
        Set-Content -LiteralPath $path $Text
        $path
    }
}

AfterAll { Remove-MeshSandbox * }

Describe 'A sandbox' {
    AfterEach { Remove-MeshSandbox * }

    It 'says where it is, in an object that survives a job' {
        $sandbox = New-MeshSandbox Minimal
        $sandbox.Name | Should -Be 'sandbox'
        $sandbox.Scenario | Should -Be 'Minimal'
        $sandbox.Server | Should -Be "https://127.0.0.1:$($sandbox.Port)/"
        $sandbox.KubeConfigPath | Should -Exist
        $sandbox.StartTime | Should -BeOfType DateTimeOffset

        $copy = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($sandbox))
        ($copy | Get-MeshSandboxTimeline).Count | Should -BeGreaterThan 0
        ($copy | Connect-MeshCluster).Name | Should -Be 'sandbox'
        ($copy | Out-String) | Should -Be ($sandbox | Out-String)
    }

    It 'is used without further words after -Connect, and by name' {
        $null = New-MeshSandbox Minimal -Name blue -Connect
        $null = New-MeshSandbox Empty -Name green
        (Get-MeshWorkload -AllNamespaces).Cluster | Sort-Object -Unique | Should -Be 'blue'
        (Connect-MeshCluster -Sandbox green).Version | Should -Match '^v1\.\d+'
        Get-MeshWorkload -AllNamespaces | Should -BeNullOrEmpty
        (Get-MeshSandbox).Name | Should -Be 'green', 'blue'
        (Get-MeshSandbox b*).Name | Should -Be 'blue'
    }

    It 'is taken as the first argument, as object and as name' {
        $sandbox = New-MeshSandbox Minimal -Name blue
        $null = New-MeshSandbox Minimal -Name green
        (Connect-MeshCluster $sandbox).Name | Should -Be 'blue'
        Remove-MeshSandbox $sandbox
        (Get-MeshSandbox).Name | Should -Be 'green'
        Remove-MeshSandbox green
        Get-MeshSandbox | Should -BeNullOrEmpty
    }

    It 'is there for whoever has its kubeconfig' {
        $sandbox = New-MeshSandbox Minimal
        (Get-MeshWorkload -KubeConfig $sandbox.KubeConfigPath).Name | Should -Be 'web'
    }

    It 'answers nobody without its token' {
        $sandbox = New-MeshSandbox Minimal
        { Invoke-RestMethod "$($sandbox.Server)api/v1/pods" -SkipCertificateCheck } | Should -Throw '*401*'
    }

    It 'speaks plain HTTP when told to' {
        $sandbox = New-MeshSandbox Minimal -PlainHttp -Connect
        $sandbox.Server | Should -BeLike 'http:*'
        (Get-MeshWorkload).Name | Should -Be 'web'
    }

    It 'takes the name that is free, and refuses one that is not' {
        (New-MeshSandbox Empty).Name | Should -Be 'sandbox'
        (New-MeshSandbox Empty).Name | Should -Be 'sandbox-2'
        $e = Get-Error { New-MeshSandbox Empty -Name Sandbox }
        $e.FullyQualifiedErrorId | Should -BeLike 'MeshRoll.SandboxExists,*'
        (Get-MeshSandbox).Count | Should -Be 2
    }

    It 'says that a port is in use' {
        $port = (New-MeshSandbox Empty).Port
        $e = Get-Error { New-MeshSandbox Empty -Port $port }
        $e.FullyQualifiedErrorId | Should -BeLike 'MeshRoll.SandboxPortInUse,*'
        $e.Exception.Message | Should -Match $port
        (Get-MeshSandbox).Name | Should -Be 'sandbox'
    }

    It 'is not started by -WhatIf' {
        New-MeshSandbox Empty -WhatIf
        Get-MeshSandbox | Should -BeNullOrEmpty
    }

    It 'is gone when it was removed: port, folder and connections' {
        $sandbox = New-MeshSandbox Minimal -Connect
        $other = New-MeshSandbox Empty -Connect
        $sandbox | Remove-MeshSandbox
        Test-Port $sandbox.Port | Should -BeFalse
        Split-Path $sandbox.KubeConfigPath | Should -Not -Exist
        (Get-MeshCluster).Name | Should -Be $other.Name
        (Get-MeshSandbox).Name | Should -Be $other.Name
    }

    It 'is removed once; the second time is an error, and the next one is removed all the same' {
        $sandbox = New-MeshSandbox Empty
        $next = New-MeshSandbox Empty
        Remove-MeshSandbox $sandbox.Name
        $said = $sandbox, $next | Remove-MeshSandbox -ErrorAction Continue 2>&1
        $said.FullyQualifiedErrorId | Should -BeLike 'MeshRoll.SandboxNotFound,*'
        Get-MeshSandbox | Should -BeNullOrEmpty
        (Get-Error { Get-MeshSandboxTimeline -Sandbox $sandbox }).FullyQualifiedErrorId | Should -BeLike 'MeshRoll.SandboxNotFound,*'
        (Get-Error { Connect-MeshCluster -Sandbox $sandbox }).FullyQualifiedErrorId | Should -BeLike 'MeshRoll.SandboxNotFound,*'
    }

    It 'begins anew where it is named, given or piped, or alone' {
        $sandbox = New-MeshSandbox Minimal -Connect
        foreach ($begin in { Reset-MeshSandbox }, { Reset-MeshSandbox $sandbox }, { Reset-MeshSandbox sandbox }, { $sandbox | Reset-MeshSandbox }) {
            Get-MeshWorkload | Start-MeshRolloutRestart -Force -Confirm:$false | Wait-MeshRollout | Out-Null
            (Get-MeshWorkload).OutdatedSidecars | Should -Be 0
            & $begin
            (Get-MeshWorkload).OutdatedSidecars | Should -Be 2
        }
    }

    It 'is reached from a parallel branch' {
        $sandbox = New-MeshSandbox Minimal
        $module = $env:MESHROLL_MODULE
        1..2 | ForEach-Object -Parallel {
            Import-Module $using:module
            $null = Connect-MeshCluster -Sandbox $using:sandbox
            $requests = @($using:sandbox | Get-MeshSandboxRequest)
            "$((Get-MeshWorkload).Name), asked $($requests.Count -gt 0)"
        } | Should -Be 'web, asked True', 'web, asked True'
    }
}

Describe 'The main job on a sandbox' {
    BeforeAll { $sandbox = New-MeshSandbox Shop -VirtualTime -Connect }
    BeforeEach { $sandbox | Reset-MeshSandbox }
    AfterAll { $sandbox | Remove-MeshSandbox }

    It 'replaces every old sidecar that can be replaced in place' {
        $rollouts = Get-MeshWorkload -AllNamespaces -Outdated | Where-Object { $_.Restartable -and $_.UpdateStrategy -ne 'OnDelete' } | Start-MeshRolloutRestart -MaxConcurrent 3 | Wait-MeshRollout
        $rollouts.Count | Should -BeGreaterOrEqual 10
        $rollouts.State | Sort-Object -Unique | Should -Be 'Complete'
        Get-MeshWorkload -AllNamespaces -Outdated | Where-Object { $_.Restartable -and $_.UpdateStrategy -ne 'OnDelete' } | Should -BeNullOrEmpty
    }

    It 'keeps every workload served, as the timeline tells' {
        Get-MeshWorkload -Namespace shop -Kind Deployment -Outdated | Start-MeshRolloutRestart | Wait-MeshRollout | ForEach-Object {
            $entries = Get-MeshSandboxTimeline $_.Name -Namespace shop -Kind Deployment
            ($entries | Measure-Object Old -Maximum).Maximum | Should -BeGreaterThan 0
            $entries[-1].Old | Should -Be 0
            $entries[-1].New | Should -Be $entries[-1].Desired
            ($entries | Measure-Object Ready -Minimum).Minimum | Should -BeGreaterOrEqual ([Math]::Max(1, $entries[0].Desired - 1))
        }
    }

    It 'notes what was asked of it, and forgets it when told to' {
        Get-MeshSandboxRequest -Clear | Out-Null
        $null = Start-MeshRolloutRestart -Namespace shop -Name deploy/web -Force
        $patches = @(Get-MeshSandboxRequest -Verb patch -Resource deployments -Namespace shop)
        $patches.Count | Should -Be 1
        $patches[0].Name | Should -Be 'web'
        $patches[0].Status | Should -Be 200
        $patches[0].UserAgent | Should -Match '^meshroll/'
        Get-MeshSandboxRequest -Verb create, delete | Should -BeNullOrEmpty
        $null = Get-MeshSandboxRequest -Clear
        Get-MeshSandboxRequest | Should -BeNullOrEmpty
    }

    It 'changes nothing with -WhatIf' {
        $null = Get-MeshSandboxRequest -Clear
        Get-MeshWorkload -AllNamespaces -Outdated | Start-MeshRolloutRestart -WhatIf -ErrorAction Ignore
        Get-MeshSandboxRequest -Verb patch, update, create, delete | Should -BeNullOrEmpty
    }

    It 'begins anew behind the same connection' {
        $before = Get-MeshWorkload -AllNamespaces | ForEach-Object { "$($_.Namespace) $($_.Kind) $($_.Name) $($_.Versions)" } | Sort-Object
        Set-MeshSandboxFault NeverReady | Out-Null
        $null = Start-MeshRolloutRestart -Namespace shop -Name deploy/web -Force
        Reset-MeshSandbox
        Get-MeshWorkload -AllNamespaces | ForEach-Object { "$($_.Namespace) $($_.Kind) $($_.Name) $($_.Versions)" } | Sort-Object | Should -Be $before
        (Get-MeshSandboxTimeline web).Count | Should -Be 1
    }
}

Describe 'Faults in the cluster' {
    # Fast, but not virtual: what is said first depends on who sees it first.
    BeforeAll { $sandbox = New-MeshSandbox Minimal -TimeScale 120 -Connect }
    BeforeEach { $sandbox | Reset-MeshSandbox }
    AfterAll { $sandbox | Remove-MeshSandbox }

    It '<Kind> makes a restart fail, with the reason, and healed it comes back' -ForEach @(
        @{ Kind = 'ImageMissing'; More = @{}; Said = 'image' }
        @{ Kind = 'InitContainerFailing'; More = @{}; Said = 'init' }
        @{ Kind = 'NeverReady'; More = @{}; Said = 'progress' }
        @{ Kind = 'Crash'; More = @{ After = 0; ExitCode = 3 }; Said = 'CrashLoopBackOff|exit' }
        @{ Kind = 'QuotaExceeded'; More = @{ Namespace = 'default' }; Said = 'quota' }
        @{ Kind = 'NodeFull'; More = @{}; Said = 'progress' }
        @{ Kind = 'WebhookDown'; More = @{}; Said = 'webhook' }
    ) {
        $fault = Set-MeshSandboxFault $Kind @More
        $fault.Kind | Should -BeLike "$Kind*"
        $fault.Sandbox | Should -Be $sandbox.Name
        $failed = Start-MeshRolloutRestart -Name web | Wait-MeshRollout -Timeout 10m -ErrorAction SilentlyContinue
        $failed.State | Should -Be 'Failed'
        $failed.Message | Should -Match $Said
        (Get-MeshSandboxTimeline web | Measure-Object Ready -Minimum).Minimum | Should -BeGreaterOrEqual 1

        Set-MeshSandboxFault -Remove $fault.Name
        (Start-MeshRolloutRestart -Name web -Force | Wait-MeshRollout -Timeout 10m).State | Should -Be 'Complete'
    }

    It 'Slow makes it take longer' {
        $null = Set-MeshSandboxFault Slow -After 2m -Workload Deployment/web
        (Start-MeshRolloutRestart -Name web | Wait-MeshRollout).State | Should -Be 'Complete'
        $times = (Get-MeshSandboxTimeline web).Time
        ($times[-1] - $times[0]).TotalMinutes | Should -BeGreaterThan 2
    }

    It 'AutoscalerFights holds the replicas' {
        $fault = Set-MeshSandboxFault AutoscalerFights -Namespace default -Workload web
        $fault.Target | Should -Be 'workload web in default'
        (Start-MeshRolloutRestart -Name web | Wait-MeshRollout).State | Should -Be 'Complete'
        (Get-MeshWorkload -Name web).Replicas | Should -Be 2
    }

    It 'says what is missing in a fault that makes no sense' {
        (Get-Error { Set-MeshSandboxFault Slow }).FullyQualifiedErrorId | Should -BeLike 'MeshRoll.SandboxFaultInvalid,*'
        (Get-Error { Set-MeshSandboxFault QuotaExceeded }).Exception.Message | Should -Match 'namespace'
        (Get-Error { Set-MeshSandboxFault Earthquake }).Exception.Message | Should -Match 'ImageMissing'
    }
}

Describe 'Faults on the wire' {
    BeforeAll { $sandbox = New-MeshSandbox Minimal -VirtualTime -Connect }
    BeforeEach { $sandbox | Reset-MeshSandbox }
    AfterAll { $sandbox | Remove-MeshSandbox }

    It '<Name> is overcome by a restart, and stands in the requests by its name' -ForEach @(
        @{ Name = 'a throttled patch'; Fault = @{ Throttle = $true; Verb = 'patch'; Count = 2 }; Status = 429 }
        @{ Name = 'an error of the server'; Fault = @{ StatusCode = 503; Verb = 'list'; Resource = 'pods'; Count = 1; RetryAfter = 1 }; Status = 503 }
        @{ Name = 'a cut connection'; Fault = @{ Cut = $true; Verb = 'list'; Count = 1 }; Status = $null }
        @{ Name = 'a watch that expires'; Fault = @{ ExpireWatch = $true; Count = 1 }; Status = $null }
        @{ Name = 'latency'; Fault = @{ Latency = '20ms'; Count = 3 }; Status = $null }
    ) {
        $null = Set-MeshSandboxFault @Fault -Name trouble
        (Start-MeshRolloutRestart -Name web | Wait-MeshRollout -Timeout 1m).State | Should -Be 'Complete'
        $hit = @(Get-MeshSandboxRequest | Where-Object Fault -eq trouble)
        $hit.Count | Should -Be $Fault.Count
        if ($Status) { $hit.Status | Should -Be (@($Status) * $Fault.Count) }
    }

    It 'a refusal is told' {
        $null = Set-MeshSandboxFault -StatusCode 403 -Message 'not today' -Resource pods
        (Get-Error { Get-MeshSidecarVersion }).Exception.Message | Should -Match 'not today'
    }

    It 'goes away by name, with wildcards, or all at once' {
        $null = Set-MeshSandboxFault -StatusCode 500 -Name one
        $null = Set-MeshSandboxFault NeverReady -Name two
        Set-MeshSandboxFault -Remove on*
        (Get-MeshWorkload).Name | Should -Be 'web'
        $e = Get-Error { Set-MeshSandboxFault -Remove one }
        $e.FullyQualifiedErrorId | Should -BeLike 'MeshRoll.SandboxFaultNotFound,*'
        $e.Exception.Message | Should -Match 'two'
        Set-MeshSandboxFault -Clear
        (Get-Error { Set-MeshSandboxFault -Remove two }).Exception.Message | Should -Match 'no other one'
    }
}

Describe 'Scenarios' {
    AfterEach { Remove-MeshSandbox * }

    It 'come from a file' {
        $path = Set-Scenario @'
namespaces:
- name: shop
  workloads:
  - { name: web, replicas: 3 }
'@
        $null = New-MeshSandbox $path -Connect
        (Get-MeshSandboxTimeline).Desired | Should -Be 3
        Remove-MeshSandbox *
        Push-Location (Split-Path $path)
        try { (New-MeshSandbox "./$(Split-Path $path -Leaf)").Scenario | Should -Be ([System.IO.Path]::GetFileNameWithoutExtension($path)) } finally { Pop-Location }
        Remove-MeshSandbox *
        (New-MeshSandbox (Get-Item $path)).Scenario | Should -Be ([System.IO.Path]::GetFileNameWithoutExtension($path))
    }

    It 'come from a hashtable, whatever PowerShell wraps around its values' {
        $null = New-MeshSandbox -Scenario ([ordered]@{
                nodes      = 1 | Write-Output
                namespaces = @('one', 'two' | ForEach-Object { @{ name = $_; workloads = @('web' | ForEach-Object { [pscustomobject]@{ name = $_; replicas = 2 } }) } })
            })
        (Get-MeshSandboxTimeline).Namespace | Sort-Object | Should -Be 'one', 'two'
    }

    It 'that are wrong are told with file, line, key and what is allowed, all at once' {
        $path = Set-Scenario @'
namespaces:
- name: shop
  workloads:
  - { name: web, replicaz: 3 }
  - { name: web }
  - { name: api, paused: perhaps }
'@
        $e = Get-Error { New-MeshSandbox $path }
        $e.FullyQualifiedErrorId | Should -BeLike 'MeshRoll.SandboxScenarioInvalid,*'
        $e.CategoryInfo.Category | Should -Be InvalidData
        $e.Exception.Message | Should -Match ([regex]::Escape($path))
        $e.Exception.Message | Should -Match 'line 4.*replicaz'
        $e.Exception.Message | Should -Match 'replicas'
        $e.Exception.Message | Should -Match "'web'.*already"
        $e.Exception.Message | Should -Match 'line 6.*paused'
        Get-MeshSandbox | Should -BeNullOrEmpty
    }

    It 'that are not there are told, with a near one' {
        $e = Get-Error { New-MeshSandbox Shopp }
        $e.FullyQualifiedErrorId | Should -BeLike 'MeshRoll.SandboxScenarioNotFound,*'
        $e.CategoryInfo.Category | Should -Be ObjectNotFound
        $e.Exception.Message | Should -Match 'Shop'
        (Get-Error { New-MeshSandbox ./no-such.yaml }).FullyQualifiedErrorId | Should -BeLike 'MeshRoll.SandboxScenarioNotFound,*'
        (Get-Error { New-MeshSandbox Shop -Workloads 5 }).FullyQualifiedErrorId | Should -BeLike 'MeshRoll.SandboxSizeInvalid,*'
        (Get-Error { New-MeshSandbox -Scenario 5 }).Exception.Message | Should -Match 'hashtable'
    }

    It 'may be large' {
        $null = New-MeshSandbox Large -Workloads 50 -PodsPerWorkload 4 -Connect
        @(Get-MeshSidecarVersion -AllNamespaces).Count | Should -Be 200
    }
}

Describe 'Nothing is left behind' {
    It 'when <How>' -ForEach @(
        @{ How = 'the script ends'; End = '' }
        @{ How = 'the script says exit'; End = 'exit 3' }
        @{ How = 'the script fails'; End = 'throw "no"' }
        @{ How = 'the module is removed'; End = 'Remove-Module MeshRoll' }
        @{ How = 'the runspace is closed'; End = '$null' }
    ) {
        $begin = if ($How -eq 'the runspace is closed') {
            '$shell = [powershell]::Create(); $path = $shell.AddScript("Import-Module ''$env:MESHROLL_MODULE''; (New-MeshSandbox Minimal).KubeConfigPath").Invoke(); $shell.Runspace.Close()'
        }
        else { 'Import-Module $env:MESHROLL_MODULE; $path = (New-MeshSandbox Minimal -Connect).KubeConfigPath' }
        $said = @(Invoke-Fresh "$begin; `$path; $End")
        $said[0] | Should -Match 'meshroll-sandbox-'
        Split-Path $said[0] | Should -Not -Exist
    }

    It 'when the process is asked to end' -Skip:$IsWindows {
        $path = Join-Path $TestDrive 'asked'
        $process = Start-Process $pwsh -PassThru -ArgumentList '-NoProfile', '-NonInteractive', '-Command', "Import-Module '$env:MESHROLL_MODULE'; (New-MeshSandbox Minimal).KubeConfigPath | Set-Content '$path.new'; Move-Item '$path.new' '$path'; Start-Sleep 60"
        for ($i = 0; $i -lt 300 -and -not (Test-Path $path); $i++) { Start-Sleep -Milliseconds 100 }
        $kubeConfig = Get-Content $path
        $kubeConfig | Should -Exist
        & /bin/kill -TERM $process.Id
        $process.WaitForExit(20000) | Should -BeTrue
        Split-Path $kubeConfig | Should -Not -Exist
    }

    It 'for long when the process is killed: the next sandbox clears it away' {
        $path = Join-Path $TestDrive 'killed'
        $process = Start-Process $pwsh -PassThru -ArgumentList '-NoProfile', '-NonInteractive', '-Command', "Import-Module '$env:MESHROLL_MODULE'; (New-MeshSandbox Minimal).KubeConfigPath | Set-Content '$path.new'; Move-Item '$path.new' '$path'; Start-Sleep 60"
        for ($i = 0; $i -lt 300 -and -not (Test-Path $path); $i++) { Start-Sleep -Milliseconds 100 }
        $process.Kill()
        $process.WaitForExit()
        $folder = Split-Path (Get-Content $path)
        Remove-MeshSandbox (New-MeshSandbox Empty).Name
        $folder | Should -Not -Exist
    }

    It 'and nothing is loaded before it is needed' {
        Invoke-Fresh @'
            Import-Module $env:MESHROLL_MODULE
            $null = Get-Command -Module MeshRoll
            $null = Get-MeshCluster
            try { Get-MeshWorkload -KubeConfig /nonexistent } catch { }
            Remove-Module MeshRoll
            [AppDomain]::CurrentDomain.GetAssemblies().GetName().Name -match '^MeshRoll|YamlDotNet'
'@ | Sort-Object | Should -Not -Contain 'MeshRoll.Sandbox'
    }
}

Describe 'Completion' {
    BeforeAll {
        function Get-Completion([string] $Line) { (TabExpansion2 $Line $Line.Length).CompletionMatches.CompletionText }
        $null = New-MeshSandbox Empty -Name blue
    }
    AfterAll { Remove-MeshSandbox blue }

    It 'offers scenarios, sandboxes, faults, verbs and resources' {
        Get-Completion 'New-MeshSandbox ' | Should -Be 'Shop', 'Minimal', 'Empty', 'Large'
        Get-Completion 'New-MeshSandbox mi' | Should -Be 'Minimal'
        Get-Completion 'Connect-MeshCluster -Sandbox ' | Should -Be 'blue'
        Get-Completion 'Remove-MeshSandbox b' | Should -Be 'blue'
        Get-Completion 'Set-MeshSandboxFault Ima' | Should -Be 'ImageMissing'
        Get-Completion 'Get-MeshSandboxRequest -Verb pa' | Should -Be 'patch'
        Get-Completion 'Set-MeshSandboxFault -Cut -Resource dep' | Should -Be 'deployments'
    }
}

Describe 'Views' {
    BeforeAll { $null = New-MeshSandbox Minimal -Connect }
    AfterAll { Remove-MeshSandbox * }

    It 'show a line for each, in 120 columns' {
        $null = Get-MeshWorkload
        $fault = Set-MeshSandboxFault -StatusCode 503 -Resource pods -Count 2
        (Get-MeshSandbox | Out-String -Width 120) | Should -Match 'sandbox +Minimal +https://127\.0\.0\.1:\d+/'
        ($fault | Out-String -Width 120) | Should -Match 'wire-1 +sandbox +Status 503 +pods +1 +2'
        (Get-MeshSandboxTimeline | Out-String -Width 120) | Should -Match '\d\d:\d\d:\d\d\.\d{3} +default +deploy/web +2 +2 +0 +2 +0'
        (Get-MeshSandboxRequest -Verb list | Out-String -Width 120) | Should -Match 'list +200 +[\d.]+ +/api'
        Get-MeshSandboxRequest | Out-String -Width 120 | ForEach-Object { $_ -split '\r?\n' } | Where-Object Length -gt 120 | Should -BeNullOrEmpty
    }
}
