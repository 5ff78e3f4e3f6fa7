BeforeAll {
    Import-Module $env:MESHROLL_MODULE
    $sandbox = New-MeshSandbox -VirtualTime -PlainHttp -Connect -Scenario @{
        startup    = @{ ready = '1s'; stop = '1s' }
        mesh       = @{ revisions = @(@{ version = '1.27.1'; earlierVersions = @('1.26.4') }) }
        namespaces = @(
            @{
                name      = 'shop'
                injection = 'enabled'
                workloads = @(
                    @{ name = 'fine'; replicas = 2; preStop = '2s'; image = 'hub.example/fine:1'; service = $true }
                    @{ name = 'bare'; replicas = 2; readinessProbe = $false; image = 'hub.example/bare:1'; service = $true }
                    @{ name = 'tight'; replicas = 2; image = 'hub.example/tight:1'; disruptionBudget = @{ minAvailable = 2 } }
                    @{ name = 'only'; kind = 'StatefulSet'; replicas = 1; image = 'hub.example/only:1' }
                    @{ name = 'once'; kind = 'Job'; image = 'hub.example/once:1' }
                )
            }
            @{ name = 'calm'; workloads = @(@{ name = 'tool'; replicas = 2; preStop = '2s'; image = 'hub.example/tool:1' }) }
        )
    }
    $token = [regex]::Match((Get-Content -Raw $sandbox.KubeConfigPath), 'token: ?"?([^"\s]+)').Groups[1].Value

    function Invoke-Api([string] $Method, [string] $Path, [string] $Body, [string] $Type) {
        Invoke-RestMethod -Method $Method -Uri "$($sandbox.Server)$Path" -Headers @{ Authorization = "Bearer $token" } -ContentType $Type -Body $Body
    }

    function Get-Ids($Name) { (Get-MeshRolloutReadiness -Namespace shop -Name $Name | Where-Object Checked).Id }
}

AfterAll { Remove-MeshSandbox * }

Describe 'Get-MeshRolloutReadiness' {
    BeforeEach { $sandbox | Reset-MeshSandbox; $null = Connect-MeshCluster -Sandbox $sandbox -Name admin }

    It 'finds <Id> where it is, and not where it is not' -ForEach @(
        @{ Id = 'NoReadinessProbe'; On = 'deploy/bare' }
        @{ Id = 'BudgetAllowsNothing'; On = 'deploy/tight' }
        @{ Id = 'OneReplica'; On = 'sts/only' }
        @{ Id = 'NoDrain'; On = 'deploy/bare' }
    ) {
        Get-Ids $On | Should -Contain $Id
        Get-Ids deploy/fine | Should -Not -Contain $Id
    }

    It 'tells what is seen, why it hurts, and a patch that the server takes' {
        $finding = Get-MeshRolloutReadiness -Namespace shop -Name deploy/bare -Rule NoDrain
        $finding.Seen | Should -Match 'preStop'
        $finding.Why | Should -Match '\.$'
        $finding.FixCommand | Should -BeLike 'kubectl patch deployment bare -n shop*--dry-run=server*'
        $patch = [regex]::Match($finding.FixCommand, "-p '(.+)' --dry-run").Groups[1].Value
        $null = Invoke-Api Patch 'apis/apps/v1/namespaces/shop/deployments/bare' $patch 'application/strategic-merge-patch+json'
        Get-Ids deploy/bare | Should -Not -Contain 'NoDrain'
    }

    It 'every patch of the namespace mends what it is for' {
        $findings = Get-MeshRolloutReadiness -Namespace shop | Where-Object { $_.FixCommand -like 'kubectl patch deployment*' -and $_.Id -ne 'NoReadinessProbe' }
        $findings.Count | Should -BeGreaterThan 2
        foreach ($finding in $findings) {
            $patch = [regex]::Match($finding.FixCommand, "-p '(.+)' --dry-run").Groups[1].Value
            $null = Invoke-Api Patch "apis/apps/v1/namespaces/shop/deployments/$($finding.Name)" $patch 'application/strategic-merge-patch+json'
            Get-MeshRolloutReadiness -Namespace shop -Name "deploy/$($finding.Name)" -Rule $finding.Id | Should -BeNullOrEmpty -Because "$($finding.Id) of $($finding.Name)"
        }
    }

    It 'names jobs that keep their proxy, and budgets for nobody' {
        (Get-MeshRolloutReadiness -Namespace shop -Rule JobKeepsProxy).Name | Should -Be 'once'
        $null = Invoke-Api Post 'apis/policy/v1/namespaces/shop/poddisruptionbudgets' '{"metadata":{"name":"nobody"},"spec":{"maxUnavailable":1,"selector":{"matchLabels":{"app":"gone"}}}}' 'application/json'
        (Get-MeshRolloutReadiness -Namespace shop -Rule BudgetSelectsNothing).Name | Should -Be 'nobody'
    }

    It 'a quota without room, and two budgets on one pod' {
        $null = Invoke-Api Post 'apis/policy/v1/namespaces/shop/poddisruptionbudgets' '{"metadata":{"name":"second"},"spec":{"maxUnavailable":1,"selector":{"matchLabels":{"app":"tight"}}}}' 'application/json'
        Get-Ids deploy/tight | Should -Contain 'TwoBudgets'
        $null = Set-MeshSandboxFault QuotaExceeded -Namespace shop
        Get-Ids deploy/fine | Should -Contain 'QuotaTooSmall'
    }

    It 'rights that are missing are told, once for each namespace and rule' {
        $null = Connect-MeshCluster -Sandbox $sandbox -AsUser nobody -Name other
        Get-MeshRolloutReadiness -Namespace shop -ErrorAction SilentlyContinue -ErrorVariable said -WarningAction SilentlyContinue | Should -BeNullOrEmpty
        $said.FullyQualifiedErrorId | Should -Match 'Forbidden'
        $role = '{"metadata":{"name":"few"},"rules":[{"apiGroups":["apps","argoproj.io"],"resources":["*"],"verbs":["list"]}]}'
        $null = Invoke-Api Post 'apis/rbac.authorization.k8s.io/v1/namespaces/shop/roles' $role 'application/json'
        $null = Invoke-Api Post 'apis/rbac.authorization.k8s.io/v1/namespaces/shop/rolebindings' '{"metadata":{"name":"few"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"few"},"subjects":[{"kind":"User","name":"nobody"}]}' 'application/json'
        $blind = Get-MeshRolloutReadiness -Namespace shop -WarningAction SilentlyContinue | Where-Object { -not $_.Checked }
        $blind.Id | Should -Contain 'BudgetAllowsNothing'
        ($blind | Where-Object Id -EQ BudgetAllowsNothing).Seen | Should -Match 'no right to list poddisruptionbudgets'
        $blind | Group-Object Id, Seen | Where-Object Count -GT 1 | Should -BeNullOrEmpty
        Test-MeshRolloutReadiness -Namespace shop -Rule TwoBudgets -WarningAction SilentlyContinue | Should -BeFalse
        Test-MeshRolloutReadiness -Namespace shop -Rule TwoBudgets -IgnoreUnchecked -WarningAction SilentlyContinue | Should -BeTrue
    }

    It 'takes workloads from the pipe, rules by wildcard, and leaves out what is accepted' {
        $ids = (Get-MeshWorkload -Namespace shop | Where-Object Name -EQ bare | Get-MeshRolloutReadiness).Name | Select-Object -Unique
        $ids | Should -Be 'bare'
        (Get-MeshRolloutReadiness -Namespace shop -Rule No*).Id | Where-Object { $_ -notlike 'No*' } | Should -BeNullOrEmpty
        (Get-MeshRolloutReadiness -Namespace shop -ExcludeRule NoDrain).Id | Should -Not -Contain 'NoDrain'
        (Get-MeshRolloutReadiness -Namespace shop -Severity Error).Severity | Select-Object -Unique | Should -Be 'Error'
    }

    It 'refuses a rule that does not exist, and completes those that do' {
        { Get-MeshRolloutReadiness -Namespace shop -Rule NoReadynessProbe } | Should -Throw -ErrorId 'MeshRoll.RuleUnknown*'
        (TabExpansion2 'Get-MeshRolloutReadiness -Rule Recr' 35).CompletionMatches.CompletionText | Should -Be 'Recreate'
    }

    It 'changes nothing' {
        $null = Get-MeshSandboxRequest -Clear
        $null = Get-MeshRolloutReadiness -AllNamespaces -IncludeNodeRoom
        Get-MeshSandboxRequest -Verb patch, update, create, delete | Should -BeNullOrEmpty
        (Get-MeshSandboxRequest -Resource secrets).Count | Should -BeLessOrEqual 1
    }
}

Describe 'Repair-MeshRolloutReadiness' {
    BeforeEach { $sandbox | Reset-MeshSandbox; $null = Connect-MeshCluster -Sandbox $sandbox -Name admin; $token = [regex]::Match((Get-Content -Raw $sandbox.KubeConfigPath), 'token: ?"?([^"\s]+)').Groups[1].Value }

    It '-WhatIf shows each field before and after, and changes nothing' {
        $null = Get-MeshSandboxRequest -Clear
        $said = Get-MeshRolloutReadiness -Namespace shop -Name deploy/bare -Rule NoDrain, ProxyNotAwaited | Repair-MeshRolloutReadiness -WhatIf
        $said.State | Should -Be 'Proposed'
        $said.Rules | Should -Be 'NoDrain', 'ProxyNotAwaited'
        $said.Changes[0].Field | Should -Be 'spec.template.spec.containers[app].lifecycle'
        $said.Changes[0].Before | Should -BeNullOrEmpty
        $said.Changes[0].After | Should -Match '"sleep","10"'
        $said.MakesNewPods | Should -BeTrue
        $said.UndoCommand | Should -Be ''
        Get-Ids deploy/bare | Should -Contain 'NoDrain'
        # Tried by the server, once, and stored by none.
        (Get-MeshSandboxRequest -Verb patch).Query | Should -BeLike '*dryRun=All*'
        (Invoke-Api Get 'apis/apps/v1/namespaces/shop/deployments/bare' '' 'application/json').metadata.generation | Should -Be 1
    }

    It 'mends what was piped in with one patch for each object, and -Undo takes it back' {
        $before = (Invoke-Api Get 'apis/apps/v1/namespaces/shop/deployments/bare' '' 'application/json').spec | ConvertTo-Json -Depth 20
        $done = Get-MeshRolloutReadiness -Namespace shop -Name deploy/bare -Rule NoDrain, ProxyNotAwaited | Repair-MeshRolloutReadiness -Confirm:$false
        $done.State | Should -Be 'Repaired'
        (Invoke-Api Get 'apis/apps/v1/namespaces/shop/deployments/bare' '' 'application/json').metadata.generation | Should -Be 2
        Get-Ids deploy/bare | Should -Not -Contain 'NoDrain'
        ($done | Repair-MeshRolloutReadiness -Undo -Confirm:$false).State | Should -Be 'Undone'
        (Invoke-Api Get 'apis/apps/v1/namespaces/shop/deployments/bare' '' 'application/json').spec | ConvertTo-Json -Depth 20 | Should -Be $before
    }

    It 'gives the way back as a patch that the server takes' {
        $done = Get-MeshRolloutReadiness -Namespace shop -Name deploy/bare -Rule NoDrain | Repair-MeshRolloutReadiness -Confirm:$false
        $patch = [regex]::Match($done.UndoCommand, "^kubectl patch deployment bare -n shop --type strategic -p '(.+)'$").Groups[1].Value
        $null = Invoke-Api Patch 'apis/apps/v1/namespaces/shop/deployments/bare' $patch 'application/strategic-merge-patch+json'
        Get-Ids deploy/bare | Should -Contain 'NoDrain'
    }

    It 'leaves alone what no patch mends, and what only the owner knows without -AllowGuess' {
        $left = Get-MeshRolloutReadiness -Namespace shop -Rule NoReadinessProbe, JobKeepsProxy, OneReplica | Repair-MeshRolloutReadiness -Confirm:$false
        $left.State | Select-Object -Unique | Should -Be 'Skipped'
        ($left | Where-Object Kind -EQ Job).Reason | Should -BeLike 'no patch can mend it. Let the job end it*'
        ($left | Where-Object Kind -EQ StatefulSet).Reason | Should -BeLike 'Only where two of it may run at the same time*-AllowGuess*'
        ($left | Where-Object Kind -EQ Deployment).Reason | Should -BeLike 'The path /ready * is a guess*-AllowGuess*'
        (Get-MeshRolloutReadiness -Namespace shop -Name deploy/bare -Rule NoReadinessProbe | Repair-MeshRolloutReadiness -AllowGuess -Confirm:$false).State | Should -Be 'Repaired'
        Get-Ids deploy/bare | Should -Not -Contain 'NoReadinessProbe'
    }

    It 'refuses what somebody else has changed since, by name' {
        $found = Get-MeshRolloutReadiness -Namespace shop -Name deploy/bare -Rule NoDrain
        $null = Invoke-Api Patch 'apis/apps/v1/namespaces/shop/deployments/bare' '{"spec":{"template":{"spec":{"containers":[{"name":"app","lifecycle":{"preStop":{"exec":{"command":["sleep","3"]}}}}]}}}}' 'application/strategic-merge-patch+json'
        $found | Repair-MeshRolloutReadiness -Confirm:$false -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'MeshRoll.FindingOutdated*'
        "$($problem[0])" | Should -BeLike '*shop deployment/bare was changed by somebody else since*'
    }

    It 'gives up where the object never rests, and goes on with the others' {
        $found = Get-MeshRolloutReadiness -Namespace shop -Name deploy/bare, deploy/tight -Rule NoDrain, ProxyNotAwaited
        $null = Set-MeshSandboxFault -StatusCode 409 -Verb patch -Resource deployments.apps -ObjectName bare
        $null = Get-MeshSandboxRequest -Clear
        $done = $found | Repair-MeshRolloutReadiness -Confirm:$false -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'MeshRoll.FindingOutdated*'
        "$($problem[0])" | Should -BeLike '*shop deployment/bare is being changed by others all the time (5 attempts): nothing was done*'
        $done.Name, $done.State | Should -Be 'tight', 'Repaired'
        @(Get-MeshSandboxRequest -Verb patch | Where-Object Name -EQ bare).Count | Should -Be 5
        Set-MeshSandboxFault -Clear
    }

    It 'names the right that is missing' {
        $found = Get-MeshRolloutReadiness -Namespace shop -Name deploy/bare -Rule NoDrain
        $null = Set-MeshSandboxFault -StatusCode 403 -Verb patch -Resource deployments.apps
        $found | Repair-MeshRolloutReadiness -Confirm:$false -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problem[0].CategoryInfo.Category | Should -Be 'PermissionDenied'
        Set-MeshSandboxFault -Clear
    }

    It 'makes no new pods under a restart that is at work' {
        $found = Get-MeshRolloutReadiness -Namespace shop -Name deploy/bare -Rule NoDrain
        $null = Invoke-Api Patch 'apis/apps/v1/namespaces/shop/deployments/bare' '{"metadata":{"labels":{"meshroll.io/run":"other"}}}' 'application/merge-patch+json'
        $left = $found | Repair-MeshRolloutReadiness -Confirm:$false
        $left.State | Should -Be 'Skipped'
        $left.Reason | Should -BeLike 'a restart is at work on it, or was cut off*'
    }

    It 'warns where a GitOps tool will put it back' {
        $null = Invoke-Api Patch 'apis/apps/v1/namespaces/shop/deployments/bare' '{"metadata":{"annotations":{"argocd.argoproj.io/tracking-id":"shop:apps/Deployment:shop/bare"}}}' 'application/merge-patch+json'
        $done = Get-MeshRolloutReadiness -Namespace shop -Name deploy/bare -Rule NoDrain | Repair-MeshRolloutReadiness -Confirm:$false -WarningVariable said -WarningAction SilentlyContinue
        "$said" | Should -BeLike '*is kept by Argo CD shop, which puts back what is changed here*'
        $done.KeptBy | Should -Be 'Argo CD shop'
    }
}

Describe 'Test-MeshRolloutReadiness' {
    It 'is one bool, with a bar' {
        $null = Connect-MeshCluster -Sandbox $sandbox -Name admin
        $answer = Test-MeshRolloutReadiness -Namespace calm
        $answer | Should -BeOfType bool
        $answer | Should -BeTrue
        Test-MeshRolloutReadiness -Namespace shop | Should -BeFalse
        Test-MeshRolloutReadiness -Namespace shop -Name deploy/tight | Should -BeTrue
        Test-MeshRolloutReadiness -Namespace shop -Name deploy/tight -Severity Warning | Should -BeFalse
        Test-MeshRolloutReadiness -Namespace nowhere -ErrorAction SilentlyContinue | Should -BeFalse
    }
}
