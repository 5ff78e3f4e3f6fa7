using System.Collections.Concurrent;

namespace MeshRoll.Core.Restarts.Marks;

/// <summary>The runs of this process by name, those of other processes of this machine by whether their process lives. Thread-safe.</summary>
internal sealed class RunsOfThisMachine : IRunRegistry
{
    private readonly ConcurrentDictionary<string, bool> _own = [];
    private readonly Func<int, DateTime?> _startOf;

    /// <summary>The runs of a process of a machine.</summary>
    /// <param name="by">User and machine.</param>
    /// <param name="process">The process.</param>
    /// <param name="startOf">When a process of that machine began, UTC; <see cref="DateTime.MinValue"/> where that cannot be told; null when there is none of that number.</param>
    internal RunsOfThisMachine(string by, int process, Func<int, DateTime?> startOf) => (By, Process, _startOf) = (by, process, startOf);

    /// <summary>The one of this process.</summary>
    public static RunsOfThisMachine Instance { get; } = new($"{Environment.UserName}@{Environment.MachineName}", Environment.ProcessId, StartOf);

    /// <summary>Who a run of this process is: user and machine.</summary>
    public string By { get; }

    /// <summary>The number of this process.</summary>
    public int Process { get; }

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
    public bool IsOfThisProcess(RestartMark mark) => mark.By == By && mark.Process == Process;

    /// <inheritdoc/>
    public bool MayRun(RestartMark mark)
    {
        if (mark.By != By) return true;
        if (mark.Process == Process) return _own.ContainsKey(mark.Run);
        // A later process may have got the same number.
        return _startOf(mark.Process) is { } start && start <= mark.Since.UtcDateTime.AddSeconds(1);
    }

    private static DateTime? StartOf(int id)
    {
        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(id);
            return process.StartTime.ToUniversalTime();
        }
        catch (ArgumentException)
        {
            return null;
        }
        catch (Exception error) when (error is InvalidOperationException or System.ComponentModel.Win32Exception or NotSupportedException)
        {
            // It cannot be looked at, so it is there; or it ended this moment, which the next look shows.
            return DateTime.MinValue;
        }
    }
}
