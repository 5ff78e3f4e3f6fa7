# Every statement here is paid for at each import: the manifest says what is exported, the loader decides which files are loaded.
$bin = "$PSScriptRoot/bin"
try {
    $loader = [System.Reflection.Assembly]::LoadFrom("$bin/MeshRoll.Loader.dll").GetType('MeshRoll.Loader.ModuleContext')
}
catch [System.IO.FileNotFoundException] {
    throw "MeshRoll is not built: there is no '$bin/MeshRoll.Loader.dll'. Run 'dotnet build src/MeshRoll' in the checkout."
}
catch {
    # Another version of the module came first in this process. Its loader serves as well: it keeps one context per folder.
    $loader = [MeshRoll.Loader.ModuleContext]
}

$commands = Import-Module -Assembly $loader::Load($bin, 'MeshRoll') -PassThru

# Without this the commands would stay behind, hidden, and importing again would export nothing.
$ExecutionContext.SessionState.Module.OnRemove = { Remove-Module -ModuleInfo $commands }
