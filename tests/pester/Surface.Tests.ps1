BeforeDiscovery {
    $names = (Import-PowerShellDataFile $env:MESHROLL_MODULE).CmdletsToExport | ForEach-Object { @{ Command = $_ } }
}

BeforeAll { Import-Module $env:MESHROLL_MODULE }

Describe '<Command>' -ForEach $names {
    It 'has an approved verb' {
        (Get-Command $Command).Verb | Should -BeIn (Get-Verb).Verb
    }

    It 'says what it gives' {
        (Get-Command $Command).OutputType | Should -Not -BeNullOrEmpty
    }

    It 'can be tried with -WhatIf if it changes something' {
        (Get-Command $Command).Parameters.ContainsKey('WhatIf') | Should -Be ($Command -match '^(Start|New|Set|Reset|Remove|Repair|Suspend|Resume|Undo|Stop|Switch|Backup|Restore|Export)-')
    }
}

Describe 'Parameters' {
    It 'are the same for all that choose workloads' {
        foreach ($command in 'Get-MeshSidecarVersion', 'Get-MeshProxyStatus', 'Get-MeshWorkload', 'Get-MeshRollout', 'Get-MeshRolloutDiagnosis', 'Start-MeshRolloutRestart', 'Wait-MeshRollout',
            'Get-MeshRolloutHistory', 'Undo-MeshRollout', 'Suspend-MeshRollout', 'Resume-MeshRollout', 'Set-MeshWorkloadImage') {
            foreach ($name in 'Name', 'Namespace', 'AllNamespaces', 'Kind', 'LabelSelector', 'Cluster', 'Context', 'KubeConfig') {
                (Get-Command $command).Parameters.Keys | Should -Contain $name -Because $command
            }
        }
    }

    It 'bind <Name> of piped objects by property name' -ForEach @(@{ Name = 'Name' }, @{ Name = 'Namespace' }, @{ Name = 'Kind' }, @{ Name = 'Cluster' }) {
        foreach ($command in 'Get-MeshWorkload', 'Get-MeshRolloutDiagnosis', 'Start-MeshRolloutRestart', 'Wait-MeshRollout') {
            $attributes = (Get-Command $command).Parameters[$Name].Attributes | Where-Object { $_ -is [Parameter] }
            $attributes.ValueFromPipelineByPropertyName | Should -BeTrue
        }
    }
}
