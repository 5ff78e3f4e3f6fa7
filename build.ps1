#!/usr/bin/env pwsh
<#
.SYNOPSIS
Builds, tests, shows, measures or packages MeshRoll. Each task is a dotnet command, which does as well without this script; Demo then runs module/demo/Demo.ps1.
#>
param(
    [ValidateSet('Build', 'Test', 'Demo', 'Bench', 'Package')]
    [string] $Task = 'Build'
)

$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true
Push-Location $PSScriptRoot
try {
    switch ($Task) {
        Build { dotnet build }
        Test { dotnet test }
        Demo {
            dotnet build src/MeshRoll -v quiet --nologo
            ./module/demo/Demo.ps1
            if ($LASTEXITCODE) { exit $LASTEXITCODE }
        }
        Bench { dotnet run -c Release --project tests/MeshRoll.Benchmarks }
        Package { dotnet build src/MeshRoll -t:PackageModule -c Release }
    }
}
finally { Pop-Location }
