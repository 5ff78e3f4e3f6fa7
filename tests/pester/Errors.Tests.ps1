BeforeAll {
    Import-Module $env:MESHROLL_MODULE

    function Set-KubeConfig([string] $Text) {
        $path = Join-Path $TestDrive ([guid]::NewGuid())
        Set-Content -LiteralPath $path $Text
        $path
    }

    # The error of a command, ended or not.
    function Get-Error([scriptblock] $Command) {
        try { $null = & $Command 2>&1 | Tee-Object -Variable said } catch { return $_ }
        $said | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] } | Select-Object -First 1
    }

    function Assert-Sentence($Record) {
        $Record.Exception.Message | Should -Not -Match ' at MeshRoll|StackTrace|Exception:'
        $Record.Exception.Message | Should -Match '\.$'
        $Record.Exception.Message.Length | Should -BeLessThan 400
    }

    $good = Set-KubeConfig @'
apiVersion: v1
kind: Config
current-context: blue
clusters: [{name: c, cluster: {server: "https://127.0.0.1:9"}}]
users: [{name: u, user: {token: very-secret}}]
contexts: [{name: blue, context: {cluster: c, user: u}}, {name: green, context: {cluster: c, user: u}}]
'@
}

Describe 'Bad input' {
    It 'says which kubeconfig is not there' {
        $e = Get-Error { Get-MeshSidecarVersion -KubeConfig /no/such/file }
        $e.FullyQualifiedErrorId | Should -BeLike 'MeshRoll.KubeConfigNotFound,*'
        $e.CategoryInfo.Category | Should -Be ObjectNotFound
        $e.Exception.Message | Should -Match '/no/such/file'
        Assert-Sentence $e
    }

    It 'says file and line of a half-written kubeconfig' {
        $path = Set-KubeConfig "clusters:`n- name: c`n  cluster: {server: 'https://x"
        $e = Get-Error { Connect-MeshCluster -KubeConfig $path }
        $e.FullyQualifiedErrorId | Should -BeLike 'MeshRoll.KubeConfigInvalid,*'
        $e.CategoryInfo.Category | Should -Be InvalidData
        $e.Exception.Message | Should -Match ([regex]::Escape($path))
        $e.Exception.Message | Should -Match 'line \d'
        Assert-Sentence $e
    }

    It 'lists the contexts there are' {
        $e = Get-Error { Get-MeshWorkload -KubeConfig $good -Context red }
        $e.FullyQualifiedErrorId | Should -BeLike 'MeshRoll.ContextNotFound,*'
        $e.Exception.Message | Should -Match 'blue, green'
        Assert-Sentence $e
    }

    It 'names the address of a server that is out of reach, and never the token' {
        $e = Get-Error { Connect-MeshCluster -KubeConfig $good }
        $e.FullyQualifiedErrorId | Should -BeLike 'MeshRoll.ServerUnreachable,*'
        $e.CategoryInfo.Category | Should -Be ConnectionError
        $e.Exception.Message | Should -Match '127\.0\.0\.1:9'
        ($e | Format-List * -Force | Out-String) | Should -Not -Match 'very-secret'
        Assert-Sentence $e
    }

    It 'gives up on a server that never answers' {
        $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
        $listener.Start()
        try {
            $path = Set-KubeConfig ((Get-Content -Raw $good) -replace '127.0.0.1:9', "127.0.0.1:$($listener.LocalEndpoint.Port)")
            $watch = [System.Diagnostics.Stopwatch]::StartNew()
            $e = Get-Error { Connect-MeshCluster -KubeConfig $path }
            $watch.Elapsed.TotalSeconds | Should -BeLessThan 60
            $e.FullyQualifiedErrorId | Should -BeLike 'MeshRoll.*,*'
            $e.CategoryInfo.Category | Should -Be ConnectionError
        }
        finally { $listener.Stop() }
    }

    It 'knows no connection of an unknown name, and says how to make one' {
        $e = Get-Error { [pscustomobject]@{ Namespace = 'a'; Kind = 'Deployment'; Name = 'b'; Cluster = 'nowhere' } | Start-MeshRolloutRestart }
        $e.FullyQualifiedErrorId | Should -BeLike 'MeshRoll.ClusterNotConnected,*'
        $e.CategoryInfo.Category | Should -Be InvalidOperation
        $e.Exception.Message | Should -Match 'Connect-MeshCluster'
    }

    It 'goes on with the next record after one of an unknown cluster' {
        $rows = 1..3 | ForEach-Object { [pscustomobject]@{ Namespace = 'a'; Kind = 'Deployment'; Name = "b$_"; Cluster = 'nowhere' } }
        $null = $rows | Wait-MeshRollout -ErrorAction SilentlyContinue -ErrorVariable problems
        $problems.Count | Should -Be 3
    }

    It 'refuses to restart what nobody named' {
        (Get-Error { Start-MeshRolloutRestart }).FullyQualifiedErrorId | Should -BeLike 'MeshRoll.NothingNamed,*'
    }

    It 'does nothing for an empty pipeline' {
        @() | Start-MeshRolloutRestart | Should -BeNullOrEmpty
        @() | Wait-MeshRollout | Should -BeNullOrEmpty
        @() | Get-MeshSidecarVersion | Should -BeNullOrEmpty
    }

    It 'refuses <Text>' -ForEach @(
        @{ Text = 'a selector that does not parse'; Id = 'MeshRoll.SelectorInvalid'; Command = { Get-MeshWorkload -KubeConfig $good -LabelSelector 'app=(' } }
        @{ Text = 'a kind that nobody knows'; Id = 'MeshRoll.NameInvalid'; Command = { Get-MeshWorkload -KubeConfig $good -Kind Sandwich } }
        @{ Text = 'a name that cannot be one'; Id = 'MeshRoll.NameInvalid'; Command = { Get-MeshWorkload -KubeConfig $good -Name 'deploy/web!' } }
        @{ Text = 'groups without a user'; Id = 'MeshRoll.AsGroupWithoutUser'; Command = { Connect-MeshCluster -KubeConfig $good -AsGroup ops } }
        @{ Text = 'a negative number'; Id = 'ParameterArgumentValidationError'; Command = { Start-MeshRolloutRestart -Name deploy/web -MaxConcurrent -1 } }
        @{ Text = 'a huge number'; Id = 'ParameterArgumentValidationError'; Command = { Start-MeshRolloutRestart -Name deploy/web -StopAfterFailures 2000000000 } }
        @{ Text = 'a strategy there is not'; Id = 'ParameterArgumentValidationError'; Command = { Start-MeshRolloutRestart -Name deploy/web -Strategy Wild } }
    ) {
        $e = Get-Error $Command
        $e.FullyQualifiedErrorId | Should -BeLike "$Id,*"
        $e.Exception.Message | Should -Match '\.$'
    }

    It 'ends a script with -ErrorAction Stop' {
        { Get-MeshCluster -Name nobody -ErrorAction Stop } | Should -Throw -ErrorId 'MeshRoll.ClusterNotConnected,*'
    }
}
