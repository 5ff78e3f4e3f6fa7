BeforeAll {
    Import-Module $env:MESHROLL_MODULE
    function Get-Completion([string] $Line) { (TabExpansion2 $Line $Line.Length).CompletionMatches.CompletionText }

    # A server that is busy may take longer than a Tab waits: pressed again.
    function Get-CompletionInTheEnd([string] $Line, [string[]] $Expected) {
        for ($i = 0; $i -lt 100 -and "$(Get-Completion $Line)" -ne "$Expected"; $i++) { Start-Sleep -Milliseconds 100 }
        Get-Completion $Line | Should -Be $Expected
    }
}

AfterAll { Disconnect-MeshCluster -ErrorAction Ignore }

Describe 'Completion of names' {
    It 'asks nobody as long as nothing is connected' {
        @(Get-Completion 'Get-MeshWorkload -Namespace rea') | Should -Not -Contain 'reading'
        Get-MeshCluster | Should -BeNullOrEmpty
    }

    It 'looks namespaces up on an open connection' {
        $null = Connect-MeshCluster
        Get-CompletionInTheEnd 'Get-MeshWorkload -Namespace rea' 'reading'
        Get-CompletionInTheEnd 'Get-MeshWorkload -Namespace p' 'parallel', 'paused', 'pipeline'
    }

    It 'looks workloads of the namespace up, with a kind where one was begun' {
        Get-CompletionInTheEnd 'Get-MeshRollout -Namespace reading -Name w' 'web'
        Get-CompletionInTheEnd 'Get-MeshRollout -Namespace reading -Name sts/' 'sts/db'
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
        # The connection is given up after 15 s, a Tab is not to wait for that.
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 5
        $listener.Stop()
    }
}
