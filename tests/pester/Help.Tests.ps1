BeforeDiscovery {
    $commands = (Import-PowerShellDataFile $env:MESHROLL_MODULE).CmdletsToExport | ForEach-Object { @{ Command = $_ } }
}

BeforeAll { Import-Module $env:MESHROLL_MODULE }

Describe 'Get-Help <Command>' -ForEach $commands {
    BeforeAll { $help = Get-Help $Command -Full }

    It 'has a synopsis and a description' {
        $help.Synopsis | Should -Match '\w+ \w+.*\.$'
        $help.Synopsis | Should -Not -Match ([regex]::Escape($Command))
        $help.Description.Text | Should -Not -BeNullOrEmpty
    }

    It 'has two examples or more, each with its explanation' {
        @($help.Examples.Example).Count | Should -BeGreaterOrEqual 2
        foreach ($example in $help.Examples.Example) {
            $example.Code | Should -Match $Command
            ($example.Remarks.Text -join '') | Should -Not -BeNullOrEmpty
        }
    }

    It 'explains every parameter' {
        $common = [System.Management.Automation.PSCmdlet]::CommonParameters
        foreach ($name in (Get-Command $Command).Parameters.Keys | Where-Object { $_ -notin $common }) {
            (Get-Help $Command -Parameter $name).Description.Text | Should -Not -BeNullOrEmpty -Because $name
        }
    }

    It 'has examples that parse and name parameters that exist' {
        foreach ($example in $help.Examples.Example) {
            $problems = $null
            $script = [System.Management.Automation.Language.Parser]::ParseInput($example.Code, [ref] $null, [ref] $problems)
            $problems | Should -BeNullOrEmpty
            foreach ($call in $script.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] -and $args[0].GetCommandName() -like '*-Mesh*' }, $true)) {
                $known = (Get-Command $call.GetCommandName()).Parameters.Keys
                foreach ($parameter in $call.CommandElements | Where-Object { $_ -is [System.Management.Automation.Language.CommandParameterAst] }) {
                    $parameter.ParameterName | Should -BeIn $known
                }
            }
        }
    }
}

Describe 'about_MeshRoll' {
    It 'is found and tells about pacing, errors and permissions' {
        $text = Get-Help about_MeshRoll | Out-String
        $text | Should -Match 'PACING'
        $text | Should -Match 'MeshRoll\.RolloutFailed'
        $text | Should -Match 'PERMISSIONS NEEDED'
    }

    It 'fits 80 columns' {
        (Get-Help about_MeshRoll | Out-String) -split '\r?\n' | Where-Object Length -gt 80 | Should -BeNullOrEmpty
    }
}

Describe 'about_MeshSandbox' {
    It 'is found and tells about scenarios, faults and where the sandbox differs from a cluster' {
        $text = Get-Help about_MeshSandbox | Out-String
        $text | Should -Match 'KEYS OF A SCENARIO'
        $text | Should -Match 'FAULTS'
        $text | Should -Match 'WHAT IT IS NOT'
    }

    It 'fits 80 columns too' {
        (Get-Help about_MeshSandbox | Out-String) -split '\r?\n' | Where-Object Length -gt 80 | Should -BeNullOrEmpty
    }
}

Describe 'about_MeshRollDiagnosis' {
    It 'tells what a finding is, in 80 columns' {
        $text = Get-Help about_MeshRollDiagnosis | Out-String
        $text | Should -Match 'InjectionFailed'
        $text -split '\r?\n' | Where-Object Length -gt 80 | Should -BeNullOrEmpty
        # Every property of a finding is explained.
        foreach ($name in (Get-Command Get-MeshRolloutDiagnosis).OutputType.Type.GetProperties().Name) { $text | Should -Match "\b$name\b" }
    }
}

Describe 'about_MeshMigration' {
    It 'leads from the first look to the removal of the old version and back, in 80 columns' {
        $text = Get-Help about_MeshMigration | Out-String
        foreach ($heading in 'INSTALL THE NEW VERSION', 'SWITCH', 'WAIT, AND WATCH', 'RESTART THE REST', 'THE WAY BACK', 'REMOVE THE OLD VERSION') { $text | Should -Match $heading }
        foreach ($use in [enum]::GetNames((Get-Command Get-MeshRevisionUsage).OutputType.Type.GetProperty('Use').PropertyType)) { $text | Should -Match "\b$use\b" }
        $text -split '\r?\n' | Where-Object Length -gt 80 | Should -BeNullOrEmpty
    }
}
