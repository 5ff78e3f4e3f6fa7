#!/usr/bin/env pwsh
<#
.SYNOPSIS
Builds, tests, shows, measures or packages MeshRoll. Each task is one dotnet command, which does as well without this script.
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
        Demo { dotnet run --project tests/MeshRoll.Demo }
        Bench { dotnet run -c Release --project tests/MeshRoll.Benchmarks }
        Package { dotnet build src/MeshRoll -t:PackageModule -c Release }
    }
}
finally { Pop-Location }
