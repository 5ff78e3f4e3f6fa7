using System.Collections.Concurrent;
using System.Diagnostics;

namespace MeshRoll.Core.Restarts.Marks;

/// <summary>The runs of this process by name, those of other processes of this machine by whether their process lives. Thread-safe.</summary>
internal sealed class RunsOfThisMachine : IRunRegistry
{
    private readonly ConcurrentDictionary<string, bool> _own = [];

    private RunsOfThisMachine()
    {
    }

    /// <summary>The one of this process.</summary>
    public static RunsOfThisMachine Instance { get; } = new();

    /// <summary>Who a run of this process is.</summary>
    public static string By { get; } = $"{Environment.UserName}@{Environment.MachineName}";

    /// <summary>A run begins; its id, which begins with that of its plan where it has one.</summary>
    public string Begin(string? plan = null)
    {
        var id = Guid.NewGuid().ToString("n")[..12];
        var run = plan is null ? id : $"{plan}.{id}";
        _own[run] = true;
        return run;
    }

    /// <summary>A run has ended.</summary>
    public void End(string run) => _own.TryRemove(run, out _);

    /// <inheritdoc/>
    public bool MayRun(RestartMark mark)
    {
        if (mark.By != By) return true;
        if (mark.Process == Environment.ProcessId) return _own.ContainsKey(mark.Run);
        try
        {
            using var process = Process.GetProcessById(mark.Process);
            // A later process may have got the same number.
            return process.StartTime.ToUniversalTime() <= mark.Since.UtcDateTime.AddSeconds(1);
        }
        catch (ArgumentException)
        {
            return false;
        }
        catch (Exception error) when (error is InvalidOperationException or System.ComponentModel.Win32Exception or NotSupportedException)
        {
            // It cannot be looked at, so it is there; or it ended this moment, which the next look shows.
            return true;
        }
    }
}
