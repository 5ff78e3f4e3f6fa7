BeforeAll {
    Import-Module $env:MESHROLL_MODULE
    $sandbox = New-MeshSandbox -VirtualTime -Connect -Scenario @{
        startup    = @{ ready = '5s'; stop = '2s' }
        mesh       = @{
            revisions = @(
                @{ version = '1.27.1'; earlierVersions = @('1.26.4') }
            )
        }
        namespaces = @(
            @{
                name      = 'shop'
                injection = 'enabled'
                workloads = @(
                    @{ name = 'web'; replicas = 3; sidecar = '1.26.4'; initImage = 'hub.example/init:1'; image = 'hub.example/web:1' }
                    @{ name = 'cart'; replicas = 2; sidecar = '1.26.4'; image = 'hub.example/cart:1' }
                    @{ name = 'db'; kind = 'StatefulSet'; replicas = 2; sidecar = '1.26.4'; image = 'hub.example/db:1' }
                    @{ name = 'agent'; kind = 'DaemonSet'; image = 'hub.example/agent:1' }
                    @{ name = 'canary'; kind = 'Rollout'; replicas = 2; image = 'hub.example/canary:1' }
                )
            }
            @{ name = 'plain'; workloads = @(@{ name = 'tool'; image = 'hub.example/tool:1' }) }
        )
    }

    # The errors of a command, ended or not.
    function Get-Errors([scriptblock] $Command) {
        try { $null = & $Command 2>&1 | Tee-Object -Variable said } catch { $_ }
        $said | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] }
    }

    function Get-Images($Name) { (Get-MeshRolloutHistory $Name -Namespace shop | Where-Object Current).Images }

    function Complete([string] $Line) { (TabExpansion2 $Line $Line.Length).CompletionMatches.CompletionText }
}

AfterAll { $sandbox | Remove-MeshSandbox }

Describe 'Set-MeshWorkloadImage' {
    BeforeEach { $sandbox | Reset-MeshSandbox }

    It 'gives nothing, and with -PassThru the rollout that can be followed to its end' {
        Set-MeshWorkloadImage deploy/web @{ app = 'hub.example/web:2' } -Namespace shop | Should -BeNullOrEmpty
        $ended = Set-MeshWorkloadImage deploy/cart @{ app = 'hub.example/cart:2' } -Namespace shop -PassThru | Wait-MeshRollout -Timeout 10m
        $ended.State | Should -Be 'Complete'
        Get-Images deploy/cart | Should -Be 'hub.example/cart:2'
        Get-Images deploy/web | Should -Contain 'hub.example/web:2'
    }

    It 'fails with the reason when the image does not exist, and the old pods stay' {
        Set-MeshSandboxFault ImageMissing -Image 'hub.example/web:gone'
        $errors = Get-Errors { Set-MeshWorkloadImage deploy/web @{ app = 'hub.example/web:gone' } -Namespace shop -PassThru | Wait-MeshRollout -Timeout 10m }
        $errors.FullyQualifiedErrorId | Should -BeLike 'MeshRoll.RolloutFailed*'
        "$errors" | Should -BeLike '*hub.example/web:gone*'
        (Get-MeshSandboxTimeline web -Namespace shop | Measure-Object Ready -Minimum).Minimum | Should -BeGreaterOrEqual 3
    }

    It 'takes workloads, sidecars and rollouts from the pipe, each workload once' {
        $all = Get-MeshSidecarVersion -Namespace shop | Where-Object Kind -eq Deployment | Set-MeshWorkloadImage -Image @{ app = 'hub.example/x:2' } -PassThru
        $all.Name | Sort-Object | Should -Be 'cart', 'web'
        $all | Wait-MeshRollout -Timeout 10m | ForEach-Object State | Should -Be 'Complete', 'Complete'
        (Get-MeshWorkload -Namespace shop -Kind StatefulSet | Set-MeshWorkloadImage -Image @{ app = 'hub.example/x:2' } -PassThru).Name | Should -Be 'db'
        (Get-MeshRollout deploy/web -Namespace shop | Set-MeshWorkloadImage -Image @{ app = 'hub.example/x:3' } -PassThru).Name | Should -Be 'web'
    }

    It 'takes rows with Namespace, Kind and Name' {
        $rows = "Namespace,Kind,Name`nshop,Deployment,web`nshop,StatefulSet,db" | ConvertFrom-Csv
        ($rows | Set-MeshWorkloadImage -Image @{ app = 'hub.example/x:2' } -PassThru).Name | Should -Be 'web', 'db'
    }

    It 'sets all containers and init containers by an asterisk' {
        Set-MeshWorkloadImage web @{ '*' = 'hub.example/all:2' } -Namespace shop
        Get-Images deploy/web | Should -Be 'hub.example/all:2'
    }

    It 'finds a workload outside of the mesh by its name alone' {
        (Set-MeshWorkloadImage tool @{ app = 'hub.example/tool:2' } -Namespace plain -PassThru).Kind | Should -Be 'Deployment'
    }

    It 'sets the image of an Argo Rollout' {
        (Set-MeshWorkloadImage ro/canary @{ app = 'hub.example/canary:2' } -Namespace shop -PassThru | Wait-MeshRollout -Timeout 10m).State | Should -Be 'Complete'
        Get-Images ro/canary | Should -Be 'hub.example/canary:2'
    }

    It 'says what it would do with -WhatIf, and changes nothing' {
        $plan = Set-MeshWorkloadImage deploy/web @{ app = 'hub.example/web:2' } -Namespace shop -WhatIf -PassThru
        $plan.State | Should -Be 'Skipped'
        $plan.Message | Should -BeLike '*app hub.example/web:1 → hub.example/web:2*'
        Get-Images deploy/web | Should -Contain 'hub.example/web:1'
    }

    It 'names the containers there are when a name fits none, and the rest of the pipe goes on' {
        $done = 'web', 'cart' | ForEach-Object { [pscustomobject] @{ Namespace = 'shop'; Kind = 'Deployment'; Name = $_ } } |
            Set-MeshWorkloadImage -Image @{ app = 'hub.example/x:2'; setup = 'hub.example/init:2' } -PassThru -ErrorVariable errors -ErrorAction SilentlyContinue
        $done.Name | Should -Be 'web'
        $errors.FullyQualifiedErrorId | Should -BeLike 'MeshRoll.ContainerNotFound*'
        "$errors" | Should -BeLike '*deployment/cart has no container ''setup''; there is app.*'
        Get-Images deploy/cart | Should -Be 'hub.example/cart:1'
    }

    It 'refuses <Id> for <Images>' -ForEach @(
        @{ Images = '@{}'; Id = 'MeshRoll.ImageInvalid' }
        @{ Images = '@{ app = "" }'; Id = 'MeshRoll.ImageInvalid' }
        @{ Images = '@{ app = "a", "b" }'; Id = 'MeshRoll.ImageInvalid' }
        @{ Images = '@{ "*" = "a"; app = "b" }'; Id = 'MeshRoll.ImageInvalid' }
        @{ Images = '@{ nope = "a" }'; Id = 'MeshRoll.ContainerNotFound' }
    ) {
        (Get-Errors { Set-MeshWorkloadImage deploy/web (Invoke-Expression $Images) -Namespace shop }).FullyQualifiedErrorId | Should -BeLike "$Id*"
    }

    It 'warns when the images are there already' {
        Set-MeshWorkloadImage deploy/cart @{ app = 'hub.example/cart:1' } -Namespace shop -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -Be 'shop deployment/cart: its images are these already.'
    }
}

Describe 'Get-MeshRolloutHistory' {
    BeforeEach { $sandbox | Reset-MeshSandbox }

    It 'tells revisions with images, the current one, and the sidecars of their pods' {
        Set-MeshWorkloadImage deploy/cart @{ app = 'hub.example/cart:2' } -Namespace shop -PassThru | Wait-MeshRollout -Timeout 10m | Out-Null
        $history = Get-MeshRolloutHistory deploy/cart -Namespace shop
        $history.Revision | Should -Be 1, 2
        $history.Current | Should -Be $false, $true
        $history.Images | Should -Be 'hub.example/cart:1', 'hub.example/cart:2'
        $history[1].SidecarVersions | Should -Be '1.27.1'
        $history[0].SidecarVersions | Should -BeNullOrEmpty
        $history.Pods | Should -Be 0, 2
    }

    It 'covers every workload of the mesh in a namespace, and Argo Rollouts' {
        (Get-MeshRolloutHistory -Namespace shop).Name | Sort-Object | Should -Be 'agent', 'canary', 'cart', 'db', 'web'
    }

    It 'gives the template of a revision as JSON' {
        $entry = Get-MeshRolloutHistory sts/db -Namespace shop -Revision 1
        ($entry.Template | ConvertFrom-Json).spec.containers[0].image | Should -Be 'hub.example/db:1'
        (Get-MeshRolloutHistory sts/db -Namespace shop).Template | Should -BeNullOrEmpty
    }

    It 'names the revisions there are when one is not' {
        $errors = Get-Errors { Get-MeshRolloutHistory deploy/web -Namespace shop -Revision 7 }
        $errors.FullyQualifiedErrorId | Should -BeLike 'MeshRoll.RevisionNotFound*'
        "$errors" | Should -Be 'shop deployment/web has no revision 7: there is only 1.'
    }

    It 'shows a table in 120 columns, also of what comes back from a job' {
        $history = Get-MeshRolloutHistory deploy/web -Namespace shop
        $lines = ($history | Out-String -Width 120) -split '\r?\n' | Where-Object { $_.Trim() }
        $lines[0] | Should -Match '^Namespace +Workload +Revision +Created +Pods +Sidecars +Images$'
        $lines[-1] | Should -Match '^shop +deploy/web +1 \* .* 3 1\.26\.4 +hub\.example/web:1, hub\.example/init:1'
        $copy = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($history))
        ($copy | Out-String -Width 120) | Should -Be ($history | Out-String -Width 120)
    }
}

Describe 'Undo-MeshRollout' {
    BeforeEach { $sandbox | Reset-MeshSandbox }

    It 'brings the image of <Name> back and says plainly that the proxy stays' -ForEach @(
        @{ Name = 'deploy/cart'; Image = 'hub.example/cart:1' }, @{ Name = 'sts/db'; Image = 'hub.example/db:1' }, @{ Name = 'ds/agent'; Image = 'hub.example/agent:1' }
    ) {
        Set-MeshWorkloadImage $Name @{ app = 'hub.example/x:2' } -Namespace shop -PassThru | Wait-MeshRollout -Timeout 10m | Out-Null
        $started = Undo-MeshRollout $Name -Namespace shop -PassThru
        $started.Message | Should -BeLike 'undone to revision 1; this does not bring the old proxy back*'
        ($started | Wait-MeshRollout -Timeout 10m).State | Should -Be 'Complete'
        Get-Images $Name | Should -Be $Image
        (Get-MeshSidecarVersion $Name -Namespace shop).Version | Sort-Object -Unique | Should -Be '1.27.1'
    }

    It 'warns about the proxy once where nothing is passed on' {
        Set-MeshWorkloadImage deploy/web, deploy/cart @{ app = 'hub.example/x:2' } -Namespace shop
        Undo-MeshRollout deploy/web, deploy/cart -Namespace shop -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings.Count | Should -Be 1
        "$warnings" | Should -BeLike '*the old proxy does not come back*'
    }

    It 'says with -WhatIf that an undo after a restart replaces pods and nothing else' {
        Start-MeshRolloutRestart deploy/cart -Namespace shop | Wait-MeshRollout -Timeout 10m | Out-Null
        (Undo-MeshRollout deploy/cart -Namespace shop -WhatIf -PassThru).Message | Should -BeLike 'declined: Undo to revision 1 (hub.example/cart:1); it differs from now by the time of a restart alone*does not bring the old proxy back*'
    }

    It 'goes to the revision of the history that is piped in' {
        foreach ($tag in 2, 3) { Set-MeshWorkloadImage deploy/cart @{ app = "hub.example/cart:$tag" } -Namespace shop -PassThru | Wait-MeshRollout -Timeout 10m | Out-Null }
        Get-MeshRolloutHistory deploy/cart -Namespace shop | Where-Object Images -contains 'hub.example/cart:1' | Undo-MeshRollout -PassThru | Wait-MeshRollout -Timeout 10m |
            ForEach-Object State | Should -Be 'Complete'
        Get-Images deploy/cart | Should -Be 'hub.example/cart:1'
    }

    It 'goes to the revision that comes back from a job' {
        foreach ($tag in 2, 3) { Set-MeshWorkloadImage deploy/cart @{ app = "hub.example/cart:$tag" } -Namespace shop -PassThru | Wait-MeshRollout -Timeout 10m | Out-Null }
        $entry = Get-MeshRolloutHistory deploy/cart -Namespace shop -Revision 1
        $copy = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($entry))
        ($copy | Undo-MeshRollout -PassThru).Message | Should -BeLike 'undone to revision 1;*'
    }

    It 'goes to the revision given' {
        foreach ($tag in 2, 3) { Set-MeshWorkloadImage sts/db @{ app = "hub.example/db:$tag" } -Namespace shop -PassThru | Wait-MeshRollout -Timeout 10m | Out-Null }
        Undo-MeshRollout sts/db -Namespace shop -ToRevision 1 -WarningAction SilentlyContinue
        Get-Images sts/db | Should -Be 'hub.example/db:1'
    }

    It 'refuses what cannot be undone with the way out' {
        "$(Get-Errors { Undo-MeshRollout deploy/cart -Namespace shop })" | Should -BeLike '*no revision before the one it has now*'
        "$(Get-Errors { Undo-MeshRollout deploy/cart -Namespace shop -ToRevision 9 })" | Should -Be 'shop deployment/cart has no revision 9: there is only 1.'
        "$(Get-Errors { Undo-MeshRollout ro/canary -Namespace shop })" | Should -BeLike '*kubectl argo rollouts undo canary -n shop*'
        Set-MeshWorkloadImage deploy/cart @{ app = 'hub.example/cart:2' } -Namespace shop
        Suspend-MeshRollout deploy/cart -Namespace shop
        $errors = Get-Errors { Undo-MeshRollout deploy/cart -Namespace shop -ToRevision 1 }
        $errors.FullyQualifiedErrorId | Should -BeLike 'MeshRoll.WorkloadPaused*'
        "$errors" | Should -BeLike '*resume it first (Resume-MeshRollout*'
    }

    It 'says that there is nothing to do where the template is there already' {
        Undo-MeshRollout deploy/cart -Namespace shop -ToRevision 1 -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -Be 'shop deployment/cart: nothing to undo: its template is that of revision 1 already.'
    }
}

Describe 'Suspend- and Resume-MeshRollout' {
    BeforeEach { $sandbox | Reset-MeshSandbox }

    It 'collects changes while suspended and rolls them once' {
        (Suspend-MeshRollout deploy/web -Namespace shop -PassThru).State | Should -Be 'Paused'
        Set-MeshWorkloadImage deploy/web @{ app = 'hub.example/web:2' } -Namespace shop
        Set-MeshWorkloadImage deploy/web @{ setup = 'hub.example/init:2' } -Namespace shop
        (Get-MeshRollout deploy/web -Namespace shop).State | Should -Be 'Paused'
        (Get-MeshRollout -Namespace shop | Where-Object State -EQ Paused | Resume-MeshRollout -PassThru | Wait-MeshRollout -Timeout 10m).State | Should -Be 'Complete'
        (Get-MeshRolloutHistory deploy/web -Namespace shop).Revision | Should -Be 1, 2
    }

    It 'warns where all is as wished already' {
        Suspend-MeshRollout deploy/web -Namespace shop
        Suspend-MeshRollout deploy/web -Namespace shop -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -BeLike '*suspended already*'
        Resume-MeshRollout deploy/web -Namespace shop
        Resume-MeshRollout deploy/web -Namespace shop -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -BeLike '*is not suspended*'
    }

    It 'refuses other kinds that were named with the reason, and leaves them alone when a pattern matched them' {
        $errors = Get-Errors { Suspend-MeshRollout sts/db -Namespace shop }
        $errors.FullyQualifiedErrorId | Should -BeLike 'MeshRoll.VerbNotSupported*'
        "$errors" | Should -BeLike '*for Deployments only*partition*'
        $done = Suspend-MeshRollout * -Namespace shop -PassThru -ErrorVariable errors
        $done.Name | Sort-Object | Should -Be 'cart', 'web'
        $errors | Should -BeNullOrEmpty
    }

    It 'refuses to begin when nothing was named' {
        (Get-Errors { Suspend-MeshRollout }).FullyQualifiedErrorId | Should -BeLike 'MeshRoll.NothingNamed*'
        (Get-Errors { [pscustomobject] @{ Namespace = 'shop' } | Suspend-MeshRollout }).FullyQualifiedErrorId | Should -BeLike 'MeshRoll.NothingNamed*'
    }

    It 'goes on after a workload that is not there any more' {
        $done = 'gone', 'web' | ForEach-Object { [pscustomobject] @{ Namespace = 'shop'; Kind = 'Deployment'; Name = $_ } } |
            Suspend-MeshRollout -PassThru -ErrorVariable errors -ErrorAction SilentlyContinue
        $done.Name | Should -Be 'web'
        $errors.FullyQualifiedErrorId | Should -BeLike 'MeshRoll.WorkloadNotFound*'
    }
}

Describe 'Completion of the verbs' {
    BeforeAll { $sandbox | Reset-MeshSandbox }

    It 'offers revisions, the newest first' {
        Set-MeshWorkloadImage deploy/web @{ app = 'hub.example/web:2' } -Namespace shop -PassThru | Wait-MeshRollout -Timeout 10m | Out-Null
        Complete 'Undo-MeshRollout -Namespace shop -Name deploy/web -ToRevision ' | Should -Be '2', '1'
        Complete 'Get-MeshRolloutHistory -Namespace shop -Name web -Revision ' | Should -Be '2', '1'
    }

    It 'offers containers with their images' {
        Complete 'Set-MeshWorkloadImage -Namespace shop -Name deploy/web -Image ' | Should -Be "@{ 'app' = 'hub.example/web:2' }", "@{ 'setup' = 'hub.example/init:1' }"
    }

    It 'offers nothing where no workload is named' {
        { Complete 'Undo-MeshRollout -Namespace shop -ToRevision ' } | Should -Not -Throw
    }
}
