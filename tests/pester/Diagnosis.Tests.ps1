BeforeAll {
    Import-Module $env:MESHROLL_MODULE
    $null = New-MeshSandbox Shop -VirtualTime -Connect

    # Restarts one workload and waits for what comes of it.
    function Invoke-Restart([string] $Name, [string] $Timeout = '20s', [switch] $Patient) {
        Start-MeshRolloutRestart -Namespace shop -Name $Name -Force -Strategy Rolling |
            Wait-MeshRollout -Timeout $Timeout -NoFailFastDiagnosis:$Patient -ErrorAction SilentlyContinue -ErrorVariable script:problems
    }
}

AfterAll { Remove-MeshSandbox * }

Describe 'Get-MeshRolloutDiagnosis' {
    BeforeEach { Reset-MeshSandbox -Confirm:$false }

    It 'gives nothing where nothing is wrong, and asks for workloads and pods alone' {
        $null = Get-MeshRolloutDiagnosis -Namespace shop
        Get-MeshRolloutDiagnosis -Namespace shop | Should -BeNullOrEmpty
        (Get-MeshSandboxRequest | Where-Object Resource).Resource | Sort-Object -Unique | Should -Be 'daemonsets', 'deployments', 'namespaces', 'pods', 'rollouts', 'statefulsets'
    }

    It 'gives flat findings that go down the pipeline by their properties' {
        $null = Set-MeshSandboxFault ImageMissing -Namespace shop -Workload cart
        $null = Invoke-Restart deploy/cart
        $finding = Get-MeshRolloutDiagnosis -Namespace shop -Name cart
        $finding.Cluster, $finding.Namespace, $finding.Kind, $finding.Name | Should -Be 'sandbox', 'shop', 'Deployment', 'cart'
        $finding.Id, "$($finding.Severity)", "$($finding.Verdict)" | Should -Be 'ImagePull', 'Error', 'Fatal'
        $finding.Advice, $finding.Evidence | Should -Not -BeNullOrEmpty
        $finding.Log | Should -BeNullOrEmpty
        ($finding | Get-MeshWorkload).Name | Should -Be 'cart'
        ($finding | Get-MeshRolloutDiagnosis).Id | Should -Be 'ImagePull'
        (Get-MeshWorkload -Namespace shop -Name cart | Get-MeshRolloutDiagnosis).Id | Should -Be 'ImagePull'
        (Get-MeshSidecarVersion -Namespace shop -Name cart | Get-MeshRolloutDiagnosis).Id | Should -Be 'ImagePull'
        ($finding | ConvertTo-Csv | ConvertFrom-Csv).Verdict | Should -Be 'Fatal'
    }

    It 'takes rollouts, also those that come back from a job' {
        $null = Set-MeshSandboxFault Crash -Namespace shop -Workload web -ExitCode 7
        $rollout = Invoke-Restart deploy/web
        $copy = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($rollout, 2))
        foreach ($object in $rollout, $copy) {
            $finding = $object | Get-MeshRolloutDiagnosis
            $finding.Id, $finding.ExitCode, $finding.Container | Should -Be 'CrashLoop', 7, 'app'
        }
    }

    It 'reads the last words of a container that fails, as many as wanted' {
        $null = Set-MeshSandboxFault Crash -Namespace shop -Workload web -ExitCode 7
        $null = Invoke-Restart deploy/web
        Get-MeshRolloutDiagnosis -Namespace shop -Name web -IncludeLog | ForEach-Object Log | Should -Match '(?s)starting .*\nfatal: .*exit code 7$'
        Get-MeshRolloutDiagnosis -Namespace shop -Name web -IncludeLog -Tail 1 | ForEach-Object Log | Should -Match '^fatal: .*exit code 7$'
    }

    It 'tells <Fault> as <Id>' -ForEach @(
        @{ Fault = 'ImageMissing'; Id = 'ImagePull' }, @{ Fault = 'InitContainerFailing'; Id = 'InitContainerFailed' }, @{ Fault = 'Crash'; Id = 'CrashLoop' }
        @{ Fault = 'NeverReady'; Id = 'NotReady' }, @{ Fault = 'QuotaExceeded'; Id = 'QuotaExceeded' }, @{ Fault = 'NodeFull'; Id = 'Unschedulable' }, @{ Fault = 'WebhookDown'; Id = 'InjectionFailed' }
    ) {
        $null = if ($Fault -in 'WebhookDown', 'NodeFull') { Set-MeshSandboxFault $Fault }
        elseif ($Fault -eq 'QuotaExceeded') { Set-MeshSandboxFault $Fault -Namespace shop }
        else { Set-MeshSandboxFault $Fault -Namespace shop -Workload cart }
        $rollout = Invoke-Restart deploy/cart
        $rollout.State | Should -BeIn 'Failed', 'TimedOut'
        $rollout.Diagnosis.Id | Should -Contain $Id
        (Get-MeshRolloutDiagnosis -Namespace shop -Name deploy/cart).Id | Should -Contain $Id
        @($problems)[0].Exception.Message | Should -Match ([regex]::Escape($rollout.Diagnosis[0].Advice))
    }

    It 'says which control plane is not there when an injector does not answer' {
        $null = Set-MeshSandboxFault WebhookDown
        $null = Invoke-Restart deploy/cart
        (Get-MeshRolloutDiagnosis -Namespace shop -Name deploy/cart).Message | Should -Match 'no istiod of revision \S+ is ready \(0 of \d+ pods? in namespace istio-system\)'
    }

    It 'tells a record that makes no sense as one error and goes on with the rest' {
        $null = Set-MeshSandboxFault ImageMissing -Namespace shop -Workload cart
        $null = Invoke-Restart deploy/cart
        $rows = [pscustomobject] @{ Namespace = 'shop'; Kind = 'Job'; Name = 'x' }, [pscustomobject] @{ Namespace = 'shop' }, [pscustomobject] @{ Namespace = 'shop'; Kind = 'Deployment'; Name = 'cart' }
        $found = $rows | Get-MeshRolloutDiagnosis -ErrorAction SilentlyContinue -ErrorVariable errors
        $found.Id | Should -Be 'ImagePull'
        $errors.FullyQualifiedErrorId -replace ',.*' | Should -Be 'MeshRoll.NameInvalid', 'MeshRoll.NothingNamed'
    }

    It 'says what is not there: <Command>' -ForEach @(
        @{ Command = 'Get-MeshRolloutDiagnosis -Namespace shop -Name deploy/crat'; Id = 'MeshRoll.WorkloadNotFound' }
        @{ Command = 'Get-MeshRolloutDiagnosis -Namespace shpo'; Id = 'MeshRoll.NamespaceNotFound' }
        @{ Command = 'Get-MeshRolloutDiagnosis -Namespace shop -LabelSelector "a b"'; Id = 'MeshRoll.SelectorInvalid' }
        @{ Command = 'Get-MeshRolloutDiagnosis -Namespace shop -Name "a b"'; Id = 'MeshRoll.NameInvalid' }
    ) {
        $said = try { Invoke-Expression "$Command -ErrorAction Stop" } catch { $_.FullyQualifiedErrorId }
        $said | Should -BeLike "$Id,*"
    }

    It 'shows what is wrong in a line and all of it in a list' {
        $null = Set-MeshSandboxFault Crash -Namespace shop -Workload cart -ExitCode 7
        $null = Invoke-Restart deploy/cart
        $finding = Get-MeshRolloutDiagnosis -Namespace shop -Name cart -IncludeLog
        $lines = ($finding | Out-String -Width 140) -split '\r?\n' | Where-Object { $_.Trim() }
        $lines[0] | Should -Match '^Namespace +Workload +Verdict +Id +Message'
        $lines[-1] | Should -Match '^shop +deploy/cart +Fatal +CrashLoop +container app of pod cart-'
        $list = $finding | Format-List | Out-String -Width 200
        $list | Should -Match 'Advice +: \S'
        $list | Should -Match 'ExitCode +: 7'
        $list | Should -Match 'Log +: starting'
    }

    It 'completes workloads' {
        $null = Get-MeshWorkload -Namespace shop
        $line = 'Get-MeshRolloutDiagnosis -Namespace shop -Name ca'
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Contain 'cart'
    }
}

Describe 'Wait-MeshRollout -NoFailFastDiagnosis' {
    # In real time: virtual time lets a Deployment's own deadline come at once.
    It 'waits out the time allowed where a finding would have ended it' {
        Remove-MeshSandbox * -Confirm:$false
        $null = New-MeshSandbox Shop -Connect
        $null = Set-MeshSandboxFault ImageMissing -Namespace shop -Workload cart
        $patient = Invoke-Restart deploy/cart -Timeout 15s -Patient
        $patient.State | Should -Be 'TimedOut'
        $patient.Diagnosis[0].Id, "$($patient.Diagnosis[0].Verdict)" | Should -Be 'ImagePull', 'Fatal'
        $watch = [System.Diagnostics.Stopwatch]::StartNew()
        (Wait-MeshRollout -Namespace shop -Name deploy/cart -Timeout 1m -ErrorAction SilentlyContinue).State | Should -Be 'Failed'
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 30
    }
}
