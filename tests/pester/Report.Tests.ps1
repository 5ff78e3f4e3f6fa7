# What is left of a night's work for those who were asleep.
BeforeAll {
    Import-Module $env:MESHROLL_MODULE
    $sandbox = New-MeshSandbox Shop -Name report -VirtualTime -Connect
    Set-MeshSandboxFault -Kind ImageMissing -Namespace shop -Name search | Out-Null
    $rollouts = Get-MeshWorkload -AllNamespaces -Outdated |
        Start-MeshRolloutRestart -Strategy Auto -StopAfterFailures 0 -ErrorAction SilentlyContinue |
        Wait-MeshRollout -Timeout 30m -ErrorAction SilentlyContinue
}
AfterAll { $sandbox | Remove-MeshSandbox }

Describe 'Rollouts tell their course' {
    It 'gives each pod count a moment, in order, from all old to all new' {
        $done = $rollouts | Where-Object State -eq Complete | Select-Object -First 1
        $done.PreviousVersion | Should -Be '1.26.4'
        $done.Timeline.Count | Should -BeGreaterThan 1
        $done.Timeline[0].New | Should -Be 0
        $done.Timeline[-1].Old | Should -Be 0
        $done.Timeline[-1].New | Should -Be $done.Desired
        ($done.Timeline.Time | Sort-Object) | Should -Be $done.Timeline.Time
    }
}

Describe 'Export-MeshRolloutReport' {
    It 'writes one page with what failed, why, and every workload' {
        $rollouts | Export-MeshRolloutReport -Path TestDrive:/report.html -Title 'Night of <Ada>'

        $page = Get-Content TestDrive:/report.html -Raw
        $page | Should -Match '<title>Night of &lt;Ada&gt;</title>'
        $page | Should -Match 'ImagePull'
        foreach ($name in $rollouts.Name) { $page | Should -Match "/$name</th>" }
        $page | Should -Not -Match '(?:src|href)="(?!#)'
    }

    It 'writes Markdown and JSON by the ending of the file, or by -Format' {
        $rollouts | Export-MeshRolloutReport TestDrive:/ticket.md
        $rollouts | Export-MeshRolloutReport TestDrive:/machine.txt -Format Json

        (Get-Content TestDrive:/ticket.md -First 1) | Should -Be '# Mesh rollout'
        $document = Get-Content TestDrive:/machine.txt -Raw | ConvertFrom-Json
        $document.complete + $document.failed + $document.skipped | Should -Be $rollouts.Count
        $document.waves[0].rollouts.name | Should -Be $rollouts.Name
    }

    It 'gives the rollouts on with -PassThru, and nothing without' {
        ($rollouts | Export-MeshRolloutReport TestDrive:/a.html) | Should -BeNullOrEmpty
        ($rollouts | Export-MeshRolloutReport TestDrive:/a.html -PassThru).Name | Should -Be $rollouts.Name
    }

    It 'takes rollouts that come out of a job, with their course' {
        $bags = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($rollouts, 3))
        $bags | Export-MeshRolloutReport TestDrive:/job.json

        $document = Get-Content TestDrive:/job.json -Raw | ConvertFrom-Json
        $document.waves[0].rollouts[0].timeline.Count | Should -Be $rollouts[0].Timeline.Count
    }

    It 'writes nothing with -WhatIf' {
        $rollouts | Export-MeshRolloutReport TestDrive:/whatif.html -WhatIf
        'TestDrive:/whatif.html' | Should -Not -Exist
    }

    It 'refuses before the work what it could not write after it: <id>' -ForEach @(
        @{ id = 'MeshRoll.ReportFormatUnknown'; path = 'TestDrive:/report.pdf' }
        @{ id = 'MeshRoll.FolderNotFound'; path = 'TestDrive:/no/report.html' }
        @{ id = 'MeshRoll.FolderNotFound'; path = 'nowhere:/report.html' }
        @{ id = 'MeshRoll.ReportNotWritten'; path = 'TestDrive:/folder.html' }
    ) {
        New-Item TestDrive:/folder.html -ItemType Directory -Force | Out-Null
        $failure = { throw 'the work was done' } | ForEach-Object { try { & { process { throw 'the work was done' } } | Export-MeshRolloutReport $path } catch { $_ } }
        $failure.FullyQualifiedErrorId | Should -Match "^$([regex]::Escape($id))"
    }

    It 'keeps a file that is there with -NoClobber' {
        Set-Content TestDrive:/there.html 'before'
        { $rollouts | Export-MeshRolloutReport TestDrive:/there.html -NoClobber } | Should -Throw -ErrorId 'MeshRoll.FileExists*'
        Get-Content TestDrive:/there.html | Should -Be 'before'
    }
}
