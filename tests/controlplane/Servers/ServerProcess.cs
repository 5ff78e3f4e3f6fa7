using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MeshRoll.TestControlPlane.Servers;

/// <summary>One running component with its log.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const int RememberedLines = 40;

    private readonly Process _process;
    private readonly Queue<string> _lastLines = new();
    private readonly StreamWriter _log;
    private readonly Task _copies;

    private ServerProcess(string name, Process process, string logPath)
    {
        Name = name;
        _process = process;
        _log = new StreamWriter(new FileStream(logPath, FileMode.Append, FileAccess.Write, FileShare.ReadWrite));
        _process.StandardInput.Close();
        _copies = Task.WhenAll(CopyAsync(process.StandardOutput), CopyAsync(process.StandardError));
    }

    public string Name { get; }

    public bool HasExited => _process.HasExited;

    public static async Task<ServerProcess> StartAsync(ProcessNursery nursery, string program, IEnumerable<string> arguments, string logPath)
    {
        try
        {
            return new ServerProcess(Path.GetFileName(program), await nursery.StartAsync(program, arguments), logPath);
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            throw new ControlPlaneException($"{program} cannot be started: {failure.Message}", failure);
        }
    }

    /// <summary>Says what happened to this component, with the end of its log.</summary>
    public string Describe(string what)
    {
        lock (_lastLines)
        {
            return $"{Name} {what}. Its last log lines:{Environment.NewLine}{string.Join(Environment.NewLine, _lastLines)}";
        }
    }

    /// <summary>Ends exactly this process. Nothing in it is worth a graceful end, and a quick one keeps tests quick.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    /// <summary>Waits shortly for a killed process: as long as it lives it may write files into a directory that is being removed.</summary>
    public void AwaitEnd()
    {
        try
        {
            _process.WaitForExit(TimeSpan.FromSeconds(2));
        }
        catch (InvalidOperationException)
        {
            // It is disposed of already.
        }
    }

    /// <summary>Stops the process where it is (SIGSTOP): its connections stay open and nobody answers on them.</summary>
    public void Suspend() => Signal(19);

    /// <summary>Lets a suspended process go on (SIGCONT).</summary>
    public void Resume() => Signal(18);

    public async ValueTask DisposeAsync()
    {
        Kill();
        await _process.WaitForExitAsync();
        await _copies;
        await _log.DisposeAsync();
        _process.Dispose();
    }

    private void Signal(int number)
    {
        if (SendSignal(_process.Id, number) != 0)
        {
            throw new ControlPlaneException(Describe($"cannot be sent signal {number}"));
        }
    }

    // .NET can only end processes, and the program kill(1) is not everywhere.
    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);

    private async Task CopyAsync(StreamReader from)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            lock (_lastLines)
            {
                _log.WriteLine(line);
                _log.Flush();
                _lastLines.Enqueue(line);
                if (_lastLines.Count > RememberedLines)
                {
                    _lastLines.Dequeue();
                }
            }
        }
    }
}
