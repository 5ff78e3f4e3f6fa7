BeforeAll {
    $pwsh = (Get-Process -Id $PID).Path
    $package = Split-Path $env:MESHROLL_MODULE

    # Runs text in a pwsh of its own, where nothing is loaded yet.
    function Invoke-Fresh([string] $Script) { & $pwsh -NoProfile -NonInteractive -Command $Script 2>&1 | ForEach-Object { "$_" } }
}

Describe 'Import' {
    It 'exports exactly what the manifest says' {
        $names = Invoke-Fresh "(Import-Module '$env:MESHROLL_MODULE' -PassThru).ExportedCommands.Keys | Sort-Object"
        $names | Should -Be (Import-PowerShellDataFile $env:MESHROLL_MODULE).CmdletsToExport
    }

    It 'imports again with -Force, as often as wanted, and keeps its types' {
        Invoke-Fresh @"
            Import-Module '$env:MESHROLL_MODULE'
            `$before = (Get-Command Get-MeshCluster).ImplementingType
            1..3 | ForEach-Object { Import-Module '$env:MESHROLL_MODULE' -Force; Get-MeshCluster }
            (Get-Command Get-MeshCluster).ImplementingType -eq `$before
"@ | Should -Be 'True'
    }

    It 'leaves no command behind when it is removed, and comes back' {
        Invoke-Fresh @"
            Import-Module '$env:MESHROLL_MODULE'
            Remove-Module MeshRoll
            [bool](Get-Command *-Mesh* -CommandType Cmdlet)
            Import-Module '$env:MESHROLL_MODULE'
            [bool](Get-Command Get-MeshCluster)
"@ | Should -Be 'False', 'True'
    }

    It 'is imported beside another copy of itself, each with its own assemblies' {
        $copy = Join-Path $TestDrive 'copy'
        Copy-Item $package $copy -Recurse
        $assemblies = Invoke-Fresh @"
            Import-Module '$env:MESHROLL_MODULE'
            (Get-Command Get-MeshCluster).ImplementingType.Assembly.Location
            Remove-Module MeshRoll
            Import-Module '$copy/MeshRoll.psd1'
            (Get-Command Get-MeshCluster).ImplementingType.Assembly.Location
"@
        $assemblies[0] | Should -BeLike "$package*"
        $assemblies[1] | Should -BeLike "$copy*"
    }

    It 'says how to build it when it is not built' {
        $bare = Join-Path $TestDrive 'bare'
        Copy-Item $package $bare -Recurse
        Get-ChildItem $bare -Recurse -Filter *.dll | Remove-Item
        "$(Invoke-Fresh "try { Import-Module '$bare/MeshRoll.psd1' } catch { `$_.Exception.Message }")" | Should -Match 'dotnet build src/MeshRoll'
    }

    It 'is found by name on the module path' {
        Invoke-Fresh @"
            `$env:PSModulePath = '$(Split-Path (Split-Path $package))'
            (Get-Command Get-MeshWorkload).Module.Name
"@ | Should -Be 'MeshRoll'
    }

    It 'reads YAML though another module brought another YamlDotNet first' {
        $kubeConfig = Join-Path $TestDrive 'config'
        Set-Content $kubeConfig 'contexts: [{name: from-yaml, context: {cluster: c}}]'
        Invoke-Fresh @"
            Add-Type -OutputType Library -OutputAssembly '$TestDrive/YamlDotNet.dll' -TypeDefinition 'namespace YamlDotNet.RepresentationModel { public class YamlStream { } }'
            Add-Type -Path '$TestDrive/YamlDotNet.dll'
            Import-Module '$env:MESHROLL_MODULE'
            try { Get-MeshWorkload -KubeConfig '$kubeConfig' -Context wrong } catch { `$_.Exception.Message }
"@ | Should -Match 'from-yaml'
    }

    It 'ships nothing of the host' {
        Get-ChildItem $package -Recurse -Filter *.dll | ForEach-Object Name | Sort-Object -Unique | Should -Be 'MeshRoll.Core.dll', 'MeshRoll.dll', 'MeshRoll.Kubernetes.dll', 'MeshRoll.Loader.dll', 'MeshRoll.Sandbox.dll', 'YamlDotNet.dll'
    }

    It 'adds nothing to the session but its cmdlets' {
        Invoke-Fresh @"
            `$before = (Get-Variable).Name; `$commands = (Get-Command -CommandType Function, Alias).Name
            Import-Module '$env:MESHROLL_MODULE'
            (Get-Variable).Name | Where-Object { `$_ -notin `$before -and `$_ -notin 'before', 'commands' }
            (Get-Command -CommandType Function, Alias).Name | Where-Object { `$_ -notin `$commands }
"@ | Should -BeNullOrEmpty
    }

    It 'runs code that was compiled ahead of time where the package brings it' -Skip:(-not (Test-Path (Join-Path (Split-Path $env:MESHROLL_MODULE) 'module/bin/linux-x64'))) {
        # What the runtime compiles is an event each; the loader is never compiled ahead, as it chooses who is.
        $methods = Invoke-Fresh @"
            Add-Type -TypeDefinition 'using System.Diagnostics.Tracing;
                public sealed class Compilations : EventListener {
                    public readonly System.Collections.Concurrent.ConcurrentQueue<string> Methods = new();
                    protected override void OnEventSourceCreated(EventSource source) { if (source.Name == "Microsoft-Windows-DotNETRuntime") EnableEvents(source, EventLevel.Verbose, (EventKeywords)0x10); }
                    protected override void OnEventWritten(EventWrittenEventArgs e) { if (e.EventName?.StartsWith("MethodLoadVerbose") == true) Methods.Enqueue(e.Payload[6] + "." + e.Payload[7]); }
                }'
            `$compilations = [Compilations]::new()
            Import-Module '$env:MESHROLL_MODULE'
            try { Get-MeshWorkload -KubeConfig /nonexistent } catch { }
            'listening'
            `$compilations.Methods -match '^(MeshRoll|YamlDotNet)'
"@
        $methods | Should -Contain 'listening'
        $methods | Should -Contain 'MeshRoll.Loader.ModuleContext.Choose'
        @($methods -match '^(MeshRoll\.(?!Loader)|YamlDotNet)').Count | Should -BeLessThan 20
    }
}
