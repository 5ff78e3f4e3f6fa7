BeforeAll {
    Import-Module $env:MESHROLL_MODULE

    function Get-Workload([string] $Name, [string] $Sync, [string] $Sidecar) {
        $workload = @{ name = $Name; replicas = 2 }
        if ($Sidecar) { $workload.sidecar = $Sidecar }
        if ($Sync) { $workload.podAnnotations = @{ 'sandbox.meshroll.io/proxy-sync' = $Sync } }
        $workload
    }

    # An old istiod answers in the old form, a new one in the new.
    $world = @{
        mesh       = @{ revisions = @(@{ version = '1.26.4'; replicas = 2 }; @{ name = '1-27-1'; version = '1.27.1'; replicas = 2 }); tags = @{ canary = '1-27-1' } }
        namespaces = @(
            @{ name = 'shop'; revision = '1-27-1'; workloads = @((Get-Workload web); (Get-Workload stale stale); (Get-Workload quiet not-sent); (Get-Workload lost disconnected)) }
            @{ name = 'bank'; injection = 'enabled'; workloads = @((Get-Workload ledger); (Get-Workload slow stale)) }
        )
    }
    $null = New-MeshSandbox -Name status -Scenario $world -VirtualTime -Connect

    function Get-Line($Object) { ($Object | Out-String -Width 120) -split '\r?\n' | Where-Object { $_.Trim() } }
}

AfterAll { Remove-MeshSandbox * }

Describe 'Get-MeshProxyStatus' {
    It 'gives one flat row for each proxy, with the istiod that knows it' {
        $rows = Get-MeshProxyStatus -AllNamespaces
        $rows.Count | Should -Be 12
        $web = $rows | Where-Object Name -eq web | Select-Object -First 1
        $web.Cluster, $web.Namespace, $web.Kind, $web.Name | Should -Be 'status', 'shop', 'Deployment', 'web'
        $web.Cds, $web.Lds, $web.Eds, $web.Rds, $web.Ecds | Should -Be 'SYNCED', 'SYNCED', 'SYNCED', 'SYNCED', 'NOT SENT'
        $web.Revision, $web.Version, $web.ClusterId, "$($web.State)", $web.Connected, $web.Gateway | Should -Be '1-27-1', '1.27.1', 'Kubernetes', 'Synced', $true, $false
        $web.Istiod | Should -Match '^istiod-1-27-1-'
        $rows | Where-Object Istiod | ForEach-Object Istiod | Sort-Object -Unique | Should -HaveCount 4
        ($rows | Where-Object Name -eq ledger)[0].Istiod | Should -Match '^istiod-(?!1-27)'
    }

    It 'reads the old form and the new' {
        (Get-MeshProxyStatus -AllNamespaces -Name stale, slow | ForEach-Object { "$($_.Version) $($_.State) $($_.Lds) $($_.Reason)" } | Sort-Object -Unique) |
            Should -Be '1.26.4 Stale STALE it has not acknowledged its last clusters, listeners, endpoints and routes', '1.27.1 Stale STALE it has not acknowledged its last clusters, listeners, endpoints and routes'
    }

    It 'tells lost sidecars from those that were sent nothing' {
        $lost = Get-MeshProxyStatus -Namespace shop -Name lost | Select-Object -First 1
        "$($lost.State)", $lost.Connected, $lost.Cds, $lost.Istiod, $lost.Revision, $lost.Version | Should -Be 'Disconnected', $false, $null, $null, '1-27-1', '1.27.1'
        $lost.Reason | Should -Be 'no istiod knows it; see the log of container istio-proxy'
        (Get-MeshProxyStatus -Namespace shop -Name deploy/quiet)[0] | ForEach-Object { "$($_.State) $($_.Connected) $($_.Reason)" } | Should -Be 'NotSent True it is connected and was not sent clusters and listeners'
    }

    It 'chooses by state, revision, tag, wildcard and label' {
        (Get-MeshProxyStatus -AllNamespaces -State Stale, Disconnected).Name | Sort-Object -Unique | Should -Be 'lost', 'slow', 'stale'
        (Get-MeshProxyStatus -AllNamespaces -Revision default).Namespace | Sort-Object -Unique | Should -Be 'bank'
        (Get-MeshProxyStatus -AllNamespaces -Revision canary).Namespace | Sort-Object -Unique | Should -Be 'shop'
        (Get-MeshProxyStatus -AllNamespaces -Revision 1-*, def*).Count | Should -Be 12
        (Get-MeshProxyStatus -Namespace b* -LabelSelector app=slow).Name | Sort-Object -Unique | Should -Be 'slow'
        Get-MeshProxyStatus -Namespace bank -State Disconnected | Should -BeNullOrEmpty
    }

    It 'shows a table like that of istioctl, and the whole as a list' {
        $rows = Get-MeshProxyStatus -Namespace bank -Name slow
        $lines = Get-Line $rows
        $lines[0] | Should -Match '^Namespace +Pod +CDS +LDS +EDS +RDS +Istiod +Version +State$'
        $lines | ForEach-Object { $_.Length | Should -BeLessOrEqual 120 }
        $lines[2] | Should -Match '^bank +slow-\S+ +STALE +STALE +STALE +STALE +istiod-\S+ +1\.26\.4 +Stale$'
        Get-Line ($rows[0] | Format-List) | Should -Contain 'Reason    : it has not acknowledged its last clusters, listeners, endpoints and routes'
        $copy = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($rows, 2))
        Get-Line $copy | Should -Be $lines
    }

    It 'goes down the pipeline by its properties, and comes up it' {
        (Get-MeshProxyStatus -Namespace shop -State Disconnected | Get-MeshWorkload).Name | Should -Be 'lost'
        (Get-MeshWorkload -AllNamespaces -Name web, ledger | Get-MeshProxyStatus).Name | Sort-Object -Unique | Should -Be 'ledger', 'web'
        $plan = Get-MeshProxyStatus -Namespace shop -State Disconnected | Start-MeshRolloutRestart -Force -Strategy Rolling -WhatIf
        $plan.Name | Sort-Object -Unique | Should -Be 'lost'
    }

    It 'completes revisions, tags and states' {
        function Get-Word([string] $Line) { (TabExpansion2 $Line $Line.Length).CompletionMatches.CompletionText }
        Get-Word 'Get-MeshProxyStatus -Revision ' | Should -Be '1-27-1', 'canary', 'default'
        Get-Word 'Get-MeshProxyStatus -State Dis' | Should -Be 'Disconnected'
    }

    It 'says in one sentence with a stable id what makes no sense' {
        Get-MeshProxyStatus -AllNamespaces -Revision 1-99 -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        $problem.FullyQualifiedErrorId | Should -BeLike 'MeshRoll.RevisionNotFound,*'
        "$problem" | Should -Be "There is no revision or tag '1-99'. Revisions: 1-27-1, default; tags: canary (1-27-1)."
        $problem[0].CategoryInfo.Category, $problem[0].TargetObject | Should -Be 'ObjectNotFound', '1-99'
        { Get-MeshProxyStatus -State Fine } | Should -Throw -ErrorId 'CannotConvertArgumentNoMessage,*'
        { Get-MeshProxyStatus -Namespace shpo -ErrorAction Stop } | Should -Throw -ErrorId 'MeshRoll.NamespaceNotFound,*'
        { Get-MeshProxyStatus -Namespace shop -LabelSelector 'app=(' -ErrorAction Stop } | Should -Throw -ErrorId 'MeshRoll.SelectorInvalid,*'
    }

    It 'asks each istiod once, by port-forward' {
        $null = Get-MeshProxyStatus -AllNamespaces
        Reset-MeshSandbox -Confirm:$false
        $null = Get-MeshProxyStatus -AllNamespaces
        $forwards = Get-MeshSandboxRequest | Where-Object Path -like '*/portforward*'
        $forwards.Count | Should -Be 4
        $forwards.Path | Sort-Object -Unique | Should -HaveCount 4
    }
}

Describe 'An istiod that cannot be asked' {
    BeforeAll {
        # A third istiod, of a revision of its own, that refuses everybody.
        $refusing = @{
            apiVersion = 'v1'; kind = 'Pod'
            metadata   = @{ name = 'istiod-strange'; namespace = 'istio-system'; labels = @{ app = 'istiod'; 'istio.io/rev' = 'strange' }; annotations = @{ 'sandbox.meshroll.io/debug-endpoint' = '401' } }
            spec       = @{ containers = @(@{ name = 'discovery'; image = 'istio/pilot:1.27.1' }) }
        }
        $null = New-MeshSandbox -Name refusing -Scenario ($world + @{ objects = @($refusing) }) -VirtualTime -Connect
    }

    It 'is one warning with the way out, and only what it alone could know is unknown' {
        $rows = Get-MeshProxyStatus -Cluster refusing -AllNamespaces -WarningAction SilentlyContinue -WarningVariable warnings
        $warnings | Should -HaveCount 1
        "$warnings" | Should -BeLike 'istiod of revision strange (istio-system/istiod-strange) could not be asked for its proxies: it refuses its debug endpoint (401 Unauthorized)*istioctl proxy-status. What only it can tell is Unknown.'
        ($rows | Where-Object State -eq Unknown).Name | Sort-Object -Unique | Should -Be 'lost'
        ($rows | Where-Object State -eq Unknown)[0].Connected | Should -BeNullOrEmpty
        ($rows | Where-Object State -ne Unknown).Count | Should -Be 10
    }

    It 'does not stop a script that stops at errors' {
        $ErrorActionPreference = 'Stop'
        (Get-MeshProxyStatus -Cluster refusing -Namespace bank -WarningAction SilentlyContinue).Count | Should -Be 4
    }
}

Describe 'Other meshes' {
    It 'have no proxy status, and are told so' {
        $null = New-MeshSandbox -Name linked -VirtualTime -Connect -Scenario @{
            mesh       = @{ kind = 'linkerd'; revisions = @(@{ version = 'edge-25.1.1' }) }
            namespaces = @(@{ name = 'shop'; injection = 'enabled'; workloads = @(@{ name = 'web' }) })
        }
        Get-MeshProxyStatus -Cluster linked -Namespace shop -WarningAction SilentlyContinue -WarningVariable warnings | Should -BeNullOrEmpty
        "$warnings" | Should -BeLike '*Proxy status is Istio*alone*'
    }
}
