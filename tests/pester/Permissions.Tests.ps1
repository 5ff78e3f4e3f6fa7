BeforeDiscovery {
    # How each command is used, so that it asks for everything its rows name. A use is a hashtable: Do, with the features it needs (For), what somebody else
    # does before (First), and Namespace or All as the rights are asked for. $on is the connection of the user who has nothing but the printed role.
    $uses = @(
        @{ Cmdlet = 'Connect-MeshCluster'; Uses = @(
                @{ Do = { Connect-MeshCluster -Sandbox $sandbox -AsUser tester -Name again } }) }
        @{ Cmdlet = 'Get-MeshSidecarVersion'; Uses = @(
                @{ Do = { Get-MeshSidecarVersion -Cluster $on -Namespace shop } }
                @{ Do = { Get-MeshSidecarVersion -Cluster $on -Namespace shop }; First = { Hide-InjectorLabel } }
                @{ Do = { Get-MeshSidecarVersion -Cluster $on -AllNamespaces }; All = $true }
                @{ Do = { Get-MeshSidecarVersion -Cluster $on -Namespace sh* }; Namespace = 'sh*' }
                @{ Do = { Get-MeshSidecarVersion -Cluster $on -Namespace shop -Name idle, web }; For = 'Search'; First = { Edit-Workload deployments idle @{ spec = @{ replicas = 0 } } } }
                @{ Do = { Get-MeshSidecarVersion -Cluster $on -Namespace shop -Name nobody }; For = 'Search'; Fails = $true }) }
        @{ Cmdlet = 'Get-MeshWorkload'; Uses = @(
                @{ Do = { Get-MeshWorkload -Cluster $on -Namespace shop } }
                @{ Do = { Get-MeshWorkload -Cluster $on -Namespace shop }; First = { Hide-InjectorLabel } }
                @{ Do = { Get-MeshWorkload -Cluster $on -AllNamespaces -Outdated }; All = $true }) }
        @{ Cmdlet = 'Start-MeshRolloutRestart'; Uses = @(
                @{ Do = { Start-MeshRolloutRestart -Cluster $on -Namespace shop -Name deploy/web, sts/db, ds/agent, rollout/canary -Force } }
                @{ Do = { Start-MeshRolloutRestart -Cluster $on -Namespace shop -Name deploy/web -Force }; First = { Hide-InjectorLabel } }
                @{ Do = { Start-MeshRolloutRestart -Cluster $on -Namespace shop -Name w*, lon* -Strategy Evict -AllowDowntime -Force }; For = 'Search', 'Evict', 'ReplicaSets' }
                @{ Do = { Start-MeshRolloutRestart -Cluster $on -AllNamespaces -Kind Deployment }; For = 'Search'; All = $true }
                @{ Do = { Start-MeshRolloutRestart -Cluster $on -Namespace shop -Name deploy/web -Strategy Surge }; For = 'Surge' }
                @{ Do = { Start-MeshRolloutRestart -Cluster $on -Namespace shop -Name deploy/web, sts/db, ds/agent -Strategy Evict -AllowDowntime }; For = 'Evict' }
                @{ Do = { Start-MeshRolloutRestart -Cluster $on -Namespace shop -Name rollout/canary -Strategy Evict -AllowDowntime -Force }; For = 'Evict' }
                @{ Do = { Start-MeshRolloutRestart -Cluster $on -Namespace shop -Name deploy/web, deploy/cart, deploy/idle -Strategy Auto }; For = 'Auto' }
                @{ Do = { Start-MeshRolloutRestart -Cluster $on -Namespace shop -Name deploy/web -Force }; For = 'Nodes' }
                @{ Do = { Start-MeshRolloutRestart -Cluster $on -Namespace shop -Name deploy/cart, deploy/web -Force -MaxConcurrent 1 -Timeout 2m }; For = 'Diagnosis'; Fails = $true
                    First = { Set-MeshSandboxFault Crash -Namespace shop -Workload cart } }
                @{ Do = { Start-MeshRolloutRestart -Cluster $on -Namespace shop -Name deploy/cart, deploy/web -Force -MaxConcurrent 1 -Timeout 2m }; For = 'Diagnosis'; Fails = $true
                    First = { Set-MeshSandboxFault NeverReady -Namespace shop -Workload cart } }
                @{ Do = { Start-MeshRolloutRestart -Cluster $on -Namespace shop -Name deploy/cart, deploy/web -Force -MaxConcurrent 1 -Timeout 2m }; For = 'Diagnosis'; Fails = $true
                    First = { Set-MeshSandboxFault WebhookDown } }) }
        @{ Cmdlet = 'Wait-MeshRollout'; Uses = @(
                @{ Do = { Wait-MeshRollout -Cluster $on -Namespace shop -Timeout 2m } }
                @{ Do = { Wait-MeshRollout -Cluster $on -Namespace shop -Timeout 2m }; First = { Hide-InjectorLabel } }
                @{ Do = { Wait-MeshRollout -Cluster $on -AllNamespaces -Timeout 2m }; All = $true }
                @{ Do = { Wait-MeshRollout -Cluster $on -Namespace shop -Name deploy/cart -Timeout 2m }; For = 'Diagnosis'; Fails = $true
                    First = { Set-MeshSandboxFault Crash -Namespace shop -Workload cart; Start-MeshRolloutRestart -Cluster $admin -Namespace shop -Name deploy/cart -Force } }
                @{ Do = { Wait-MeshRollout -Cluster $on -Namespace shop -Name deploy/cart -Timeout 2m }; For = 'Diagnosis'; Fails = $true
                    First = { Set-MeshSandboxFault WebhookDown; Start-MeshRolloutRestart -Cluster $admin -Namespace shop -Name deploy/cart -Force } }) }
        @{ Cmdlet = 'Get-MeshRollout'; Uses = @(
                @{ Do = { Get-MeshRollout -Cluster $on -Namespace shop } }
                @{ Do = { Get-MeshRollout -Cluster $on -Namespace shop }; First = { Hide-InjectorLabel } }
                @{ Do = { Get-MeshRollout -Cluster $on -Namespace shop -Name deploy/web, sts/db, ds/agent, rollout/canary } }
                @{ Do = { Get-MeshRollout -Cluster $on -AllNamespaces }; All = $true }) }
        @{ Cmdlet = 'Get-MeshRolloutDiagnosis'; Uses = @(
                @{ Do = { Get-MeshRolloutDiagnosis -Cluster $on -Namespace shop -IncludeLog }; For = 'IncludeLog'
                    First = { Set-MeshSandboxFault Crash -Namespace shop -Workload cart; Start-MeshRolloutRestart -Cluster $admin -Namespace shop -Name deploy/cart -Force | Wait-MeshRollout -Timeout 2m -ErrorAction SilentlyContinue } }
                @{ Do = { Get-MeshRolloutDiagnosis -Cluster $on -AllNamespaces }; All = $true
                    First = { Set-MeshSandboxFault WebhookDown; Start-MeshRolloutRestart -Cluster $admin -Namespace shop -Name deploy/cart -Force | Wait-MeshRollout -Timeout 2m -ErrorAction SilentlyContinue } }
                @{ Do = { $wrong | Get-MeshRolloutDiagnosis }
                    First = { $script:wrong = Get-MeshWorkload -Cluster $admin -Namespace shop -Name cart -TargetVersion 9.9.9 | Start-MeshRolloutRestart -Cluster $admin -Force | Wait-MeshRollout -ErrorAction SilentlyContinue; Hide-InjectorLabel; Connect-MeshCluster -Sandbox $sandbox -AsUser tester -Name admin } }) }
        @{ Cmdlet = 'Get-MeshRolloutHistory'; Uses = @(
                @{ Do = { Get-MeshRolloutHistory -Cluster $on -Namespace shop -Name deploy/web, sts/db, ds/agent, rollout/canary } }
                @{ Do = { Get-MeshRolloutHistory -Cluster $on -Namespace shop -Name w* }; For = 'Search'; First = { Hide-InjectorLabel } }
                @{ Do = { Get-MeshRolloutHistory -Cluster $on -AllNamespaces }; For = 'Search'; All = $true }) }
        @{ Cmdlet = 'Undo-MeshRollout'; Uses = @(
                @{ Do = { Undo-MeshRollout -Cluster $on -Namespace shop -Name deploy/web, sts/db, ds/agent -PassThru }; First = { Set-Images $admin } }
                @{ Do = { Undo-MeshRollout -Cluster $on -Namespace shop -Name w* -PassThru }; For = 'Search'; First = { Set-Images $admin; Hide-InjectorLabel } }
                @{ Do = { Undo-MeshRollout -Cluster $on -AllNamespaces -Kind Deployment -Name web -PassThru }; For = 'Search'; All = $true; First = { Set-Images $admin } }) }
        @{ Cmdlet = 'Set-MeshWorkloadImage'; Uses = @(
                @{ Do = { Set-Images $on } }
                @{ Do = { Set-MeshWorkloadImage -Cluster $on -Namespace shop -Name w* -Image @{ app = 'hub.example/web:3' } -PassThru }; For = 'Search'; First = { Hide-InjectorLabel } }
                @{ Do = { Set-MeshWorkloadImage -Cluster $on -AllNamespaces -Name web -Kind Deployment -Image @{ app = 'hub.example/web:3' } -PassThru }; For = 'Search'; All = $true }) }
        @{ Cmdlet = 'Suspend-MeshRollout'; Uses = @(
                @{ Do = { Suspend-MeshRollout -Cluster $on -Namespace shop -Name deploy/web -PassThru } }
                @{ Do = { Suspend-MeshRollout -Cluster $on -Namespace shop -Name w* -PassThru }; For = 'Search'; First = { Hide-InjectorLabel } }
                @{ Do = { Suspend-MeshRollout -Cluster $on -AllNamespaces -Kind Deployment -PassThru }; For = 'Search'; All = $true }) }
        @{ Cmdlet = 'Resume-MeshRollout'; Uses = @(
                @{ Do = { Resume-MeshRollout -Cluster $on -Namespace shop -Name deploy/web -PassThru }; First = { Suspend-MeshRollout -Cluster $admin -Namespace shop -Name deploy/web } }
                @{ Do = { Resume-MeshRollout -Cluster $on -Namespace shop -Name w* -PassThru }; For = 'Search'; First = { Suspend-MeshRollout -Cluster $admin -Namespace shop -Name deploy/web; Hide-InjectorLabel } }
                @{ Do = { Resume-MeshRollout -Cluster $on -AllNamespaces -Kind Deployment -PassThru }; For = 'Search'; All = $true; First = { Suspend-MeshRollout -Cluster $admin -Namespace shop -Name deploy/web } }) }
        @{ Cmdlet = 'Repair-MeshWorkload'; Uses = @(
                @{ Do = { Repair-MeshWorkload -Cluster $on -Namespace shop -Force }; First = { Set-Mark } }
                @{ Do = { Repair-MeshWorkload -Cluster $on -Namespace shop -Force }; Fails = $true; First = { Set-Mark; Set-MeshSandboxFault -StatusCode 409 -Verb patch } }
                @{ Do = { Repair-MeshWorkload -Cluster $on -AllNamespaces -Force }; All = $true; First = { Set-Mark } }) }
        @{ Cmdlet = 'Get-MeshControlPlane'; Uses = @(
                @{ Do = { Get-MeshControlPlane -Cluster $on } }
                @{ Do = { Get-MeshControlPlane -Cluster $on }; First = { Hide-InjectorLabel; Hide-ServiceLabel } }
                @{ Do = { Get-MeshControlPlane -Cluster $on -IncludeConnected }; For = 'IncludeConnected' }) }
        @{ Cmdlet = 'Get-MeshNamespace'; Uses = @(
                @{ Do = { Get-MeshNamespace -Cluster $on -Namespace shop } }
                @{ Do = { Get-MeshNamespace -Cluster $on -Namespace shop }; First = { Hide-InjectorLabel } }
                @{ Do = { Get-MeshNamespace -Cluster $on }; All = $true }) }
        @{ Cmdlet = 'Get-MeshMigration'; Uses = @(
                @{ Do = { Get-MeshMigration -Cluster $on -Namespace shop -To default } }
                @{ Do = { Get-MeshMigration -Cluster $on -Namespace shop -To default -Left }; First = { Hide-InjectorLabel }; Empty = $true }
                @{ Do = { Get-MeshMigration -Cluster $on -To default }; All = $true }) }
        @{ Cmdlet = 'Wait-MeshMigration'; Uses = @(
                @{ Do = { Wait-MeshMigration -Cluster $on -Namespace shop -To default -Percent 1 -Timeout 1s }; Fails = $true }
                @{ Do = { Wait-MeshMigration -Cluster $on -Namespace shop -To default -Timeout 1s }; First = { Hide-InjectorLabel }; Fails = $true }
                @{ Do = { Wait-MeshMigration -Cluster $on -To default -Timeout 1s }; All = $true; Fails = $true }) }
        @{ Cmdlet = 'Get-MeshInjector'; Uses = @(
                @{ Do = { Get-MeshInjector -Cluster $on } }
                @{ Do = { Get-MeshInjector -Cluster $on }; First = { Hide-ServiceLabel } }) }
        @{ Cmdlet = 'Backup-MeshInjector'; Uses = @(
                @{ Do = { Backup-MeshInjector -Cluster $on -Path $backup -Force -Confirm:$false } }
                @{ Do = { Backup-MeshInjector -Cluster $on -Path $backup -Force -Confirm:$false }; First = { Hide-ServiceLabel } }) }
        @{ Cmdlet = 'Switch-MeshInjector'; Uses = @(
                @{ Do = { Switch-MeshInjector -Cluster $on -To 1-28-0 -Name istio-sidecar-injector -BackupPath $TestDrive -Confirm:$false }; For = 'Trial' }
                @{ Do = { Switch-MeshInjector -Cluster $on -To 1-28-0 -Name istio-sidecar-injector -BackupPath $TestDrive -Confirm:$false }; First = { Hide-ServiceLabel } }
                @{ Do = { Switch-MeshInjector -Cluster $on -To 1-28-0 -Namespace shop -BackupPath $TestDrive -Confirm:$false }; For = 'Namespaces', 'Trial' }) }
        @{ Cmdlet = 'Restore-MeshInjector'; Uses = @(
                @{ Do = { Restore-MeshInjector -Cluster $on -Path $backup -BackupPath $TestDrive -Confirm:$false }
                    First = { Set-MeshRevisionTag stable -Revision default -Cluster $admin -Confirm:$false; Hide-ServiceLabel; Save-Injectors; Remove-MeshRevisionTag stable -Cluster $admin -BackupPath $TestDrive -Confirm:$false } }
                @{ Do = { Restore-MeshInjector -Cluster $on -Path $backup -BackupPath $TestDrive -Confirm:$false }; For = 'DefaultTag'
                    First = { Set-MeshRevisionTag default -Revision 1-28-0 -Cluster $admin -BackupPath $TestDrive -Confirm:$false; Save-Injectors; Remove-MeshRevisionTag default -Force -Cluster $admin -BackupPath $TestDrive -Confirm:$false } }
                @{ Do = { Restore-MeshInjector -Cluster $on -Path $backup -BackupPath $TestDrive -Confirm:$false }; For = 'DefaultTag'
                    First = { Save-Injectors; Invoke-Api Delete 'apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/istiod-default-validator' '{}' 'application/json' } }
                @{ Do = { Restore-MeshInjector -Cluster $on -Path $switched.BackupPath -BackupPath $TestDrive -Confirm:$false }; For = 'Namespaces'
                    First = { $switched = Switch-MeshInjector -Cluster $admin -To 1-28-0 -Namespace shop -BackupPath $TestDrive -Confirm:$false } }) }
        @{ Cmdlet = 'Set-MeshRevisionTag'; Uses = @(
                @{ Do = { Set-MeshRevisionTag stable -Revision 1-28-0 -Cluster $on -BackupPath $TestDrive -Confirm:$false }; For = 'Trial' }
                @{ Do = { Set-MeshRevisionTag stable -Revision 1-28-0 -Force -Cluster $on -BackupPath $TestDrive -Confirm:$false }; First = { Set-MeshRevisionTag stable -Revision default -Cluster $admin -Confirm:$false; Hide-ServiceLabel } }
                @{ Do = { Set-MeshRevisionTag default -Revision 1-28-0 -Cluster $on -BackupPath $TestDrive -Confirm:$false }; For = 'DefaultTag' }) }
        @{ Cmdlet = 'Remove-MeshRevisionTag'; Uses = @(
                @{ Do = { Remove-MeshRevisionTag stable -Cluster $on -BackupPath $TestDrive -Confirm:$false }; First = { Set-MeshRevisionTag stable -Revision default -Cluster $admin -Confirm:$false; Hide-ServiceLabel } }
                @{ Do = { Remove-MeshRevisionTag default -Force -Cluster $on -BackupPath $TestDrive -Confirm:$false }; For = 'DefaultTag'; First = { Set-MeshRevisionTag default -Revision 1-28-0 -Cluster $admin -BackupPath $TestDrive -Confirm:$false } }) }
        @{ Cmdlet = 'Set-MeshNamespaceRevision'; Uses = @(
                @{ Do = { Set-MeshNamespaceRevision shop -Revision 1-28-0 -Cluster $on -BackupPath $TestDrive -Confirm:$false }; For = 'Trial' }
                @{ Do = { Set-MeshNamespaceRevision shop -Revision 1-28-0 -Cluster $on -BackupPath $TestDrive -Confirm:$false }; First = { Hide-ServiceLabel } }) }
        @{ Cmdlet = 'Get-MeshProxyStatus'; Uses = @(
                @{ Do = { Get-MeshProxyStatus -Cluster $on -Namespace shop -Revision default }; For = 'Revision' }
                @{ Do = { Get-MeshProxyStatus -Cluster $on -AllNamespaces }; All = $true }) }
        @{ Cmdlet = 'Get-MeshRevisionUsage'; Uses = @(
                @{ Do = { Get-MeshRevisionUsage default -Cluster $on } }
                @{ Do = { Get-MeshRevisionUsage default -Cluster $on }; First = { Hide-InjectorLabel; Hide-ServiceLabel } }) }
        @{ Cmdlet = 'Test-MeshRevisionRemoval'; Uses = @(
                @{ Do = { Test-MeshRevisionRemoval default -Cluster $on } }
                @{ Do = { Test-MeshRevisionRemoval default -Cluster $on }; First = { Hide-InjectorLabel; Hide-ServiceLabel } }) }
        @{ Cmdlet = 'New-MeshRolloutPlan'; Uses = @(
                @{ Do = { New-MeshRolloutPlan -Cluster $on -Namespace shop -Force } }
                @{ Do = { New-MeshRolloutPlan -Cluster $on -Namespace shop -Force }; First = { Hide-InjectorLabel } }
                @{ Do = { New-MeshRolloutPlan -Cluster $on -Namespace shop -Force -SkipReadiness } }
                @{ Do = { New-MeshRolloutPlan -Cluster $on -Namespace shop -Force }; For = 'Readiness', 'Secrets'; First = { Set-PullSecret } }
                @{ Do = { New-MeshRolloutPlan -Cluster $on -AllNamespaces -Force }; All = $true }) }
        @{ Cmdlet = 'Get-MeshRolloutPlan'; Rarely = 'list namespaces'; Uses = @(
                @{ Do = { Get-MeshRolloutPlan $plan -Compare -Cluster $on }; For = 'Compare', 'Readiness', 'Secrets'; First = { Set-PullSecret; New-Plan } }
                @{ Do = { Get-MeshRolloutPlan $plan -Compare -Cluster $on }; For = 'Compare'; First = { New-Plan } }
                @{ Do = { Get-MeshRolloutPlan $plan -Compare -Cluster $on }; For = 'Compare'; First = { New-Plan; Hide-InjectorLabel } }) }
        @{ Cmdlet = 'Test-MeshRolloutPlan'; Rarely = 'list namespaces'; Uses = @(
                @{ Do = { Test-MeshRolloutPlan $plan -Cluster $on }; For = 'Readiness', 'Secrets'; First = { Set-PullSecret; New-Plan } }
                @{ Do = { Test-MeshRolloutPlan $plan -Cluster $on }; First = { New-Plan } }
                @{ Do = { Test-MeshRolloutPlan $plan -Cluster $on }; First = { New-Plan; Hide-InjectorLabel } }) }
        @{ Cmdlet = 'Get-MeshRolloutReadiness'; Uses = @(
                @{ Do = { Get-MeshRolloutReadiness -Cluster $on -Namespace shop -IncludeNodeRoom }; For = 'NodeRoom', 'Secrets'; First = { Set-PullSecret } }
                @{ Do = { Get-MeshRolloutReadiness -Cluster $on -Namespace shop }; First = { Hide-InjectorLabel } }
                @{ Do = { Get-MeshRolloutReadiness -Cluster $on -AllNamespaces }; All = $true }) }
        @{ Cmdlet = 'Test-MeshRolloutReadiness'; Uses = @(
                @{ Do = { Test-MeshRolloutReadiness -Cluster $on -Namespace shop -IncludeNodeRoom }; For = 'NodeRoom', 'Secrets'; First = { Set-PullSecret } }
                @{ Do = { Test-MeshRolloutReadiness -Cluster $on -AllNamespaces }; All = $true; First = { Hide-InjectorLabel } }) }
        # What they restart asks for is that of Start-MeshRolloutRestart above; a Lease is patched while a run goes on, which the scenarios of plans have.
        @{ Cmdlet = 'Repair-MeshRolloutReadiness'; Uses = @(
                @{ Do = { $found | Repair-MeshRolloutReadiness -Cluster $on -Confirm:$false }; First = { $found = Find-Fault; $on = Enter-AsTester } }
                @{ Do = { $found | Repair-MeshRolloutReadiness -Cluster $on -WhatIf }; First = { $found = Find-Fault; $on = Enter-AsTester } }
                @{ Do = { $done | Repair-MeshRolloutReadiness -Undo -Cluster $on -Confirm:$false }; First = { $done = Find-Fault | Repair-MeshRolloutReadiness -Cluster $admin -Confirm:$false; $on = Enter-AsTester } }) }
        @{ Cmdlet = 'Start-MeshRolloutPlan'; Beside = 'Start-MeshRolloutRestart'; Rarely = 'patch leases.coordination.k8s.io'; Uses = @(
                @{ Do = { Start-MeshRolloutPlan $plan -Cluster $on -Confirm:$false }; For = 'Auto', 'Evict', 'Surge'; First = { New-Plan -Kind Deployment, StatefulSet, DaemonSet } }) }
        @{ Cmdlet = 'Resume-MeshRolloutRun'; Beside = 'Start-MeshRolloutPlan'; Rarely = ''; Uses = @(
                @{ Do = { Resume-MeshRolloutRun $plan -Cluster $on -Confirm:$false }; For = 'Auto'; Fails = $true; First = { New-Plan -Kind Deployment } }) }
        @{ Cmdlet = 'Stop-MeshRolloutRun'; Rarely = 'patch leases.coordination.k8s.io'; Uses = @(@{ Do = { Stop-MeshRolloutRun $plan -Cluster $on -Confirm:$false }; Fails = $true; First = { New-Plan } }) }
        @{ Cmdlet = 'Suspend-MeshRolloutRun'; Rarely = 'patch leases.coordination.k8s.io'; Uses = @(@{ Do = { Suspend-MeshRolloutRun $plan -Cluster $on -Confirm:$false }; Fails = $true; First = { New-Plan } }) }
        @{ Cmdlet = 'Get-MeshPermission'; Uses = @(
                @{ Do = { Get-MeshPermission Get-MeshWorkload -Cluster $on -Namespace shop } }
                @{ Do = { Get-MeshPermission Get-MeshWorkload -Cluster $on -Namespace sh* -AsRole }; Namespace = 'sh*' }) }
        @{ Cmdlet = 'Test-MeshPermission'; Uses = @(
                @{ Do = { Test-MeshPermission Get-MeshWorkload -Cluster $on -Namespace shop } }
                @{ Do = { Test-MeshPermission Get-MeshWorkload -Cluster $on -AllNamespaces }; All = $true }) }
    )
}

BeforeAll {
    Import-Module $env:MESHROLL_MODULE
    $sandbox = New-MeshSandbox -VirtualTime -PlainHttp -Connect -Scenario @{
        startup    = @{ ready = '1s'; stop = '1s' }
        mesh       = @{ revisions = @(@{ version = '1.27.1'; earlierVersions = @('1.26.4') }, @{ name = '1-28-0'; version = '1.28.0' }) }
        namespaces = @(
            @{
                name      = 'shop'
                injection = 'enabled'
                workloads = @(
                    @{ name = 'web'; replicas = 2; sidecar = '1.26.4'; image = 'hub.example/web:1' }
                    @{ name = 'cart'; replicas = 2; sidecar = '1.26.4'; image = 'hub.example/cart:1' }
                    @{ name = 'idle'; replicas = 1; sidecar = '1.26.4'; image = 'hub.example/idle:1' }
                    @{ name = 'db'; kind = 'StatefulSet'; replicas = 2; sidecar = '1.26.4'; image = 'hub.example/db:1' }
                    @{ name = 'agent'; kind = 'DaemonSet'; sidecar = '1.26.4'; image = 'hub.example/agent:1' }
                    @{ name = 'canary'; kind = 'Rollout'; replicas = 2; sidecar = '1.26.4'; image = 'hub.example/canary:1' }
                    @{ name = 'lone'; kind = 'ReplicaSet'; replicas = 2; sidecar = '1.26.4'; image = 'hub.example/lone:1' }
                )
            }
        )
    }
    $token = [regex]::Match((Get-Content -Raw $sandbox.KubeConfigPath), 'token: ?"?([^"\s]+)').Groups[1].Value

    # What somebody else does, by no code of the module's. The token is another after a reset.
    function Invoke-Api([string] $Method, [string] $Path, $Body, [string] $Type) {
        Invoke-RestMethod -Method $Method -Uri "$($sandbox.Server)$Path" -Headers @{ Authorization = "Bearer $token" } -ContentType $Type -Body $(if ($Body -is [string]) { $Body } else { $Body | ConvertTo-Json -Depth 8 })
    }

    function Edit-Workload([string] $Plural, [string] $Name, [hashtable] $Patch) { $null = Invoke-Api Patch "apis/apps/v1/namespaces/shop/$Plural/$Name" $Patch 'application/merge-patch+json' }

    # Only a workload that names a pull secret makes the preflight look for secrets.
    function Set-PullSecret { Edit-Workload deployments web @{ spec = @{ template = @{ spec = @{ imagePullSecrets = @(@{ name = 'hub' }) } } } } }

    # A fault of every kind that a patch mends.
    function Find-Fault {
        $null = Invoke-Api Post 'apis/policy/v1/namespaces/shop/poddisruptionbudgets' '{"metadata":{"name":"tight"},"spec":{"minAvailable":2,"selector":{"matchLabels":{"app":"web"}}}}' 'application/json'
        $null = Invoke-Api Post 'apis/autoscaling/v2/namespaces/shop/horizontalpodautoscalers' '{"metadata":{"name":"web"},"spec":{"minReplicas":1,"maxReplicas":2,"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"web"}}}' 'application/json'
        for ($try = 0; $try -lt 50; $try++) {
            $found = Get-MeshRolloutReadiness -Cluster $admin -Namespace shop | Where-Object Fix
            if (($found.Id -contains 'BudgetAllowsNothing') -and ($found.Id -contains 'AutoscalerAtLimit')) { return $found }
            Start-Sleep -Milliseconds 100
        }
        throw "only $($found.Id)"
    }

    # Findings name the connection they were made by: the same name, for the user with nothing but the role.
    function Enter-AsTester { Connect-MeshCluster -Sandbox $sandbox -AsUser tester -Name admin }

    # As installed by an old Istio: the injector's ConfigMap is found by its name alone.
    function Hide-InjectorLabel { $null = Invoke-Api Patch 'api/v1/namespaces/istio-system/configmaps/istio-sidecar-injector' @{ metadata = @{ labels = @{ 'istio.io/rev' = $null } } } 'application/merge-patch+json' }

    # As of an istiod installed by hand: its service is found by the name that the webhooks call.
    function Hide-ServiceLabel { $null = Invoke-Api Patch 'api/v1/namespaces/istio-system/services/istiod' @{ metadata = @{ labels = @{ app = $null } } } 'application/merge-patch+json' }

    $backup = Join-Path $TestDrive 'backup.yaml'
    function Save-Injectors { $null = Backup-MeshInjector -Cluster $admin -Path $backup -Force -Confirm:$false }

    $plan = Join-Path $TestDrive 'plan.yaml'
    function New-Plan([string[]] $Kind = @()) {
        Get-ChildItem $TestDrive -Filter 'plan*' | Remove-Item
        $null = New-MeshRolloutPlan -Cluster $admin -Namespace shop -Kind $Kind -Path $plan -Force -AllowDowntime -Confirm:$false
    }

    function Set-Images($Connection) {
        Set-MeshWorkloadImage -Cluster $Connection -Namespace shop -Name deploy/web, sts/db, ds/agent, rollout/canary -Image @{ app = 'hub.example/other:2' } -PassThru
    }

    # What a run leaves behind that was killed yesterday.
    function Set-Mark {
        $mark = @{ metadata = @{ labels = @{ 'meshroll.io/run' = 'dead' }; annotations = @{ 'meshroll.io/run' = '{"v":1,"run":"dead","strategy":"Evict","by":"somebody","since":"2026-01-01T00:00:00Z","beat":"2026-01-01T00:00:00Z","replicas":2}' } } }
        foreach ($plural in 'deployments/web', 'statefulsets/db', 'daemonsets/agent', 'replicasets/lone') { $null = Invoke-Api Patch "apis/apps/v1/namespaces/shop/$plural" $mark 'application/merge-patch+json' }
        $null = Invoke-Api Patch 'apis/argoproj.io/v1alpha1/namespaces/shop/rollouts/canary' $mark 'application/merge-patch+json'
    }

    # What kubectl apply does with the text.
    function Grant([string] $Yaml) {
        foreach ($document in $Yaml -split '(?m)^---\n' | Where-Object { $_ -match '(?m)^kind: ' }) {
            $plural = "$([regex]::Match($document, '(?m)^kind: (\w+)').Groups[1].Value.ToLowerInvariant())s"
            $found = [regex]::Match($document, '(?m)^metadata:\n  name: .+\n  namespace: (.+)$')
            $place = if ($found.Success) { "namespaces/$($found.Groups[1].Value)/" }
            $null = Invoke-Api Post "apis/rbac.authorization.k8s.io/v1/$place$plural" $document 'application/yaml'
        }
    }

    function Get-Asked {
        Get-MeshSandboxRequest | Where-Object Resource | ForEach-Object {
            [pscustomobject] @{ Right = "$($_.Verb) $($_.Resource)$(if ($_.Group) { ".$($_.Group)" })$(if ($_.Subresource) { "/$($_.Subresource)" })"; Namespace = $_.Namespace; Status = $_.Status }
        }
    }

    function Get-Scope($Use) {
        if ($Use.All) { @{ AllNamespaces = $true } } elseif ($Use.Namespace) { @{ Namespace = $Use.Namespace } } else { @{ Namespace = 'shop' } }
    }

    # Does one use as the user who has nothing but the role; gives what was asked, what came, and what the table says.
    function Invoke-Use([string] $Cmdlet, $Use) {
        # One error must not end what comes after it, whatever the caller prefers.
        $ErrorActionPreference = 'Continue'
        $sandbox | Reset-MeshSandbox
        $admin = Connect-MeshCluster -Sandbox $sandbox -Name admin
        $scope = Get-Scope $Use
        $for = @($Use.For | Where-Object { $_ })
        Grant (Get-MeshPermission $Cmdlet -Cluster $admin @scope -For $for -AsRole -BindTo user:tester)
        $rows = Get-MeshPermission $Cmdlet -Cluster $admin @scope -For $for
        $on = Connect-MeshCluster -Sandbox $sandbox -AsUser tester -Name tester
        $mine = Get-MeshPermission $Cmdlet -Cluster $on @scope -For $for -WarningAction SilentlyContinue
        if ($Use.First) { $null = . $Use.First }
        $null = Get-MeshSandboxRequest -Clear
        $errors = @()
        $given = try { . $Use.Do 2>&1 3>$null } catch { $_ }
        $errors = @($given | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] })
        [pscustomobject] @{ Given = @($given | Where-Object { $_ -isnot [System.Management.Automation.ErrorRecord] }); Errors = $errors; Asked = @(Get-Asked); Rows = $rows; Mine = $mine }
    }
}

AfterAll { Remove-MeshSandbox * }

Describe '<Cmdlet> with exactly its role' -ForEach $uses {
    It 'works, asks for nothing beyond its rows, and for all of them' {
        $all = [System.Collections.Generic.HashSet[string]]::new()
        $asked = [System.Collections.Generic.HashSet[string]]::new()
        foreach ($use in $Uses) {
            $text = "$Cmdlet as in { $($use.Do) }"
            $seen = Invoke-Use $Cmdlet $use
            if ($use.Fails) { $seen.Errors.FullyQualifiedErrorId | Should -Not -Match 'Forbidden' -Because $text }
            else { $seen.Errors | Should -BeNullOrEmpty -Because $text }
            if (-not $use.Empty) { ($seen.Given.Count + $seen.Errors.Count) | Should -BeGreaterThan 0 -Because $text }

            # Complete: what was asked is in the table. Least: what was refused is what the role was not to give.
            $seen.Asked.Right | Where-Object { $_ -notin $seen.Rows.Name } | Should -BeNullOrEmpty -Because $text
            foreach ($refused in $seen.Asked | Where-Object Status -EQ 403) {
                $seen.Rows | Where-Object { $_.Name -eq $refused.Right -and $_.Needed -and $_.Namespace -in '', $refused.Namespace } | Should -BeNullOrEmpty -Because "$text was refused $($refused.Right) in '$($refused.Namespace)'"
            }
            # And one knows what one has.
            $seen.Mine | Where-Object { $_.Needed -ne $_.Allowed -and -not ($_.Allowed -and $_.Name -in ($seen.Rows | Where-Object Needed).Name) -and $_.Group -ne 'authorization.k8s.io' -and $_.Resource -ne '/version' } | Should -BeNullOrEmpty -Because $text
            # Not asked in the sandbox: what servers from 1.35 on want, and Istio's own kinds, which it does not serve.
            $seen.Rows.Name | Where-Object { $_ -notlike '* /*' -and $_ -ne 'create pods/portforward' -and $_ -notlike '*.networking.istio.io' } | ForEach-Object { $null = $all.Add($_) }
            $seen.Asked.Right | Where-Object { $_ } | ForEach-Object { $null = $asked.Add($_) }
        }
        if ($Beside) { $all.ExceptWith([string[]] (Get-MeshPermission $Beside -Namespace shop -For *).Name) }
        $all | Where-Object { -not $asked.Contains($_) -and $_ -ne $Rarely } | Should -BeNullOrEmpty -Because "$Cmdlet should need all that its rows name"
    }
}

Describe 'The table' -ForEach @{ Covered = $uses.Cmdlet } {
    It 'has a use here for every command that needs a right' {
        $needing = Get-MeshPermission -Namespace shop -For * | Select-Object -ExpandProperty Cmdlet -Unique
        $needing | Where-Object { $_ -notin $Covered } | Should -BeNullOrEmpty
    }
}

Describe 'Get-MeshPermission' {
    BeforeAll {
        $sandbox | Reset-MeshSandbox
        $admin = Connect-MeshCluster -Sandbox $sandbox -Name admin
        function Complete([string] $Line) { (TabExpansion2 $Line $Line.Length).CompletionMatches.CompletionText }
        function Get-Error([scriptblock] $Command) { try { $null = & $Command 2>&1 | Tee-Object -Variable said } catch { return $_ }; $said | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] } | Select-Object -First 1 }
    }

    It 'names what is missing, and where' {
        $other = Connect-MeshCluster -Sandbox $sandbox -AsUser nobody -Name other
        $missing = Get-MeshPermission Set-MeshWorkloadImage -Cluster $other -Namespace shop -Missing -WarningAction SilentlyContinue
        $missing.Name | Should -Contain 'patch deployments.apps'
        $missing[0].Reason | Should -Be 'no right to get deployments.apps in shop'
        $missing.Needed | Should -Not -Contain $false
        Get-MeshPermission Set-MeshWorkloadImage -Cluster $admin -Namespace shop -Missing | Should -BeNullOrEmpty
    }

    It 'says nothing where the server cannot be asked: Allowed is null, and Test-MeshPermission false' {
        $fault = Set-MeshSandboxFault -StatusCode 403 -Resource selfsubjectaccessreviews.authorization.k8s.io
        $rights = Get-MeshPermission Get-MeshWorkload -Cluster $admin -Namespace shop
        $rights | Where-Object { $null -ne $_.Allowed } | Should -BeNullOrEmpty
        $rights[0].Reason | Should -Match 'cannot be asked'
        Test-MeshPermission Get-MeshWorkload -Cluster $admin -Namespace shop | Should -BeFalse
        Set-MeshSandboxFault -Clear
    }

    It 'asks about each right once, however many commands need it' {
        $null = Get-MeshSandboxRequest -Clear
        $rights = Get-MeshPermission -Cluster $admin -Namespace shop
        $asked = (Get-MeshSandboxRequest -Resource selfsubjectaccessreviews).Count
        $asked | Should -Be ($rights | Select-Object Verb, Resource, Group, Namespace, { "$($_.ResourceNames)" } -Unique).Count
        $asked | Should -BeLessThan ($rights.Count / 2)
    }

    It '-AsRole writes the same text again, whatever the order of the names' {
        $text = Get-MeshPermission Get-MeshWorkload, Start-MeshRolloutRestart -Cluster $admin -Namespace shop -AsRole
        Get-MeshPermission Start-MeshRolloutRestart, Get-MeshWorkload -Cluster $admin -Namespace shop -AsRole | Should -BeExactly $text
        $text | Should -Not -Match 'Binding'
        $text | Should -Match '(?m)^  name: meshroll$'
    }

    It '-BindTo binds to <Whom>' -ForEach @(@{ Whom = 'ops/restarter'; Kind = 'ServiceAccount' }, @{ Whom = 'user:jane@example.org'; Kind = 'User' }, @{ Whom = 'group:sre'; Kind = 'Group' }) {
        Get-MeshPermission Get-MeshWorkload -Cluster $admin -Namespace shop -AsRole -BindTo $Whom -RoleName rollers | Should -Match "(?m)^  - kind: $Kind$"
    }

    It 'takes commands from the pipe' {
        $piped = Get-Command -Module MeshRoll -Verb Wait | Get-MeshPermission -Cluster $admin -Namespace shop
        $piped.Cmdlet | Select-Object -Unique | Should -Contain 'Wait-MeshRollout'
    }

    It 'gives nothing for commands that ask nothing of a cluster' {
        Get-MeshPermission New-MeshSandbox -Cluster $admin | Should -BeNullOrEmpty
        Test-MeshPermission New-MeshSandbox -Cluster $admin | Should -BeTrue
    }

    It 'refuses <Id> in one sentence' -ForEach @(
        @{ Id = 'MeshRoll.CmdletUnknown'; Do = { Get-MeshPermission Get-MeshWrkload }; Says = 'Did you mean Get-MeshWorkload' }
        @{ Id = 'MeshRoll.FeatureUnknown'; Do = { Test-MeshPermission -For Serge }; Says = 'There are:*Surge' }
        @{ Id = 'MeshRoll.SubjectInvalid'; Do = { Get-MeshPermission -AsRole -BindTo jane }; Says = 'namespace/name' }
        @{ Id = 'MeshRoll.NamespaceListForbidden'; Do = { Connect-MeshCluster -Sandbox $sandbox -AsUser nobody -Name other; Get-MeshPermission Get-MeshWorkload -AsRole -Namespace sh* }; Says = 'without wildcards' }
    ) {
        $said = Get-Error $Do
        $said.FullyQualifiedErrorId | Should -Match "^$([regex]::Escape($Id))"
        "$said" | Should -BeLike "*$Says*"
    }

    It 'completes commands and features' {
        Complete 'Get-MeshPermission Start-MeshRolloutR' | Should -Be 'Start-MeshRolloutRestart'
        Complete 'Test-MeshPermission -For Su' | Should -Be 'Surge'
    }
}

Describe 'Test-MeshPermission' {
    It 'gives one bool for several commands and clusters' {
        $admin = Connect-MeshCluster -Sandbox $sandbox -Name admin
        $other = Connect-MeshCluster -Sandbox $sandbox -AsUser nobody -Name other
        $answer = Test-MeshPermission Get-MeshWorkload, Wait-MeshRollout -Cluster $admin -Namespace shop
        $answer | Should -BeOfType bool
        $answer | Should -BeTrue
        Test-MeshPermission Get-MeshWorkload -Cluster $admin, $other -Namespace shop -WarningAction SilentlyContinue | Should -BeFalse
        Test-MeshPermission Get-MeshWorkload -Cluster $other, $admin -Namespace shop -WarningAction SilentlyContinue | Should -BeFalse
    }
}

Describe '<Kind> alone, with exactly the role' -ForEach @(@{ Kind = 'linkerd'; Old = 'stable-2.14.0'; New = 'stable-2.14.10' }, @{ Kind = 'consul'; Old = '1.4.0'; New = '1.5.1' }) {
    BeforeAll {
        $world = New-MeshSandbox -Name $Kind -VirtualTime -PlainHttp -Scenario @{
            mesh       = @{ kind = $Kind; revisions = @(@{ version = $New; earlierVersions = @($Old) }) }
            namespaces = @(@{ name = 'shop'; injection = 'enabled'; workloads = @(@{ name = 'web'; replicas = 2; sidecar = $Old }, @{ name = 'db'; kind = 'StatefulSet'; sidecar = $Old }, @{ name = 'cart' }) })
        }
        $sandbox = $world
        $token = [regex]::Match((Get-Content -Raw $world.KubeConfigPath), 'token: ?"?([^"\s]+)').Groups[1].Value
        $admin = Connect-MeshCluster -Sandbox $world -Name admin
        Grant (Get-MeshPermission Get-MeshWorkload, Start-MeshRolloutRestart, Wait-MeshRollout -Cluster $admin -Namespace shop -AsRole -BindTo user:tester)
        $on = Connect-MeshCluster -Sandbox $world -AsUser tester -Name tester
    }

    It 'what is outdated is known, restarted, and up to date afterwards' {
        $left = Get-MeshWorkload -Cluster $on -Namespace shop -Outdated -WarningVariable said
        $left.Name | Sort-Object | Should -Be 'db', 'web'
        $left.DesiredVersion | Select-Object -Unique | Should -Be $New
        $said | Should -BeNullOrEmpty
        ($left | Start-MeshRolloutRestart -Cluster $on -WarningAction SilentlyContinue | Wait-MeshRollout).State | Select-Object -Unique | Should -Be 'Complete'
        Get-MeshWorkload -Cluster $on -Namespace shop -Outdated | Should -BeNullOrEmpty
        (Get-MeshSidecarVersion -Cluster $on -Namespace shop).Version | Select-Object -Unique | Should -Be $New
    }

    It 'needs no right where Istio would be' {
        Get-MeshPermission Get-MeshWorkload -Cluster $admin -Namespace shop | Where-Object Namespace -EQ 'istio-system' | Should -BeNullOrEmpty
        Get-MeshPermission Get-MeshWorkload -Cluster $on -Namespace shop -Missing | Should -BeNullOrEmpty
    }
}
