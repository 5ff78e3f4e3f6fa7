BeforeAll {
    Import-Module $env:MESHROLL_MODULE
    function Get-Completion([string] $Line) { (TabExpansion2 $Line $Line.Length).CompletionMatches.CompletionText }
}

AfterAll { Disconnect-MeshCluster -ErrorAction Ignore }

Describe 'Completion of names' {
    It 'asks nobody as long as nothing is connected' {
        @(Get-Completion 'Get-MeshWorkload -Namespace rea') | Should -Not -Contain 'reading'
        Get-MeshCluster | Should -BeNullOrEmpty
    }

    It 'looks namespaces up on an open connection' {
        $null = Connect-MeshCluster
        Get-Completion 'Get-MeshWorkload -Namespace rea' | Should -Be 'reading'
        Get-Completion 'Get-MeshWorkload -Namespace p' | Should -Be 'parallel', 'paused', 'pipeline'
    }

    It 'looks workloads of the namespace up, with a kind where one was begun' {
        Get-Completion 'Get-MeshRollout -Namespace reading -Name w' | Should -Be 'web'
        Get-Completion 'Get-MeshRollout -Namespace reading -Name sts/' | Should -Be 'sts/db'
    }

    It 'offers what commands have met' {
        $null = Get-MeshWorkload -Namespace named
        Get-Completion 'Start-MeshRolloutRestart -Namespace named -Name web-' | Should -Be 'web-1', 'web-2', 'web-3', 'web-4'
    }

    It 'offers connections by name' {
        $null = Connect-MeshCluster -Name second
        Get-Completion 'Get-MeshWorkload -Cluster s' | Should -Be 'second'
        Get-Completion 'Disconnect-MeshCluster s' | Should -Be 'second'
    }

    It 'does not wait for a server that is gone' {
        $config = Join-Path $TestDrive 'gone'
        $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
        $listener.Start()
        (Get-Content -Raw $env:KUBECONFIG) -replace 'https://127\.0\.0\.1:\d+', "https://127.0.0.1:$($listener.LocalEndpoint.Port)" | Set-Content $config
        # A command that was stopped leaves an open connection behind on which nobody answers.
        $null = Get-MeshWorkload -KubeConfig $config -LabelSelector 'a=(' -ErrorAction SilentlyContinue
        $watch = [System.Diagnostics.Stopwatch]::StartNew()
        $null = Get-Completion 'Get-MeshWorkload -Cluster gone -Namespace x'
        $watch.Elapsed.TotalMilliseconds | Should -BeLessThan 1500
        $listener.Stop()
    }
}
