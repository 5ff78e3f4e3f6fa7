BeforeAll { Import-Module $env:MESHROLL_MODULE }

Describe 'Connections' {
    AfterEach { Disconnect-MeshCluster -ErrorAction Ignore }

    It 'tells who one is and what answers' {
        $cluster = Connect-MeshCluster
        $cluster.Name, $cluster.Context | Should -Be 'meshroll-test', 'meshroll-test'
        $cluster.Version | Should -Match '^v1\.\d+'
        $cluster.Server | Should -BeLike 'https://127.0.0.1:*'
        (Get-MeshCluster).Name | Should -Be 'meshroll-test'
    }

    It 'uses what was connected last, under the name it was given' {
        $null = Connect-MeshCluster
        $null = Connect-MeshCluster -Name other
        (Get-MeshSidecarVersion -Namespace reading | Select-Object -First 1).Cluster | Should -Be 'other'
        Disconnect-MeshCluster other
        (Get-MeshSidecarVersion -Namespace reading | Select-Object -First 1).Cluster | Should -Be 'meshroll-test'
    }

    It 'reads several clusters at once and says which one an object is from' {
        $both = (Connect-MeshCluster -Name one), (Connect-MeshCluster -Name two)
        $found = Get-MeshWorkload -Cluster $both -Namespace reading -Name deploy/web
        $found.Cluster | Sort-Object | Should -Be 'one', 'two'
        ($found | Get-MeshRollout).Cluster | Sort-Object | Should -Be 'one', 'two'
    }

    It 'takes a connection by its name' {
        $null = Connect-MeshCluster -Name one
        (Get-MeshWorkload -Cluster one -Namespace reading -Name deploy/web).Cluster | Should -Be 'one'
    }

    It 'does not touch a cluster other than the one given' {
        $one = Connect-MeshCluster -Name one
        $null = Connect-MeshCluster -Name two
        $workload = Get-MeshWorkload -Cluster two -Namespace whatif -Name deploy/web-1
        $workload | Start-MeshRolloutRestart -Cluster $one -ErrorAction SilentlyContinue -ErrorVariable problems
        $problems.FullyQualifiedErrorId | Should -BeLike 'MeshRoll.ClusterMismatch,*'
    }

    It 'needs no connecting: the current context is opened by itself' {
        Get-MeshWorkload -Namespace reading | Should -Not -BeNullOrEmpty
        (Get-MeshCluster).Name | Should -Be 'meshroll-test'
    }

    It 'acts as somebody else, who may do less' {
        $null = Connect-MeshCluster -AsUser nobody
        (Get-MeshCluster).User | Should -Be 'nobody'
        Get-MeshSidecarVersion -Namespace reading -ErrorAction SilentlyContinue -ErrorVariable problems | Should -BeNullOrEmpty
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'MeshRoll.Forbidden,*'
        $problems[0].CategoryInfo.Category | Should -Be PermissionDenied
        $problems[0].Exception.Message | Should -Match 'list'
        $problems[0].Exception.Message | Should -Match 'pods'
    }

    It 'refuses a wrong token as an authentication error' {
        $config = Join-Path $TestDrive 'wrong-token'
        (Get-Content -Raw $env:MESHROLL_READER_KUBECONFIG) -replace '("?token"?:\s*)"?[^"\s,}]+"?', '$1"not-the-token"' | Set-Content $config
        try { $null = Connect-MeshCluster -KubeConfig $config } catch { $e = $_ }
        $e.FullyQualifiedErrorId | Should -BeLike 'MeshRoll.Unauthorized,*'
        $e.CategoryInfo.Category | Should -Be AuthenticationError
    }

    It 'refuses a server that another authority vouches for' {
        $key = [System.Security.Cryptography.RSA]::Create(2048)
        $request = [System.Security.Cryptography.X509Certificates.CertificateRequest]::new('CN=other', $key, 'SHA256', [System.Security.Cryptography.RSASignaturePadding]::Pkcs1)
        $other = $request.CreateSelfSigned([DateTimeOffset]::UtcNow.AddDays(-1), [DateTimeOffset]::UtcNow.AddDays(1)).ExportCertificatePem()
        $data = [Convert]::ToBase64String([System.Text.Encoding]::UTF8.GetBytes($other))
        $config = Join-Path $TestDrive 'wrong-authority'
        (Get-Content -Raw $env:KUBECONFIG) -replace '("?certificate-authority-data"?:\s*)"?[A-Za-z0-9+/=]+"?', "`$1$data" | Set-Content $config
        try { $null = Connect-MeshCluster -KubeConfig $config } catch { $e = $_ }
        $e.FullyQualifiedErrorId | Should -BeLike 'MeshRoll.CertificateUntrusted,*'
        $e.CategoryInfo.Category | Should -Be ConnectionError
    }

    It 'closes what is open when the module goes' {
        $null = Connect-MeshCluster
        Remove-Module MeshRoll
        Import-Module $env:MESHROLL_MODULE
        Get-MeshCluster | Should -BeNullOrEmpty
    }
}
