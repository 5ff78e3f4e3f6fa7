BeforeAll {
    Import-Module $env:MESHROLL_MODULE
    $script:story = @{
        name       = 'Story'
        mesh       = @{ kind = 'istio'; revisions = @(@{ version = '1.26.4' }, @{ name = '1-27-1'; version = '1.27.1' }); tags = @{ stable = '1-27-1' } }
        namespaces = @(
            @{ name = 'tenant'; injection = 'enabled'; workloads = @(@{ name = 'web'; replicas = 2; age = '30d' }, @{ name = 'cart'; age = '20d' }, @{ name = 'frozen'; paused = $true; age = '2d' }) }
            @{ name = 'other'; injection = 'enabled'; workloads = @(@{ kind = 'StatefulSet'; name = 'db'; replicas = 2 }) }
            @{ name = 'odd'; injection = 'enabled'; labels = @{ 'istio.io/rev' = '1-27-1' } }
            @{ name = 'plain'; workloads = @(@{ name = 'batch' }) }
        )
    }
    $null = New-MeshSandbox -Scenario $story -VirtualTime -Connect
    $script:backups = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "meshroll-$([guid]::NewGuid())")).FullName
}

AfterAll {
    Remove-MeshSandbox *
    Remove-Item $backups -Recurse -Force
}

Describe 'Get-MeshControlPlane' {
    BeforeAll { Reset-MeshSandbox -Confirm:$false }

    It 'gives a revision with its istiod, its injection and who lives on it' {
        $planes = Get-MeshControlPlane
        $planes.Revision | Should -Be '1-27-1', 'default'
        $planes.Pods | Should -Be 0, 6
        $planes.Default | Should -Be $false, $true
        $planes[0].Tags | Should -Be 'stable'
        "$($planes[1].Health)", $planes[1].Image, $planes[1].Endpoints | Should -Be 'Healthy', 'docker.io/istio/proxyv2:1.26.4', 1
        $planes[1].Namespaces | Should -Be 'odd', 'other', 'tenant'
    }

    It 'asks who is connected only when told to' {
        (Get-MeshControlPlane default).Connected | Should -BeNullOrEmpty
        (Get-MeshSandboxRequest | Where-Object Subresource -EQ portforward) | Should -BeNullOrEmpty
        (Get-MeshControlPlane default -IncludeConnected).Connected | Should -Be 6
    }

    It 'takes tags, and names what there is where there is no such revision' {
        (Get-MeshControlPlane stable).Revision | Should -Be '1-27-1'
        Get-MeshControlPlane 1-28 -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problem[0].FullyQualifiedErrorId | Should -Be 'MeshRoll.RevisionNotFound,MeshRoll.Commands.GetMeshControlPlaneCommand'
        $problem[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        "$($problem[0])" | Should -BeLike '*1-27-1, default; tags: stable (1-27-1).'
    }
}

Describe 'Get-MeshNamespace' {
    BeforeAll { Reset-MeshSandbox -Confirm:$false }

    It 'gives the namespaces that take part, or all' {
        (Get-MeshNamespace).Namespace | Should -Be 'odd', 'other', 'tenant'
        (Get-MeshNamespace -AllNamespaces).Namespace | Should -Contain 'plain'
        (Get-MeshNamespace plain, t*).Namespace | Should -Be 'plain', 'tenant'
    }

    It 'tells the rule and the pods by version, and pipes into Get-MeshWorkload' {
        $tenant = Get-MeshNamespace tenant
        $tenant.Revision, $tenant.Version, $tenant.Rule | Should -Be 'default', '1.26.4', 'namespace label istio-injection=enabled'
        $tenant.PodsByVersion['1.26.4'], $tenant.Outdated | Should -Be 4, 0
        ($tenant | Get-MeshWorkload -Kind Deployment).Name | Should -Be 'cart', 'frozen', 'web'
    }

    It 'names what is at odds' {
        (Get-MeshNamespace odd).Conflicts | Should -BeLike 'both labels are set: istio-injection=enabled wins*'
        (Get-MeshNamespace | Where-Object Conflicts).Namespace | Should -Be 'odd'
    }
}

Describe 'A migration from the first line to the last' {
    BeforeAll { Reset-MeshSandbox -Confirm:$false }

    It 'has not begun, and says that a restart would not move anybody yet' {
        $rows = Get-MeshMigration -From default -To stable
        $rows.Namespace | Should -Be 'other', 'tenant', $null
        $total = $rows | Where-Object Total
        $total.Moved, $total.Left, $total.NotSwitched, $total.NotRestartable, $total.To | Should -Be 0, 6, 6, 1, '1-27-1'
        $total.Message | Should -BeLike '*6 pods would not move by a restart yet*'
        (Get-MeshRevisionUsage default | Where-Object Kind -EQ Deployment | Get-MeshWorkload).Name | Should -Be 'cart', 'frozen', 'web'
        Test-MeshRevisionRemoval default | Should -BeFalse
        Test-MeshRevisionRemoval 1-27-1 | Should -BeFalse -Because 'the tag stable points at it'
    }

    It 'counts what a release has moved after the switch' {
        $change = Switch-MeshInjector -To 1-27-1 -BackupPath $backups -Confirm:$false
        "$($change.Way)" | Should -Be 'Service'
        Set-MeshWorkloadImage -Namespace tenant -Name deploy/web -Image @{ app = 'registry.example/web:2' } -Confirm:$false -PassThru | Wait-MeshRollout -Timeout 5m | Out-Null
        $tenant = Get-MeshMigration -From default -To 1-27-1 tenant | Where-Object { -not $_.Total }
        $tenant.Moved, $tenant.Left, $tenant.WorkloadsMoved, $tenant.WorkloadsLeft, $tenant.NotSwitched, $tenant.Percent | Should -Be 2, 2, 1, 2, 0, 50
        $tenant.OldestLeft | Should -BeLessThan ([DateTimeOffset]::UtcNow.AddDays(-19))
    }

    It 'measures the pace from a date or a duration' {
        (Get-MeshMigration -From default -To 1-27-1 -Since 2d | Where-Object Total).MovedPerDay | Should -Be 1
        (Get-MeshMigration -From default -To 1-27-1 -Since ([datetime]::Now.AddDays(-4)) | Where-Object Total) | ForEach-Object { $_.MovedPerDay, $_.DaysToGo } | Should -Be 0.5, 8
        { Get-MeshMigration -To 1-27-1 -Since tomorrow } | Should -Throw '*neither a date nor a duration*'
        { Get-MeshMigration -To 1-27-1 -Since ([datetime]::Now.AddDays(1)) } | Should -Throw '*in the future*'
    }

    It 'pipes what is left into a restart' {
        $left = Get-MeshMigration -From default -To 1-27-1 -Left
        $left.Name | Should -Be 'db', 'cart', 'frozen'
        $left | Where-Object Restartable | Start-MeshRolloutRestart -Strategy Auto -Confirm:$false | Wait-MeshRollout -Timeout 10m | ForEach-Object { "$($_.State)" } | Should -Be 'Complete', 'Complete'
        (Get-MeshMigration -From default -To 1-27-1 | Where-Object Total).Percent | Should -Be 83
    }

    It 'waits for as much as wanted, and not longer than allowed' {
        (Wait-MeshMigration -To 1-27-1 -Percent 80).Moved | Should -Be 5
        Wait-MeshMigration -To 1-27-1 -Timeout 300ms -PollInterval 100ms -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problem[0].FullyQualifiedErrorId | Should -Be 'MeshRoll.MigrationTimedOut,MeshRoll.Commands.WaitMeshMigrationCommand'
        $problem[0].TargetObject.Left | Should -Be 1
    }

    It 'names what is still in the way of removing the old revision, with what to do' {
        $used = Get-MeshRevisionUsage default | Where-Object Blocking -NE $false
        ($used | Where-Object Use -EQ Pod).Name | Should -Be 'frozen'
        ($used | Where-Object Use -EQ Webhook).Name | Should -Be 'istio-sidecar-injector'
        $used.Advice | Should -Not -BeNullOrEmpty
    }

    It 'lets it go when nothing is on it any more and its webhook is kept' {
        Resume-MeshRollout -Namespace tenant -Name deploy/frozen -Confirm:$false
        Start-MeshRolloutRestart -Namespace tenant -Name deploy/frozen -Confirm:$false | Wait-MeshRollout -Timeout 5m | Out-Null
        Test-MeshRevisionRemoval default | Should -BeFalse
        $kept = Backup-MeshInjector -Path $backups -Confirm:$false
        Test-MeshRevisionRemoval default -Backup $kept.Path | Should -BeTrue
        (Get-MeshMigration -From default -To 1-27-1 | Where-Object Total).Message | Should -Be 'done: all 6 pods are on revision 1-27-1'
    }

    It 'refuses names that are none, and tags where a revision is meant' {
        { Get-MeshMigration -From nix -To 1-27-1 -ErrorAction Stop } | Should -Throw -ErrorId 'MeshRoll.RevisionNotFound,MeshRoll.Commands.GetMeshMigrationCommand'
        { Get-MeshMigration -From stable -To 1-27-1 -ErrorAction Stop } | Should -Throw -ErrorId 'MeshRoll.MigrationInvalid,MeshRoll.Commands.GetMeshMigrationCommand'
        { Test-MeshRevisionRemoval stable -ErrorAction Stop } | Should -Throw -ErrorId 'MeshRoll.RevisionIsTag,MeshRoll.Commands.TestMeshRevisionRemovalCommand'
        { Test-MeshRevisionRemoval 1-28 -ErrorAction Stop } | Should -Throw -ErrorId 'MeshRoll.RevisionNotFound,MeshRoll.Commands.TestMeshRevisionRemovalCommand'
    }

    It 'never calls done what it could not read' {
        $nobody = Connect-MeshCluster -Sandbox (Get-MeshSandbox) -AsUser nobody -Name nobody
        try {
            $total = Get-MeshMigration -To 1-27-1 -Cluster $nobody -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
            $total.Total, $total.Percent, $total.Complete, $total.DaysToGo | Should -Be $true, $null, $false, $null
            Test-MeshRevisionRemoval default -Cluster $nobody -WarningVariable warnings -WarningAction SilentlyContinue | Should -BeFalse
            "$warnings" | Should -BeLike '*no right to list*cannot be told*'
            { Wait-MeshMigration -To 1-27-1 -Cluster $nobody -Timeout 5 -ErrorAction Stop } | Should -Throw '*cannot list resource "pods"*'
            (Get-MeshNamespace tenant -Cluster $nobody -ErrorAction SilentlyContinue -WarningAction SilentlyContinue) | ForEach-Object { $_.Injected, $_.Pods } | Should -Be $null, $null
        }
        finally { Disconnect-MeshCluster nobody }
    }

    It 'completes revisions and tags' {
        $line = 'Get-MeshMigration -To '
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Be '1-27-1', 'stable'
    }

    It 'gives objects that survive a job' {
        foreach ($object in (Get-MeshMigration -To 1-27-1)[-1], (Get-MeshNamespace tenant), (Get-MeshControlPlane 1-27-1)) {
            $copy = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($object))
            ($copy | Format-List | Out-String) | Should -Be ($object | Format-List | Out-String)
        }
    }
}
