<#
.SYNOPSIS
Runs one Pester file and writes what came of each test as JSON.
#>
param(
    [Parameter(Mandatory)] [string] $Path,
    [Parameter(Mandatory)] [string] $Report
)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
Import-Module Pester -MinimumVersion 5.5

$configuration = New-PesterConfiguration
$configuration.Run.Path = $Path
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'None'
$run = Invoke-Pester -Configuration $configuration

$results = foreach ($test in $run.Tests) {
    [pscustomobject]@{
        Name         = $test.Name
        ExpandedPath = $test.ExpandedPath
        Result       = if ($test.Result -in 'Passed', 'Skipped') { [string] $test.Result } else { 'Failed' }
        Message      = (@($test.ErrorRecord) + @($run.Containers.ErrorRecord) + @($test.Block.ErrorRecord) | Where-Object { $_ } | ForEach-Object { $_.DisplayErrorMessage ?? "$_"; $_.ScriptStackTrace }) -join [Environment]::NewLine
    }
}
ConvertTo-Json -InputObject @($results) -Depth 3 | Set-Content -LiteralPath $Report -Encoding utf8NoBOM
