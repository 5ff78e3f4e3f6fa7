# What is left alone, and when a walk is held back.
BeforeAll {
    Import-Module $env:MESHROLL_MODULE

    # Somebody else's hand on the cluster, past MeshRoll.
    function Set-NodeReady([string] $Node, [string] $Ready) {
        $token = (Select-String -Path $sandbox.KubeConfigPath -Pattern 'token: "?([^"\s]+)').Matches[0].Groups[1].Value
        $body = @{ status = @{ conditions = @(@{ type = 'Ready'; status = $Ready; reason = 'Test' }) } } | ConvertTo-Json -Depth 5
        $null = Invoke-RestMethod "$($sandbox.Server)api/v1/nodes/$Node/status" -Method Patch -Body $body `
            -ContentType 'application/strategic-merge-patch+json' -Headers @{ Authorization = "Bearer $token" }
    }

    $scenario = @{
        nodes      = 3
        mesh       = @{ revisions = @(@{ version = '1.27.1'; earlierVersions = @('1.26.4') }) }
        namespaces = @(
            @{
                name = 'shop'; injection = 'enabled'
                workloads = @(
                    @{ name = 'cart'; sidecar = '1.26.4'; readyAfter = '3s' }
                    @{ name = 'web'; replicas = 3; maxSurge = '3'; sidecar = '1.26.4' }
                    @{ name = 'search'; sidecar = '1.26.4'; annotations = @{ 'meshroll.io/restart' = 'manual' } }
                    @{ name = 'ledger'; sidecar = '1.26.4'; annotations = @{ 'meshroll.io/restart' = 'never'; 'meshroll.io/restart-reason' = 'ask Ada' } }
                    @{ name = 'odd'; sidecar = '1.26.4'; annotations = @{ 'meshroll.io/restart' = 'maybe' } }
                )
            }
            @{
                name = 'bank'; injection = 'enabled'; annotations = @{ 'meshroll.io/restart' = 'manual'; 'meshroll.io/restart-reason' = 'call first' }
                workloads = @(@{ name = 'core'; sidecar = '1.26.4' })
            }
        )
    }
}

Describe 'Leaving workloads alone' {
    BeforeAll { $sandbox = New-MeshSandbox -Name left -VirtualTime -Connect -Scenario $scenario }
    AfterAll { $sandbox | Remove-MeshSandbox }
    BeforeEach { $sandbox | Reset-MeshSandbox }

    It 'skips what is excluded, and what its owner or namespace wants left alone, and says why' {
        $rollouts = Get-MeshWorkload -AllNamespaces -Outdated | Start-MeshRolloutRestart -Exclude 'c?rt', sts
        $skipped = $rollouts | Where-Object State -EQ Skipped | Group-Object Name -AsHashTable
        ($rollouts | Where-Object State -NE Skipped).Name | Should -Be 'web'
        $skipped.cart.Message | Should -Be 'excluded by c?rt'
        $skipped.ledger.Message | Should -Be 'it has the annotation meshroll.io/restart: never: ask Ada'
        $skipped.search.Message | Should -BeLike '*manual; name it without wildcards to restart it'
        $skipped.odd.Message | Should -BeLike '*"maybe", which is neither never nor manual and is taken as never'
        $skipped.core.Message | Should -BeLike 'namespace bank has the annotation meshroll.io/restart: manual: call first;*'
    }

    It 'restarts what says manual when it is named, and what says never not even then' {
        $rollouts = Start-MeshRolloutRestart -Namespace shop -Name search, deploy/ledger -Force
        ($rollouts | Where-Object State -NE Skipped).Name | Should -Be 'search'
        ($rollouts | Where-Object State -EQ Skipped).Name | Should -Be 'ledger'
    }

    It 'takes workloads from the pipe as named with -Force' {
        $names = (Get-MeshWorkload -AllNamespaces | Start-MeshRolloutRestart -Force | Where-Object State -NE Skipped).Name
        $names | Sort-Object | Should -Be 'cart', 'core', 'search', 'web'
    }

    It 'does not take a pattern for a name' {
        (Start-MeshRolloutRestart -Namespace shop -Name 'sear*' -Force).State | Should -Be 'Skipped'
    }

    It 'restarts nothing when an exclusion is no name' {
        { Get-MeshWorkload -Namespace shop | Start-MeshRolloutRestart -Exclude 'we b' -ErrorAction Stop } | Should -Throw -ErrorId 'MeshRoll.NameInvalid*'
        Get-MeshSandboxRequest -Verb patch | Should -BeNullOrEmpty
    }
}

Describe 'Limits' {
    BeforeAll { $sandbox = New-MeshSandbox -Name limits -VirtualTime -Connect -Scenario $scenario }
    AfterAll { $sandbox | Remove-MeshSandbox }
    BeforeEach { $sandbox | Reset-MeshSandbox }

    It 'lets a workload that is too big for the limit go alone, and says so' {
        # Three pods more at once.
        Get-MeshWorkload -Namespace shop -Name web, cart -Outdated |
            Start-MeshRolloutRestart -MaxConcurrent 0 -MaxPodsInTransition 2 -WarningVariable said -WarningAction SilentlyContinue |
            Wait-MeshRollout | ForEach-Object State | Should -Be 'Complete', 'Complete'
        $said[-1] | Should -Be 'shop deployment/web moves 3 pods at a time, more than the 2 allowed in transition: it is restarted now, while nothing else moves.'
    }

    It 'refuses <Parameter> <Value>' -ForEach @(
        @{ Parameter = 'MaxPodsInTransition'; Value = -1 }, @{ Parameter = 'MaxNotReadyNodes'; Value = -1 }, @{ Parameter = 'MaxPendingPods'; Value = -1 }, @{ Parameter = 'HoldTimeout'; Value = '-1s' }
    ) {
        $given = @{ $Parameter = $Value }
        { Start-MeshRolloutRestart -Namespace shop -Name web @given } | Should -Throw
    }
}

Describe 'A cluster that is unwell' {
    BeforeAll { $sandbox = New-MeshSandbox -Name unwell -PlainHttp -Connect -Scenario $scenario }
    AfterAll { $sandbox | Remove-MeshSandbox }
    BeforeEach {
        $sandbox | Reset-MeshSandbox
        $chosen = Get-MeshWorkload -Namespace shop -Name cart, web -Outdated | Sort-Object Name
    }

    It 'stops when nodes stay lost, and names what was not started' {
        $rollouts = $chosen | Start-MeshRolloutRestart -MaxConcurrent 1 -HoldTimeout 3s -WarningVariable said -WarningAction SilentlyContinue -ErrorVariable failed -ErrorAction SilentlyContinue |
            ForEach-Object { if ($_.Name -eq 'cart') { Set-NodeReady node-2 Unknown }; $_ }
        $failed.FullyQualifiedErrorId | Should -Be 'MeshRoll.WalkStopped,MeshRoll.Commands.StartMeshRolloutRestartCommand'
        $failed.Exception.Message | Should -Be 'Restarting stopped: held back for 3 s: node node-2 has become NotReady. One more workload was not started.'
        ($rollouts | Where-Object Name -EQ web).Message | Should -Be 'not started: held back for 3 s: node node-2 has become NotReady'
        $said[0] | Should -BeLike 'Held back: node node-2 has become NotReady.*after 3 s restarting stops.'
    }

    It 'goes on all the same with -IgnoreClusterHealth or -MaxNotReadyNodes' -ForEach @(@{ Given = @{ IgnoreClusterHealth = $true } }, @{ Given = @{ MaxNotReadyNodes = 1 } }) {
        $rollouts = $chosen | Start-MeshRolloutRestart -MaxConcurrent 1 @Given |
            ForEach-Object { if ($_.Name -eq 'cart') { Set-NodeReady node-2 Unknown }; $_ } | Wait-MeshRollout
        $rollouts.State | Should -Be 'Complete', 'Complete'
    }
}
