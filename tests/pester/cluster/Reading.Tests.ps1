BeforeAll { Import-Module $env:MESHROLL_MODULE }

Describe 'Reading' {
    It 'gives each sidecar with its workload, what runs, what would run, and why' {
        $web = @(Get-MeshSidecarVersion -Namespace reading -Name deploy/web)
        $web.Count | Should -Be 2
        $web[0].Cluster, $web[0].Namespace, $web[0].Kind, $web[0].Name | Should -Be 'meshroll-test', 'reading', 'Deployment', 'web'
        $web[0].Version, $web[0].DesiredVersion, $web[0].Outdated | Should -Be '1.26.4', '1.27.1', $true
        $web[0].Reason | Should -Match 'istio\.io/rev=1-27-1'
        $web[0].Pod | Should -BeLike 'web-*'
    }

    It 'gives one object for each workload, also for what cannot be restarted' {
        $workloads = Get-MeshWorkload -Namespace reading
        $workloads | Sort-Object Kind | ForEach-Object { "$($_.Kind) $($_.Name) $($_.Restartable)" } | Should -Be 'DaemonSet agent True', 'Deployment web True', 'Pod lonely False', 'StatefulSet db True'
    }

    It 'takes wildcards, kinds, labels and all namespaces' {
        (Get-MeshWorkload -Namespace read*, named -Name w*).Namespace | Sort-Object -Unique | Should -Be 'named', 'reading'
        (Get-MeshWorkload -Namespace reading -Kind StatefulSet, DaemonSet).Name | Sort-Object | Should -Be 'agent', 'db'
        (Get-MeshWorkload -Namespace reading -Name sts).Name | Should -Be 'db'
        (Get-MeshSidecarVersion -Namespace reading -LabelSelector 'app in (db)').Name | Should -Be 'db'
        (Get-MeshSidecarVersion -AllNamespaces).Namespace | Sort-Object -Unique | Should -Contain 'slow'
    }

    It 'judges by a version and a revision of the user''s own' {
        Get-MeshSidecarVersion -Namespace reading -TargetVersion 1.26.4 -Outdated | Should -BeNullOrEmpty
        @(Get-MeshSidecarVersion -Namespace reading -Name deploy/web -TargetVersion 2.0.0 -Outdated).Count | Should -Be 2
    }

    It 'finds its way from sidecars to workloads to rollouts by property name' {
        $rollouts = Get-MeshSidecarVersion -Namespace reading -Name deploy/web | Get-MeshWorkload | Get-MeshRollout
        @($rollouts).Count | Should -Be 1
        $rollouts.Name, $rollouts.State | Should -Be 'web', 'Complete'
    }

    It 'reads any workload that is named in full, and says which one is not there' {
        $found = Get-MeshRollout -Namespace reading -Name deploy/web, sts/nope -ErrorAction SilentlyContinue -ErrorVariable problems
        $found.Name | Should -Be 'web'
        $problems.FullyQualifiedErrorId | Should -BeLike 'MeshRoll.WorkloadNotFound,*'
        $problems.CategoryInfo.Category | Should -Be ObjectNotFound
    }

    It 'says which namespace is not there and reads the others' {
        $found = Get-MeshWorkload -Namespace reading, no-such-place -ErrorAction SilentlyContinue -ErrorVariable problems
        $found.Name | Should -Contain 'web'
        $problems.FullyQualifiedErrorId | Should -BeLike 'MeshRoll.NamespaceNotFound,*'
        $problems.Exception.Message | Should -Match 'no-such-place'
    }

    It 'stops reading when a command downstream has enough' {
        $watch = [System.Diagnostics.Stopwatch]::StartNew()
        @(Get-MeshSidecarVersion -AllNamespaces | Select-Object -First 1).Count | Should -Be 1
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 5
    }

    It 'shows a table of 120 columns' {
        (Get-MeshSidecarVersion -Namespace reading | Out-String -Width 120) -split '\r?\n' | ForEach-Object { $_.Length | Should -BeLessOrEqual 120 }
    }
}
