BeforeAll {
    Import-Module $env:MESHROLL_MODULE
    $config = Join-Path $TestDrive 'config'
    Set-Content $config @'
current-context: blue
clusters: [{name: c, cluster: {server: "https://127.0.0.1:9"}}]
users: [{name: u, user: {token: t}}]
contexts: [{name: blue, context: {cluster: c, user: u}}, {name: green, context: {cluster: c, user: u}}, {name: "grey one", context: {cluster: c, user: u}}]
'@
    $saved = $env:KUBECONFIG
    $env:KUBECONFIG = $config

    function Get-Completion([string] $Line) { (TabExpansion2 $Line $Line.Length).CompletionMatches.CompletionText }
}

AfterAll { $env:KUBECONFIG = $saved }

Describe 'Completion' {
    It 'offers the contexts of the kubeconfig that begin as typed' {
        Get-Completion 'Connect-MeshCluster -Context gr' | Should -Be 'green', "'grey one'"
        Get-Completion 'Get-MeshWorkload -Context ' | Should -Be 'blue', 'green', "'grey one'"
        Get-Completion "Get-MeshWorkload -Context 'grey" | Should -Be "'grey one'"
    }

    It 'offers the contexts of the kubeconfig on the command line' {
        Set-Content (Join-Path $TestDrive 'other') 'contexts: [{name: purple, context: {cluster: c}}]'
        Get-Completion "Get-MeshWorkload -KubeConfig '$TestDrive/other' -Context " | Should -Be 'purple'
    }

    It 'offers kinds' {
        Get-Completion 'Get-MeshWorkload -Kind D' | Should -Be 'Deployment', 'DaemonSet'
    }

    It 'offers what a strategy may be' {
        Get-Completion 'Start-MeshRolloutRestart -Strategy ' | Should -Be @('Auto', 'Evict', 'Rolling', 'Surge')
    }

    It 'offers nothing and says nothing where there is nothing to know: <Line>' -ForEach @(
        @{ Line = 'Get-MeshWorkload -Namespace sh' }, @{ Line = 'Get-MeshWorkload -Name we' }, @{ Line = 'Get-MeshWorkload -Cluster x' }, @{ Line = 'Get-MeshCluster zz' }
    ) {
        $Error.Clear()
        # PowerShell itself offers file names when nobody else offers anything.
        @(Get-Completion $Line) | Where-Object { $_ -and -not (Test-Path $_) } | Should -BeNullOrEmpty
        $Error | Should -BeNullOrEmpty
    }

    It 'survives a kubeconfig that cannot be read' {
        $env:KUBECONFIG = Join-Path $TestDrive 'broken'
        Set-Content $env:KUBECONFIG '{{{{'
        try { @(Get-Completion 'Connect-MeshCluster -Context ') | Where-Object { $_ -and -not (Test-Path $_) } | Should -BeNullOrEmpty }
        finally { $env:KUBECONFIG = $config }
    }
}

Describe 'A server that takes longer than a Tab' {
    BeforeAll { $null = New-MeshSandbox Minimal -Name slow }
    AfterAll { Remove-MeshSandbox slow }

    It 'is not waited for, is asked once, and what it said is there for a later Tab' {
        Connect-MeshCluster -Sandbox slow | Out-Null
        Set-MeshSandboxFault -Latency 3s -Resource namespaces -Verb list
        $line = 'Get-MeshWorkload -Cluster slow -Namespace kube-s'

        Get-Completion $line | Should -Not -Contain 'kube-system'
        for ($i = 0; $i -lt 100 -and 'kube-system' -notin (Get-Completion $line); $i++) { Start-Sleep -Milliseconds 100 }

        Get-Completion $line | Should -Be 'kube-system'
        Get-MeshSandboxRequest -Resource namespaces -Verb list | Should -HaveCount 1
    }
}
