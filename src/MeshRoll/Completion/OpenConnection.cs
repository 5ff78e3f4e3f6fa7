using System.Collections;
using System.Management.Automation;
using MeshRoll.Connections;
using MeshRoll.Core;
using MeshRoll.Core.ControlPlane;
using MeshRoll.Core.ControlPlane.Injectors;
using MeshRoll.Core.Rollouts.Verbs;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Completion;

/// <summary>
/// The connection that a command line being completed would use, if it is open already; completion never opens one. What no command has met
/// yet is looked up on it; the user waits a moment for that at most.
/// </summary>
internal sealed class OpenConnection(ClusterSession session)
{
    /// <summary>How long a Tab may take.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    /// <summary>How long names are looked up for the next one.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    /// <summary>The names met on it.</summary>
    public KnownNames Names { get; } = KnownNames.Of(session);

    /// <summary>The namespace used when the command line names none.</summary>
    public string Namespace => session.Client.Connection.Namespace;

    /// <summary>The one that the parameters given so far mean; null when it is not open.</summary>
    public static OpenConnection? Find(IDictionary parameters)
    {
        var open = RunspaceConnections.Current.All;
        var cluster = Unwrap(parameters["Cluster"]) switch
        {
            MeshCluster given => given,
            string name => open.FirstOrDefault(one => one.Name == name),
            _ when parameters["Context"] is string context => open.FirstOrDefault(one => one.Context == context),
            _ => open.Count > 0 ? open[0] : null,
        };
        return cluster?.Session is { } session ? new(session) : null;
    }

    /// <summary>Looks up the namespaces, as far as they come in time.</summary>
    public void LookUpNamespaces() => BeginLookUp(Resources.Namespaces, null, found => Names.Add(found.Metadata.Name)).Wait(Patience);

    /// <summary>Looks up the workloads of a namespace, as far as they come in time.</summary>
    public void LookUpWorkloads(string @namespace) => Task.WaitAll(
        [
            BeginLookUp(Resources.Deployments, @namespace, found => Names.Add(@namespace, "Deployment", found.Metadata.Name)),
            BeginLookUp(Resources.StatefulSets, @namespace, found => Names.Add(@namespace, "StatefulSet", found.Metadata.Name)),
            BeginLookUp(Resources.DaemonSets, @namespace, found => Names.Add(@namespace, "DaemonSet", found.Metadata.Name)),
        ], Patience);

    /// <summary>The revisions of a workload, the newest first, as far as they come in time.</summary>
    public IReadOnlyList<long> Revisions(WorkloadReference workload) =>
        LookUp(cancellationToken => new HistoryReader(session).NumbersAsync(workload, cancellationToken)) is { } numbers ? [.. numbers.Reverse()] : [];

    /// <summary>The images of a workload by container, as far as they come in time.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Images(WorkloadReference workload) =>
        LookUp(cancellationToken => new HistoryReader(session).ImagesAsync(workload, cancellationToken)) ?? [];

    /// <summary>The revisions and tags of Istio, as far as they come in time.</summary>
    public IReadOnlyList<string> MeshRevisions() => LookUp(ReadRevisionsAsync) ?? [];

    /// <summary>The injectors of Istio, as far as they come in time.</summary>
    public IReadOnlyList<MeshInjector> Injectors() => LookUp(ReadInjectorsAsync) ?? [];

    private async Task<IReadOnlyList<MeshInjector>> ReadInjectorsAsync(CancellationToken cancellationToken)
    {
        var injectors = new List<MeshInjector>();
        await foreach (var happening in new InjectorReader(session).ReadAsync(cancellationToken))
        {
            if (happening is ReadEvent<MeshInjector>.Found(var injector)) injectors.Add(injector);
        }
        return injectors;
    }

    private async Task<IReadOnlyList<string>> ReadRevisionsAsync(CancellationToken cancellationToken)
    {
        var webhooks = new List<MutatingWebhookConfiguration>();
        await foreach (var webhook in session.Client.ListAsync(Resources.MutatingWebhookConfigurations, null, new ListQuery { ResourceVersion = "0" }, cancellationToken)) webhooks.Add(webhook);
        var tags = RevisionTags.From(webhooks);
        return [.. tags.Revisions.Select(static revision => revision.Revision!).Concat(tags.Names).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    private static T? LookUp<T>(Func<CancellationToken, Task<T>> ask)
        where T : class
    {
        using var patience = new CancellationTokenSource(Patience);
        var reading = Task.Run(() => ask(patience.Token));
        Task.WaitAny([reading], Patience);
        return reading.IsCompletedSuccessfully ? reading.Result : null;
    }

    private static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;

    // It goes on when the user's patience is over: what a slow server says is there for the next Tab.
    private Task BeginLookUp<T>(Resource<T> resource, string? @namespace, Action<PartialObject> found)
        where T : class, IKubernetesObject => Names.LookUpOnce($"{resource.Plural} {@namespace}", () => ReadAsync(resource, @namespace, found));

    private async Task ReadAsync<T>(Resource<T> resource, string? @namespace, Action<PartialObject> found)
        where T : class, IKubernetesObject
    {
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await foreach (var item in session.Client.ListMetadataAsync(resource, @namespace, new ListQuery { ResourceVersion = "0" }, limit.Token)) found(item);
        }
        catch (Exception)
        {
            // Too slow, no right, no connection: completion offers what it has.
        }
    }
}
