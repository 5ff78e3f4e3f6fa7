using System.Collections.Concurrent;
using MeshRoll.Kubernetes;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Workloads;

/// <summary>Namespaces with their labels, as far as they could be read.</summary>
public sealed record NamespaceFacts
{
    private const int Parallel = 8;

    /// <summary>Beyond so many names one list is cheaper than asking for each.</summary>
    private const int ListBeyond = 16;

    /// <summary>Those that were read, by name, in the server's order.</summary>
    public IReadOnlyDictionary<string, Namespace> Known { get; init; } = new Dictionary<string, Namespace>();

    /// <summary>Those asked for by name that do not exist.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>Whether all namespaces of the cluster are known.</summary>
    public bool Complete { get; init; }

    /// <summary>Why some could not be read, in words; empty when all could.</summary>
    public string Problem { get; init; } = "";

    /// <summary>One namespace; null when it could not be read.</summary>
    public Namespace? Find(string name) => Known.GetValueOrDefault(name);

    /// <summary>Why a namespace is unknown, in words.</summary>
    public string ProblemOf(string name) => $"the labels of namespace {name} cannot be read{(Problem.Length == 0 ? "" : $" ({Problem})")}";

    /// <summary>Reads namespaces: all for null, otherwise those named. Where the list is forbidden each is asked for by its name. What is refused is a problem, not an error.</summary>
    public static async Task<NamespaceFacts> ReadAsync(ClusterSession session, IReadOnlyCollection<string>? names, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (names is { Count: <= ListBeyond }) return await AskEachAsync(session, names, cancellationToken);
        try
        {
            Dictionary<string, Namespace> known = new(StringComparer.Ordinal);
            await foreach (var found in session.Client.ListAsync(Resources.Namespaces, null, cancellationToken: cancellationToken)) known[found.Metadata.Name] = found;
            return new() { Known = known, Complete = true, Missing = names is null ? [] : [.. names.Where(name => !known.ContainsKey(name))] };
        }
        catch (MeshRollException e) when (Refusal.IsOfThisPart(e))
        {
            return names is null ? new() { Problem = Refusal.InWords(e) } : await AskEachAsync(session, names, cancellationToken);
        }
    }

    private static async Task<NamespaceFacts> AskEachAsync(ClusterSession session, IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        ConcurrentDictionary<string, Namespace> known = new(StringComparer.Ordinal);
        ConcurrentBag<string> missing = [];
        var problem = "";
        await System.Threading.Tasks.Parallel.ForEachAsync(names, new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellationToken }, async (name, cancel) =>
        {
            try
            {
                if (await session.Client.FindAsync(Resources.Namespaces, null, name, cancel) is { } found) known[name] = found;
                else missing.Add(name);
            }
            catch (MeshRollException e) when (Refusal.IsOfThisPart(e))
            {
                problem = Refusal.InWords(e);
            }
        });
        return new() { Known = known, Missing = [.. names.Where(missing.Contains)], Problem = problem };
    }
}
