using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using MeshRoll.Core;

namespace MeshRoll.Completion;

/// <summary>The namespaces and workloads that commands have met on one connection: what completion offers without asking anybody.</summary>
internal sealed class KnownNames
{
    private const int Limit = 20_000;
    private static readonly ConditionalWeakTable<ClusterSession, KnownNames> s_all = [];

    private readonly ConcurrentDictionary<string, bool> _namespaces = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<KnownWorkload, bool> _workloads = new();
    private readonly ConcurrentDictionary<string, Task> _lookUps = new(StringComparer.Ordinal);

    /// <summary>Those of a connection.</summary>
    public static KnownNames Of(ClusterSession session) => s_all.GetOrCreateValue(session);

    /// <summary>The namespaces met so far.</summary>
    public IEnumerable<string> Namespaces => _namespaces.Keys.Order(StringComparer.Ordinal);

    /// <summary>The workloads met so far.</summary>
    public IEnumerable<KnownWorkload> Workloads => _workloads.Keys.OrderBy(workload => workload.Name, StringComparer.Ordinal);

    /// <summary>Begins to look something up, unless that is under way already; gives what is under way.</summary>
    /// <param name="what">What is looked up.</param>
    /// <param name="read">Reads it and remembers what it finds; never fails.</param>
    public Task LookUpOnce(string what, Func<Task> read) => _lookUps.AddOrUpdate(what, _ => Task.Run(read), (_, known) => known.IsCompleted ? Task.Run(read) : known);

    /// <summary>Remembers a namespace.</summary>
    public void Add(string @namespace)
    {
        if (_namespaces.Count < Limit) _namespaces.TryAdd(@namespace, true);
    }

    /// <summary>Remembers a workload and its namespace.</summary>
    public void Add(string @namespace, string kind, string name)
    {
        Add(@namespace);
        if (_workloads.Count < Limit) _workloads.TryAdd(new(@namespace, kind, name), true);
    }
}

/// <summary>A workload that a command has met.</summary>
internal sealed record KnownWorkload(string Namespace, string Kind, string Name);
