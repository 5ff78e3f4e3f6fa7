BeforeAll {
    Import-Module $env:MESHROLL_MODULE
    $parameter = (Get-Command Start-MeshRolloutRestart).Parameters['Delay']
    $transformation = $parameter.Attributes | Where-Object { $_ -is [System.Management.Automation.ArgumentTransformationAttribute] }
    function Get-Duration($Value) { $transformation.Transform($ExecutionContext, $Value) }
}

Describe 'Durations' {
    It 'reads <Value> as <Seconds> seconds' -ForEach @(
        @{ Value = 10; Seconds = 10 }
        @{ Value = 1.5; Seconds = 1.5 }
        @{ Value = '10'; Seconds = 10 }
        @{ Value = '10m'; Seconds = 600 }
        @{ Value = '1h30m'; Seconds = 5400 }
        @{ Value = '00:10:00'; Seconds = 600 }
        @{ Value = [timespan]'02:00:00'; Seconds = 7200 }
    ) {
        Get-Duration $Value | Should -Be ([timespan]::FromSeconds($Seconds))
    }

    It 'takes 2d without quotes for days, though PowerShell takes it for a number' {
        $seen = $null
        try { Get-MeshMigration -To x -Since 400d -Context none -KubeConfig (Join-Path ([IO.Path]::GetTempPath()) 'none') } catch { $seen = $_ }
        $seen.Exception.Message | Should -Match 'neither a date nor a duration'
        { Wait-MeshRollout -Name deploy/web -Timeout 400d } | Should -Throw '*the longest duration is 366 days*'
    }

    It 'refuses <Value> with one sentence' -ForEach @(
        @{ Value = -1 }, @{ Value = '-5m' }, @{ Value = 'soon' }, @{ Value = '' }, @{ Value = 1e300 }, @{ Value = '400d' }
    ) {
        $e = $null
        try { Wait-MeshRollout -Name deploy/web -Timeout $Value } catch { $e = $_ }
        $e.FullyQualifiedErrorId | Should -Be 'ParameterArgumentTransformationError,MeshRoll.Commands.WaitMeshRolloutCommand'
        $e.Exception.Message | Should -Match "'Timeout'.* is not a duration that can be used: .*\.$"
    }

    It 'refuses a time of nothing where something has to happen in it' {
        { Wait-MeshRollout -Name deploy/web -Timeout 0 } | Should -Throw '*zero*'
        { Wait-MeshRollout -Name deploy/web -PollInterval 0s } | Should -Throw '*zero*'
    }
}
