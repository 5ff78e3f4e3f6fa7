# Two commands where all goes well: a try block alone costs a third of the whole import. What can go wrong is told in a file of its own.
Import-Module "$PSScriptRoot/bin/MeshRoll.Loader.dll" -ErrorAction Ignore
if (-not $?) { . "$PSScriptRoot/MeshRoll.LoaderElsewhere.ps1" }

Import-Module -Assembly (Get-MeshRollAssembly "$PSScriptRoot/bin")
