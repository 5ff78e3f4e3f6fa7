using MeshRoll.Demo;
using MeshRoll.Runner;

// The main job from first to last, on a real control plane of its own: a shop on an old mesh version is upgraded,
// and everything it prints comes from the same commands an admin types.
if (!await ControlPlaneInstallation.EnsureAsync()) return 2;

await using var shop = await DemoShop.OpenAsync();
var host = RunnerHost.OfProcess();

Say("A shop of 12 workloads runs on mesh 1.26.4; 1.27.1 was installed beside it and its namespace switched over. What is outdated?");
var code = await RunAsync("sidecars", "--outdated");
if (code != 0) return code;

Say("Restart exactly those, three at a time, and follow each to its end:");
code = await RunAsync("restart", "--max-concurrent", "3");
if (code != 0) return code;

Say("And now?");
return await RunAsync("sidecars");

Task<int> RunAsync(params string[] arguments)
{
    Console.WriteLine($"$ meshroll {string.Join(' ', arguments)} --namespace {DemoShop.Namespace}");
    return RunnerCommand.RunAsync([.. arguments, "--namespace", DemoShop.Namespace, "--kubeconfig", shop.KubeConfigPath], host);
}

static void Say(string text) => Console.WriteLine($"{Environment.NewLine}{text}");
