BeforeAll {
    Import-Module $env:MESHROLL_MODULE
    $sandbox = New-MeshSandbox -VirtualTime -Connect -Scenario @{
        mesh       = @{ revisions = @(@{ version = '1.26.4' }, @{ name = '1-27-1'; version = '1.27.1' }) }
        namespaces = @(
            @{ name = 'shop'; injection = 'enabled'; workloads = @(@{ name = 'web'; replicas = 2 }) }
            @{ name = 'bank'; revision = '1-27-1'; workloads = @(@{ name = 'ledger' }) }
            @{ name = 'plain' }
        )
    }
    $here = (Get-Location).Path

    # The world as it began, and an empty folder.
    function Reset-World {
        $sandbox | Reset-MeshSandbox
        Set-Location (New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid())))
    }

    # The errors of a command, ended or not.
    function Get-Errors([scriptblock] $Command) {
        try { $null = & $Command 2>&1 | Tee-Object -Variable said } catch { $_ }
        $said | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] }
    }

    function Complete([string] $Line) { (TabExpansion2 $Line $Line.Length).CompletionMatches.CompletionText }

    $kubeConfig = Get-Content $sandbox.KubeConfigPath -Raw
    $token = [regex]::Match($kubeConfig, 'token: "?([^"\s]+)').Groups[1].Value
    function Invoke-Api($Method, $Path, $Body, $Type = 'application/json') {
        Invoke-RestMethod -Method $Method -Uri "$($sandbox.Server)$Path" -Headers @{ Authorization = "Bearer $token" } -ContentType $Type -SkipCertificateCheck -Body $(if ($Body) { $Body | ConvertTo-Json -Depth 6 })
    }
    $webhooks = 'apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations'

    # Who would inject a pod that is created now.
    function Get-Injecting([string] $Namespace) {
        $pod = @{ apiVersion = 'v1'; kind = 'Pod'; metadata = @{ name = 'tried' }; spec = @{ containers = @(@{ name = 'app'; image = 'app' }) } }
        $made = Invoke-Api Post "api/v1/namespaces/$Namespace/pods?dryRun=All" $pod
        if ($made.metadata.annotations.'sidecar.istio.io/status') { ($made.metadata.annotations.'sidecar.istio.io/status' | ConvertFrom-Json).revision }
    }

    # A webhook as it stands, without what the server says of it.
    function Get-Webhook([string] $Name) {
        $found = Invoke-Api Get "$webhooks/$Name"
        @{ labels = $found.metadata.labels; annotations = $found.metadata.annotations; webhooks = $found.webhooks } | ConvertTo-Json -Depth 20
    }
}

AfterAll {
    Set-Location $here
    $sandbox | Remove-MeshSandbox
}

Describe 'Get-MeshInjector' {
    BeforeEach { Reset-World }

    It 'tells whom each webhook asks, whom it serves and whether that works' {
        $all = Get-MeshInjector
        $all.Name | Should -Be 'istio-sidecar-injector', 'istio-sidecar-injector-1-27-1'
        $all[0].AsksRevision, $all[0].Namespaces, $all[0].Ready, $all[0].Endpoints, $all[0].CaBundle, $all[0].Health | Should -Be 'default', 'shop', $true, 1, 'Valid', 'Healthy'
        (Get-MeshInjector -Revision 1-27-*).Namespaces | Should -Be 'bank'
        $all | Format-Table | Out-String -Width 120 | Should -BeLike '*istio-sidecar-injector-1-27-1*Healthy*bank*'
    }

    It 'says what is not there, and what may be meant' {
        (Get-Errors { Get-MeshInjector istio-sidecar-injektor })[0] | Should -BeLike '*Did you mean istio-sidecar-injector*'
    }
}

Describe 'Switch-MeshInjector' {
    BeforeEach { Reset-World }

    It 'takes the way this mesh is wired, says which, and gives the way back' {
        $switch = Switch-MeshInjector -To 1-27-1 -Confirm:$false -WarningVariable warned -WarningAction SilentlyContinue
        $switch.Way, $switch.From, $switch.To, $switch.Verified | Should -Be 'Service', 'default', '1-27-1', $true
        $switch.Changes[0].Field | Should -Be 'webhooks[0].clientConfig.service.name'
        $switch.Changes[0].Before, $switch.Changes[0].After | Should -Be 'istiod', 'istiod-1-27-1'
        $switch.BackupPath | Should -Exist
        Split-Path $switch.BackupPath | Should -Be (Get-Location).Path
        Get-Injecting shop | Should -Be '1-27-1'
        $undone = Invoke-Expression "$($switch.UndoCommand) -Confirm:`$false -WarningAction SilentlyContinue"
        $undone.To | Should -Be 'default'
        Get-Injecting shop | Should -Be 'default'
    }

    It 'changes and keeps nothing with -WhatIf, not even with -Force' {
        $null = Switch-MeshInjector -To 1-27-1 -WhatIf
        $null = Switch-MeshInjector -To 1-27-1 -WhatIf -Force
        & { $WhatIfPreference = $true; $null = Switch-MeshInjector -To 1-27-1 -Force }
        Get-ChildItem | Should -BeNullOrEmpty
        Get-Injecting shop | Should -Be 'default'
    }

    It 'asks nothing with -Force' {
        (Switch-MeshInjector -To 1-27-1 -Force -BackupPath ./kept.yaml).BackupPath | Should -Be (Join-Path (Get-Location).Path 'kept.yaml')
    }

    It 'takes an injector from the pipe' {
        (Get-MeshInjector istio-sidecar-injector | Switch-MeshInjector -To 1-27-1 -Confirm:$false).Name | Should -Be 'webhook istio-sidecar-injector'
    }

    It 'labels the namespaces that are named' {
        $switch = Switch-MeshInjector -To 1-27-1 -Namespace sh* -Confirm:$false
        $switch.Way, $switch.Namespaces, $switch.UndoCommand | Should -Be 'Namespace', 'shop', 'Set-MeshNamespaceRevision -Namespace shop -Default -Cluster sandbox'
        (Switch-MeshInjector -To 1-27-1 -Namespace sh* -Confirm:$false).Changed | Should -BeFalse
    }

    It 'refuses <What>: <Id>' -ForEach @(
        @{ What = 'a revision that is not there'; Id = 'MeshRoll.RevisionNotFound'; Category = 'ObjectNotFound'; Command = { Switch-MeshInjector -To 9-9-9 -Confirm:$false } }
        @{ What = 'a tag that is not there'; Id = 'MeshRoll.TagNotFound'; Category = 'ObjectNotFound'; Command = { Switch-MeshInjector -To 1-27-1 -Tag nowhere -Confirm:$false } }
        @{ What = 'a webhook that is not there'; Id = 'MeshRoll.InjectorNotFound'; Category = 'ObjectNotFound'; Command = { Switch-MeshInjector -To 1-27-1 -Name nowhere -Confirm:$false } }
        @{ What = 'a namespace that is not there'; Id = 'MeshRoll.NamespaceNotFound'; Category = 'ObjectNotFound'; Command = { Switch-MeshInjector -To 1-27-1 -Namespace nowhere -Confirm:$false } }
        @{ What = 'a namespace without injection'; Id = 'MeshRoll.NamespaceNotInjected'; Category = 'InvalidOperation'; Command = { Switch-MeshInjector -To 1-27-1 -Namespace plain -Confirm:$false } }
        @{ What = 'a folder that cannot be written'; Id = 'MeshRoll.BackupNotWritten'; Category = 'InvalidOperation'; Command = { Switch-MeshInjector -To 1-27-1 -Confirm:$false -BackupPath /dev/null/x } }
        @{ What = 'an istiod that is not ready'; Id = 'MeshRoll.TargetNotReady'; Category = 'InvalidOperation'; Command = {
                $null = Invoke-Api Patch 'apis/apps/v1/namespaces/istio-system/deployments/istiod-1-27-1' @{ spec = @{ replicas = 0 } } 'application/merge-patch+json'
                $null = Get-MeshRollout deploy/istiod-1-27-1 -Namespace istio-system | Wait-MeshRollout -Timeout 5m
                Switch-MeshInjector -To 1-27-1 -Confirm:$false
            }
        }
    ) {
        $errors = @(Get-Errors $Command)
        $errors[-1].FullyQualifiedErrorId | Should -BeLike "$Id,*"
        $errors[-1].CategoryInfo.Category | Should -Be $Category
        Get-ChildItem | Should -BeNullOrEmpty
        Get-Injecting shop | Should -Be 'default'
    }
}

Describe 'Backup-MeshInjector and Restore-MeshInjector' {
    BeforeEach { Reset-World }

    It 'bring a deleted webhook back as it was' {
        $backup = Backup-MeshInjector
        $backup.Objects | Should -Contain 'MutatingWebhookConfiguration/istio-sidecar-injector'
        [IO.File]::ReadAllBytes($backup.Path)[0] | Should -Be ([byte][char]'#')
        $before = Get-Webhook istio-sidecar-injector
        $null = Invoke-Api Delete "$webhooks/istio-sidecar-injector"
        Get-Injecting shop | Should -BeNullOrEmpty
        $restored = $backup | Restore-MeshInjector -Confirm:$false
        $restored.Changes.Object | Should -Be 'MutatingWebhookConfiguration/istio-sidecar-injector'
        Get-Webhook istio-sidecar-injector | Should -Be $before
        Get-Injecting shop | Should -Be 'default'
    }

    It 'write a file over another only with -Force' {
        $null = Backup-MeshInjector ./all.yaml
        (Get-Errors { Backup-MeshInjector ./all.yaml }).FullyQualifiedErrorId | Should -BeLike 'MeshRoll.BackupExists,*'
        (Backup-MeshInjector ./all.yaml -Force).Name | Should -Be 'all.yaml'
        (Get-MeshInjector -Revision default | Backup-MeshInjector ./one.yaml).Objects | Should -Be 'MutatingWebhookConfiguration/istio-sidecar-injector'
    }

    It 'refuse a file that is <What>: <Id>' -ForEach @(
        @{ What = 'missing'; Id = 'MeshRoll.BackupNotFound'; Edit = { $null } }
        @{ What = 'of another cluster'; Id = 'MeshRoll.BackupForeignCluster'; Edit = { $_ -replace 'cluster-uid: .*', 'cluster-uid: another' } }
        @{ What = 'cut'; Id = 'MeshRoll.BackupTruncated'; Edit = { $_.Substring(0, $_.Length - 200) } }
        @{ What = 'no YAML'; Id = 'MeshRoll.BackupInvalid'; Edit = { "kind: [`n" } }
        @{ What = 'of another kind'; Id = 'MeshRoll.BackupForeignKind'; Edit = { "apiVersion: v1`nkind: Secret`nmetadata: {name: x}`n" } }
        @{ What = 'of a newer Istio'; Id = 'MeshRoll.BackupNewerIstio'; Edit = { $_ -replace 'default=1.26.4', 'default=1.99.0' } }
        @{ What = "not Istio's"; Id = 'MeshRoll.BackupNotIstio'; Edit = { "apiVersion: admissionregistration.k8s.io/v1`nkind: MutatingWebhookConfiguration`nmetadata: {name: other}`nwebhooks: []`n" } }
    ) {
        $backup = Backup-MeshInjector ./all.yaml
        $text = Get-Content ./all.yaml -Raw | ForEach-Object $Edit
        if ($text) { Set-Content ./edited.yaml $text -NoNewline }
        $errors = @(Get-Errors { Restore-MeshInjector ./edited.yaml -Confirm:$false })
        $errors[-1].FullyQualifiedErrorId | Should -BeLike "$Id,*"
        "$($errors[-1])" | Should -BeLike '*edited.yaml*'
        if ($Id -eq 'MeshRoll.BackupForeignCluster') { (Restore-MeshInjector ./edited.yaml -Force).Changed | Should -BeFalse }
    }
}

Describe 'Tags and labels' {
    BeforeEach { Reset-World }

    It 'make, follow, move, leave and remove a tag' {
        (Set-MeshRevisionTag canary default).Changes.Object | Should -Be 'MutatingWebhookConfiguration/istio-revision-tag-canary'
        (Set-MeshNamespaceRevision shop -Tag canary).Verified | Should -BeTrue
        (Get-Errors { Set-MeshRevisionTag canary 1-27-1 }).FullyQualifiedErrorId | Should -BeLike 'MeshRoll.TagExists,*'
        (Set-MeshRevisionTag canary 1-27-1 -Force).Namespaces | Should -Be 'shop'
        Get-Injecting shop | Should -Be '1-27-1'
        $refused = Get-Errors { Remove-MeshRevisionTag canary -Confirm:$false }
        $refused.FullyQualifiedErrorId | Should -BeLike 'MeshRoll.TagInUse,*'
        "$refused" | Should -BeLike '*shop*'
        (Set-MeshNamespaceRevision shop -Default).To | Should -Be 'default'
        (Remove-MeshRevisionTag canary -Confirm:$false).UndoCommand | Should -Be 'Set-MeshRevisionTag -Tag canary -Revision 1-27-1 -Cluster sandbox'
        (Get-MeshInjector).Tag | Where-Object { $_ } | Should -BeNullOrEmpty
    }

    It 'hand the default over to a tag and back, and the webhook is as it was' {
        $before = Get-Webhook istio-sidecar-injector
        $set = Set-MeshRevisionTag default 1-27-1
        $set.Verified, $set.Namespaces | Should -Be $true, 'shop'
        (Get-MeshInjector istio-sidecar-injector).Health | Should -Be 'Inactive'
        Get-Injecting shop | Should -Be '1-27-1'
        (Invoke-Expression "$($set.UndoCommand) -Confirm:`$false").To | Should -Be 'default'
        Get-Webhook istio-sidecar-injector | Should -Be $before
    }

    It 'take a namespace out of the mesh, and bring it back from the backup' {
        $removed = Set-MeshNamespaceRevision bank -Remove -WarningVariable warned -WarningAction SilentlyContinue
        $warned | Should -BeLike '*without a sidecar*'
        Get-Injecting bank | Should -BeNullOrEmpty
        (Restore-MeshInjector $removed.BackupPath -Confirm:$false).Changed | Should -BeTrue
        Get-Injecting bank | Should -Be '1-27-1'
    }

    It 'take namespaces from the pipe' {
        (Get-MeshNamespace shop | Set-MeshNamespaceRevision -Revision 1-27-1).Namespaces | Should -Be 'shop'
    }
}

Describe 'Completion' {
    BeforeEach { Reset-World }

    It 'offers revisions, tags and webhooks' {
        $null = Set-MeshRevisionTag canary 1-27-1
        Complete 'Switch-MeshInjector -To ' | Should -Be '1-27-1', 'default'
        Complete 'Set-MeshNamespaceRevision shop -Revision 1' | Should -Be '1-27-1'
        Complete 'Remove-MeshRevisionTag -Tag ' | Should -Be 'canary'
        Complete 'Get-MeshInjector istio-s' | Should -Be 'istio-sidecar-injector', 'istio-sidecar-injector-1-27-1'
    }
}
