# Commands only, as far as all goes well: the first method call of a PowerShell costs more than all of this.
try {
    Import-Module "$PSScriptRoot/bin/MeshRoll.Loader.dll" -ErrorAction Stop
}
catch [System.IO.FileNotFoundException] {
    throw "MeshRoll is not built: there is no '$PSScriptRoot/bin/MeshRoll.Loader.dll'. Run 'dotnet build src/MeshRoll' in the checkout."
}
catch {
    # Another copy of the module came first in this process. Its loader serves as well: it keeps one context per folder.
    Import-Module -Assembly ([MeshRoll.Loader.ModuleContext].Assembly)
}

Import-Module -Assembly (Get-MeshRollAssembly "$PSScriptRoot/bin")
