BeforeAll {
    Import-Module $env:MESHROLL_MODULE

    # Stops a pipeline of a session of its own three seconds after it has restarted slow web-1, as Ctrl+C does; gives what the host of a fresh pwsh showed,
    # and how long stopping took.
    function Invoke-Stopped([string] $Script) {
        & (Get-Process -Id $PID).Path -NoProfile -NonInteractive -Command @"
            `$runspace = [runspacefactory]::CreateRunspace(`$Host)
            `$runspace.Open()
            `$shell = [powershell]::Create(`$runspace)
            `$null = `$shell.AddScript('Import-Module "$env:MESHROLL_MODULE"; `$ProgressPreference = "SilentlyContinue"; $Script')
            function Get-Generation { & '$env:MESHROLL_KUBECTL' -n slow get deployment web-1 -o 'jsonpath={.metadata.generation}' }
            `$before = Get-Generation
            `$running = `$shell.BeginInvoke()
            for (`$i = 0; `$i -lt 200 -and (Get-Generation) -eq `$before; `$i++) { Start-Sleep -Milliseconds 100 }
            Start-Sleep -Seconds 3
            "before: `$(`$shell.InvocationStateInfo.State)"
            `$watch = [System.Diagnostics.Stopwatch]::StartNew()
            `$shell.Stop()
            "stopped in `$(`$watch.ElapsedMilliseconds) ms"
            "after: `$(`$shell.InvocationStateInfo.State)"
"@
    }

    function Get-StopTime($Lines) { [int] ([regex]::Match("$Lines", 'stopped in (\d+) ms').Groups[1].Value) }
}

Describe 'Ctrl+C' {
    It 'ends waiting at once and says what still moves' {
        $lines = Invoke-Stopped 'Start-MeshRolloutRestart -Namespace slow -Name deploy/web-1 -Force | Wait-MeshRollout -Timeout 5m'
        "$lines" | Should -Match 'before: Running'
        "$lines" | Should -Match 'after: Stopped'
        Get-StopTime $lines | Should -BeLessThan 3000
        "$lines" | Should -Match 'WARNING: .*[Ss]till moving: slow\s+deployment/web-1'
    }

    It 'says nothing to those who want no warnings' {
        $lines = Invoke-Stopped 'Start-MeshRolloutRestart -Namespace slow -Name deploy/web-1 -Force | Wait-MeshRollout -Timeout 5m -WarningAction SilentlyContinue'
        "$lines" | Should -Match 'after: Stopped'
        "$lines" | Should -Not -Match 'WARNING'
    }

    It 'leaves the cluster as it is: what was started goes on' {
        (Wait-MeshRollout -Namespace slow -Name deploy/web-1 -Timeout 1m).State | Should -Be 'Complete'
    }

    It 'ends restarting at once, with nothing further started' {
        $lines = Invoke-Stopped 'Start-MeshRolloutRestart -Namespace slow -Name deploy/web-1, deploy/web-2, deploy/web-3 -Force -MaxConcurrent 1'
        "$lines" | Should -Match 'after: Stopped'
        Get-StopTime $lines | Should -BeLessThan 3000
    }
}

Describe 'A command downstream that has enough' {
    It 'ends waiting with the first rollout' {
        $watch = [System.Diagnostics.Stopwatch]::StartNew()
        $first = Wait-MeshRollout -Namespace reading, slow -Timeout 5m | Select-Object -First 1
        $first | Should -Not -BeNullOrEmpty
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 10
    }
}
