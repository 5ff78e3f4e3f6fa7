using System.Collections.Concurrent;
using System.Diagnostics;

namespace MeshRoll.TestControlPlane.Servers;

/// <summary>
/// Starts child processes from one thread that lives as long as the nursery. Linux sends the parent-death signal when
/// the THREAD that started a child ends, and threads of the pool do end: children started there would die at random.
/// </summary>
internal sealed class ProcessNursery : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread _thread;
    private readonly string? _guard = FindGuard();

    public ProcessNursery()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "process nursery" };
        _thread.Start();
    }

    /// <summary>Starts a program without a shell; where setpriv exists the kernel kills it when this process dies, however it dies.</summary>
    public Task<Process> StartAsync(string program, IEnumerable<string> arguments)
    {
        var info = new ProcessStartInfo(_guard ?? program)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        if (_guard is not null)
        {
            // setpriv becomes the program, so the process handle is the program's own.
            info.ArgumentList.Add("--pdeathsig");
            info.ArgumentList.Add("KILL");
            info.ArgumentList.Add("--");
            info.ArgumentList.Add(program);
        }

        foreach (var argument in arguments)
        {
            info.ArgumentList.Add(argument);
        }

        // The tests' own proxies and credentials are no concern of the servers.
        info.Environment.Clear();
        info.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH");

        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(info)!);
            }
            catch (Exception failure)
            {
                started.SetException(failure);
            }
        });
        return started.Task;
    }

    public void Dispose()
    {
        _work.CompleteAdding();
        _thread.Join();
        _work.Dispose();
    }

    private static string? FindGuard()
        => OperatingSystem.IsLinux()
            ? (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator)
                .Select(directory => Path.Combine(directory, "setpriv"))
                .FirstOrDefault(File.Exists)
            : null;

    private void Run()
    {
        foreach (var action in _work.GetConsumingEnumerable())
        {
            action();
        }
    }
}
