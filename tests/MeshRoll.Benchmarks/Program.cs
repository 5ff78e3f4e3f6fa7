using MeshRoll.Benchmarks;
using MeshRoll.Benchmarks.Measuring;
using MeshRoll.Benchmarks.World;
using MeshRoll.TestControlPlane;

// dotnet run -c Release --project tests/MeshRoll.Benchmarks [-- import sandbox virtual memory proxystatus inventory restart rolling wait mesh] [--pods 10000] [--rounds 5]
var pods = Number("--pods", 10_000);
var rounds = Number("--rounds", 5);
string[] known = ["import", "sandbox", "virtual", "memory", "proxystatus", "restart", "rolling", "wait", "inventory", "mesh"];
var chosen = args.Where(known.Contains).ToHashSet();
if (chosen.Count == 0) chosen = [.. known];

if (!ControlPlane.TryFindBinaries(out _, out var missing)) return Refuse($"{missing} Run tests/controlplane/install.sh first.");
if (Pwsh.Find() is null) return Refuse("No pwsh on PATH: MeshRoll is measured where it is used.");
if (FindModule() is not { } module) return Refuse("No packaged module under out/MeshRoll: run 'dotnet build src/MeshRoll -t:PackageModule -c Release' first.");

Console.WriteLine($"{Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1L << 30)} GB, {System.Runtime.InteropServices.RuntimeInformation.OSDescription}, .NET {Environment.Version}");
// Before anything else runs here: a control plane that idles still takes turns on a small machine.
if (chosen.Remove("import")) await ImportBenchmark.RunAsync(new Pwsh(module, kubeConfig: "", kubectl: ""), rounds * 3);
if (chosen.Remove("sandbox")) await SandboxBenchmark.RunAsync(new Pwsh(module, kubeConfig: "", kubectl: ""), rounds);
if (chosen.Remove("virtual")) await VirtualRestartBenchmark.RunAsync(Math.Min(rounds, 3));
if (chosen.Remove("memory")) await MemoryBenchmark.RunAsync(new Pwsh(module, kubeConfig: "", kubectl: ""), Math.Min(rounds, 3));
if (chosen.Remove("proxystatus")) await ProxyStatusBenchmark.RunAsync(new Pwsh(module, kubeConfig: "", kubectl: ""), pods, rounds);
if (chosen.Count == 0) return 0;

await using var world = await BenchmarkWorld.StartAsync();
var pwsh = new Pwsh(module, world.ControlPlane.KubeConfigPath, world.ControlPlane.KubectlPath);
if (chosen.Contains("restart")) await RestartBenchmark.RunAsync(world, pwsh, rounds);
if (chosen.Contains("rolling")) await RollingBenchmark.RunAsync(world, Math.Min(rounds, 3));
if (chosen.Contains("wait")) await WaitBenchmark.RunAsync(world);
if (chosen.Contains("inventory") || chosen.Contains("mesh")) await world.PodsAsync(pods);
if (chosen.Contains("inventory")) await InventoryBenchmark.RunAsync(world, pwsh, rounds);
if (chosen.Contains("mesh")) await MeshBenchmark.RunAsync(world, pwsh, rounds);
return 0;

int Number(string option, int standard) => Array.IndexOf(args, option) is >= 0 and var at && at + 1 < args.Length && int.TryParse(args[at + 1], out var number) ? number : standard;

static int Refuse(string why)
{
    Console.Error.WriteLine($"error: {why}");
    return 2;
}

static string? FindModule()
{
    for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
    {
        var packages = Path.Combine(folder.FullName, "out", "MeshRoll");
        if (Directory.Exists(packages)) return Directory.GetFiles(packages, "MeshRoll.psd1", SearchOption.AllDirectories).Order(StringComparer.Ordinal).LastOrDefault();
    }
    return null;
}
