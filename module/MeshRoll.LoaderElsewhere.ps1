# The loader beside this file could not be loaded.
if (-not (Test-Path "$PSScriptRoot/bin/MeshRoll.Loader.dll")) {
    throw "MeshRoll is not built: there is no '$PSScriptRoot/bin/MeshRoll.Loader.dll'. Run 'dotnet build src/MeshRoll' in the checkout."
}

# Another copy of the module came first in this process. Its loader serves as well: it keeps one context per folder.
Import-Module -Assembly ([MeshRoll.Loader.ModuleContext].Assembly)
