BeforeAll {
    Import-Module $env:MESHROLL_MODULE

    # The types live in the module's own load context, where a type name does not reach.
    $core = (Get-Command Wait-MeshRollout).OutputType.Type.Assembly

    function New-MeshObject([string] $Type, [hashtable] $Property) {
        $object = [System.Activator]::CreateInstance($core.GetType($Type, $true))
        foreach ($name in $Property.Keys) { $object.GetType().GetProperty($name).SetValue($object, $Property[$name]) }
        $object
    }

    function Copy-Remote($Object) { [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($Object, 2)) }

    function Get-Line($Object) { ($Object | Out-String -Width 120) -split '\r?\n' | Where-Object { $_.Trim() } }

    $time = [DateTimeOffset]::new(2026, 3, 1, 12, 0, 0, [TimeSpan]::Zero)
    $sidecar = New-MeshObject MeshRoll.Core.Sidecars.MeshSidecar @{
        Cluster = 'prod'; Namespace = 'shop-with-a-long-name'; Pod = 'checkout-service-74676d589c-n5mmp'; Kind = 'Deployment'; Name = 'checkout-service'; Mesh = 'Istio'
        Container = 'istio-proxy'; Image = 'hub/proxyv2:1.26.4'; Version = '1.26.4'; DesiredVersion = '1.27.1'; Outdated = $true; Ready = $true; Reason = 'runs 1.26.4, namespace label istio.io/rev=1-27-1 gives 1.27.1'
        StartTime = $time
    }
    $workload = New-MeshObject MeshRoll.Core.Workloads.MeshWorkload @{
        Cluster = 'prod'; Namespace = 'shop'; Kind = 'StatefulSet'; Name = 'db'; Replicas = 3; Ready = 2; Sidecars = 3; OutdatedSidecars = 1; Versions = [string[]] ('1.26.4', '1.27.1'); Reason = 'runs 1.26.4'
    }
    $rollout = New-MeshObject MeshRoll.Core.Rollouts.MeshRollout @{
        Cluster = 'prod'; Namespace = 'shop'; Kind = 'DaemonSet'; Name = 'agent'; State = [Enum]::Parse($core.GetType('MeshRoll.Core.Rollouts.RolloutState'), 'Failed'); Desired = 5; Updated = 2; Available = 4; Old = 3
        StartTime = $time; EndTime = $time.AddSeconds(65); Message = 'the image gone.example/app:1 does not exist'
    }
}

Describe 'Views' {
    It 'shows sidecars in 120 columns' {
        $lines = Get-Line $sidecar
        $lines[0] | Should -Match '^Namespace +Workload +Pod +Version +Desired +Outdated +Ready$'
        $lines[-1] | Should -Match 'shop-with-a-lon. deploy/checkout-service +checkout-service-74676d589c.* 1\.26\.4 +1\.27\.1 +yes +yes'
        $lines | ForEach-Object { $_.Length | Should -BeLessOrEqual 120 }
    }

    It 'shows workloads with how many of their sidecars are outdated' {
        (Get-Line $workload)[-1] | Should -Match '^shop +sts/db +2/3 +1/3 +1\.26\.4, 1.* +runs 1\.26\.4'
    }

    It 'shows rollouts with their counts and how long they took' {
        $lines = Get-Line $rollout
        $lines[0] | Should -Match '^Namespace +Workload +State +Updated +Available +Old +Time +Message$'
        $lines[-1] | Should -Match '^shop +ds/agent +Failed +2/5 +4 +3 +1m05s the image'
    }

    It 'shows the same for what comes back from a job' {
        foreach ($object in $sidecar, $workload, $rollout) {
            $copy = Copy-Remote $object
            $copy.PSTypeNames[0] | Should -BeLike 'Deserialized.MeshRoll.*'
            Get-Line $copy | Should -Be (Get-Line $object)
        }
    }

    It 'keeps the name of a state and the findings in what comes back from a job' {
        $finding = New-MeshObject MeshRoll.Core.Rollouts.MeshFinding @{ Id = 'ImagePull'; Message = 'no such image'; Advice = 'Correct it.' }
        $list = [Array]::CreateInstance($finding.GetType(), 1)
        $list[0] = $finding
        $with = New-MeshObject MeshRoll.Core.Rollouts.MeshRollout @{ Cluster = 'prod'; Namespace = 'shop'; Kind = 'Deployment'; Name = 'web'; State = $rollout.PSBase.State; Diagnosis = $list }
        foreach ($object in $with, (Copy-Remote $with)) {
            $object.State -eq 'Failed' | Should -BeTrue
            $object.Diagnosis[0].Id | Should -Be 'ImagePull'
            $object.Diagnosis[0].Verdict -eq 'Unknown' | Should -BeTrue
            $object | Format-List | Out-String | Should -Match 'no such image Correct it\.'
        }
    }

    It 'tells in a list why, when, and what to do' {
        $list = $sidecar | Format-List | Out-String -Width 200
        $list | Should -Match 'Reason +: runs 1\.26\.4, namespace label'
        $list | Should -Match ('StartTime +: ' + $time.LocalDateTime.ToString('yyyy-MM-dd HH:mm:ss'))
    }

    It 'keeps flat properties, so that a file and a job lose nothing that names the workload' {
        $row = $rollout | Select-Object Cluster, Namespace, Kind, Name, State, Message | ConvertTo-Csv | ConvertFrom-Csv
        $row.Namespace, $row.Kind, $row.Name, $row.State | Should -Be 'shop', 'DaemonSet', 'agent', 'Failed'
    }
}
