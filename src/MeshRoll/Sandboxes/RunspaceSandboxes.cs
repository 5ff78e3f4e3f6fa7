using System.Globalization;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using MeshRoll.Core.Workloads;

namespace MeshRoll.Sandboxes;

/// <summary>
/// The sandboxes that one runspace has started. They end when asked, when the module is removed, when the runspace is closed, and at the latest
/// with the process, so that no port and no file is left.
/// </summary>
internal sealed class RunspaceSandboxes
{
    private const string DefaultName = "sandbox";

    private static readonly ConditionalWeakTable<Runspace, RunspaceSandboxes> s_all = [];
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly object _lock = new();
    private readonly List<MeshSandbox> _sandboxes = [];
    private readonly HashSet<string> _starting = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Those of the runspace this thread belongs to.</summary>
    public static RunspaceSandboxes Current => s_all.GetValue(Runspace.DefaultRunspace, Attach);

    /// <summary>All that run, the newest first.</summary>
    public IReadOnlyList<MeshSandbox> All
    {
        get
        {
            lock (_lock) return [.. _sandboxes.AsEnumerable().Reverse()];
        }
    }

    /// <summary>Those of the runspace this thread belongs to, if it ever had any; looking costs nothing.</summary>
    public static IReadOnlyList<MeshSandbox> Running => s_all.TryGetValue(Runspace.DefaultRunspace, out var sandboxes) ? sandboxes.All : [];

    /// <summary>Ends those of the runspace this thread belongs to.</summary>
    public static void EndCurrent()
    {
        if (s_all.TryGetValue(Runspace.DefaultRunspace, out var sandboxes)) sandboxes.End();
    }

    /// <summary>Keeps a name for a sandbox that is about to start.</summary>
    /// <param name="wish">The name; null for the first free one of sandbox, sandbox-2 and so on.</param>
    /// <exception cref="Errors.CommandException"><c>MeshRoll.SandboxExists</c>.</exception>
    public string TakeName(string? wish)
    {
        lock (_lock)
        {
            var name = wish ?? FirstFree();
            return IsFree(name) && _starting.Add(name) ? name : throw SandboxErrors.Exists(name);
        }
    }

    /// <summary>Gives a name back whose sandbox did not start.</summary>
    public void ReturnName(string name)
    {
        lock (_lock) _starting.Remove(name);
    }

    /// <summary>Adds a sandbox that has started under the name it took.</summary>
    public void Add(MeshSandbox sandbox)
    {
        lock (_lock)
        {
            _starting.Remove(sandbox.Name);
            _sandboxes.Add(sandbox);
        }
    }

    /// <summary>Those whose names fit, the newest first.</summary>
    public IReadOnlyList<MeshSandbox> Find(NamePattern pattern) => [.. All.Where(sandbox => pattern.IsMatch(sandbox.Name))];

    /// <summary>The running sandbox that is meant: itself, or the one of its name; the newest where none is named.</summary>
    /// <exception cref="Errors.CommandException"><c>MeshRoll.SandboxNotFound</c>.</exception>
    public MeshSandbox Resolve(MeshSandbox? reference)
    {
        if (reference?.Live is not null) return reference;

        var running = All;
        var found = running.FirstOrDefault(sandbox => reference is null || string.Equals(sandbox.Name, reference.Name, StringComparison.OrdinalIgnoreCase));
        return found ?? throw SandboxErrors.NotFound(reference?.Name, running);
    }

    /// <summary>Ends a sandbox and forgets it.</summary>
    public async Task RemoveAsync(MeshSandbox sandbox)
    {
        lock (_lock) _sandboxes.Remove(sandbox);
        await sandbox.EndAsync();
    }

    /// <summary>Ends all, and waits for it a moment.</summary>
    public void End()
    {
        MeshSandbox[] running;
        lock (_lock)
        {
            running = [.. _sandboxes];
            _sandboxes.Clear();
        }
        if (running.Length > 0) EndTogether(running);
    }

    private static void EndTogether(MeshSandbox[] sandboxes)
    {
        try
        {
            // Not on this thread: it may be the one that everything else waits for.
            Task.WaitAll([.. sandboxes.Select(sandbox => Task.Run(() => sandbox.EndAsync().AsTask()))], s_patience);
        }
        catch (AggregateException)
        {
            // Nobody is left to be told, and what remains the next sandbox clears away.
        }
    }

    private static RunspaceSandboxes Attach(Runspace runspace)
    {
        var sandboxes = new RunspaceSandboxes();
        runspace.StateChanged += (_, change) =>
        {
            if (change.RunspaceStateInfo.State is not (RunspaceState.Closed or RunspaceState.Broken)) return;
            AppDomain.CurrentDomain.ProcessExit -= sandboxes.End;
            sandboxes.End();
        };
        // A host that ends without closing its runspaces, a signal: the runtime still says goodbye.
        AppDomain.CurrentDomain.ProcessExit += sandboxes.End;
        return sandboxes;
    }

    private void End(object? sender, EventArgs e) => End();

    private bool IsFree(string name) => !_starting.Contains(name) && !_sandboxes.Exists(sandbox => string.Equals(sandbox.Name, name, StringComparison.OrdinalIgnoreCase));

    private string FirstFree()
    {
        var name = DefaultName;
        for (var number = 2; !IsFree(name); number++) name = string.Create(CultureInfo.InvariantCulture, $"{DefaultName}-{number}");
        return name;
    }
}
