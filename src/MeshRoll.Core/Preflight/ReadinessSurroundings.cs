using System.Text.Json;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Preflight;

/// <summary>What surrounds the workloads of a scope: read side by side, and each kind's refusal is its own.</summary>
internal sealed class ReadinessSurroundings(ClusterSession session, NamespaceScope scope, CancellationToken cancellationToken)
{
    private const string Budgets = "poddisruptionbudgets";
    private const string Autoscalers = "horizontalpodautoscalers";

    private readonly Dictionary<string, Listed> _kinds = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Plural, string Namespace), SelectorIndex> _indexes = [];
    private readonly Dictionary<string, Dictionary<string, JsonElement>> _endpoints = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ILookup<(string Kind, string Name), JsonElement>> _scalers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Known<IReadOnlySet<string>>> _secrets = new(StringComparer.Ordinal);

    /// <summary>The images that nodes have.</summary>
    public Known<NodeImages> Images { get; private set; }

    /// <summary>What is free on them; null where nobody asked.</summary>
    public Known<IReadOnlyList<NodeRoom>>? Room { get; private set; }

    /// <summary>Whether Istio's routing kinds are installed.</summary>
    public bool HasRoutes { get; private set; }

    /// <summary>Reads all.</summary>
    public async Task ReadAsync(bool includeRoom)
    {
        var budgets = await session.Client.ServesAsync(ReadinessResources.Budgets, cancellationToken) ? ReadinessResources.Budgets : ReadinessResources.OldBudgets;
        HasRoutes = await session.Client.ServesAsync(ReadinessResources.VirtualServices, cancellationToken);
        List<Task> reading =
        [
            ReadAsync(budgets), ReadAsync(Resources.HorizontalPodAutoscalers.Raw), ReadAsync(ReadinessResources.Quotas), ReadAsync(Resources.Services.Raw), ReadAsync(Resources.Endpoints.Raw),
            ReadNodesAsync(includeRoom),
        ];
        if (HasRoutes) reading.AddRange([ReadAsync(ReadinessResources.VirtualServices), ReadAsync(ReadinessResources.DestinationRules)]);
        await Task.WhenAll(reading);
    }

    /// <summary>The objects of a kind in a namespace.</summary>
    public Known<IReadOnlyList<JsonElement>> Of(string plural, string @namespace)
    {
        var listed = _kinds[plural];
        if ((listed.Problems.GetValueOrDefault(@namespace) ?? listed.Problems.GetValueOrDefault("")) is { } problem) return new(null, problem);
        return new(listed.Items.GetValueOrDefault(@namespace) ?? []);
    }

    /// <summary>The Services that select these labels, each with the count of its ready addresses.</summary>
    public Known<IReadOnlyList<ServiceSight>> ServicesFor(string @namespace, IReadOnlyDictionary<string, string> labels)
    {
        var services = Of("services", @namespace);
        if (!services.Is) return new(null, services.Problem);
        var endpoints = Of("endpoints", @namespace);
        return new([.. Index("services", @namespace).Selecting(labels).Select(service => new ServiceSight(service, Ready(service)))]);

        int? Ready(JsonElement service)
        {
            if (!endpoints.Is) return null;
            if (!_endpoints.TryGetValue(@namespace, out var byName)) _endpoints[@namespace] = byName = endpoints.Value!.ToDictionary(item => item.Text("metadata", "name") ?? "", StringComparer.Ordinal);
            return byName.GetValueOrDefault(service.Text("metadata", "name") ?? "").Items("subsets").Sum(subset => subset.Items("addresses").Count());
        }
    }

    /// <summary>The disruption budgets that select these labels.</summary>
    public Known<IReadOnlyList<JsonElement>> BudgetsFor(string @namespace, IReadOnlyDictionary<string, string> labels)
    {
        var budgets = Of(Budgets, @namespace);
        return budgets.Is ? new(Index(Budgets, @namespace).Selecting(labels)) : budgets;
    }

    /// <summary>The autoscalers of a workload.</summary>
    public Known<IReadOnlyList<JsonElement>> AutoscalersFor(WorkloadReference workload)
    {
        var scalers = Of(Autoscalers, workload.Namespace);
        if (!scalers.Is) return scalers;
        if (!_scalers.TryGetValue(workload.Namespace, out var byTarget))
            _scalers[workload.Namespace] = byTarget = scalers.Value!.ToLookup(scaler => (scaler.Text("spec", "scaleTargetRef", "kind") ?? "", scaler.Text("spec", "scaleTargetRef", "name") ?? ""));
        return new([.. byTarget[(workload.Kind, workload.Name)]]);
    }

    /// <summary>The disruption budgets of a namespace that select none of these pods.</summary>
    public IEnumerable<JsonElement> IdleBudgets(string @namespace, IReadOnlyList<Pod> pods)
    {
        if (Of(Budgets, @namespace) is not { Is: true, Value: { Count: > 0 } budgets }) return [];
        HashSet<string> busy = new(StringComparer.Ordinal);
        foreach (var pod in pods) busy.UnionWith(Index(Budgets, @namespace).Selecting(pod.Metadata.Labels).Select(budget => budget.Text("metadata", "name") ?? ""));
        return budgets.Where(budget => !busy.Contains(budget.Text("metadata", "name") ?? ""));
    }

    /// <summary>The names of a namespace's secrets: their contents are never asked for. Unknown where nobody said that a workload names one.</summary>
    public Known<IReadOnlySet<string>> Secrets(string @namespace) => _secrets.GetValueOrDefault(@namespace);

    /// <summary>Reads the names of the secrets of these namespaces: of those alone where a workload names one. One list of the cluster where that is what others are read by.</summary>
    public async Task ReadSecretsAsync(IReadOnlyCollection<string> places)
    {
        if (places.Count > 1 && (scope.All || scope.PrefersWholeCluster) && await TrySecretsAsync(null) is { Is: true, Value: var all })
        {
            var byPlace = all!.ToLookup(secret => secret.Namespace, secret => secret.Name);
            foreach (var place in places) _secrets[place] = new(byPlace[place].ToHashSet(StringComparer.Ordinal));
            return;
        }
        foreach (var place in places)
        {
            var names = await TrySecretsAsync(place);
            _secrets[place] = names.Is ? new(names.Value!.Select(secret => secret.Name).ToHashSet(StringComparer.Ordinal)) : new(null, names.Problem);
        }
    }

    private async Task<Known<IReadOnlyList<ObjectMeta>>> TrySecretsAsync(string? place)
    {
        try
        {
            List<ObjectMeta> found = [];
            await foreach (var secret in session.Client.ListMetadataAsync(ReadinessResources.Secrets, place, cancellationToken: cancellationToken)) found.Add(secret.Metadata);
            return new(found);
        }
        catch (MeshRollException e) when (Refusal.IsOfThisPart(e))
        {
            return new(null, Refusal.InWords(e));
        }
    }

    /// <summary>Istio's routes of a namespace; null where its kinds are not installed.</summary>
    public Known<IReadOnlyList<JsonElement>>? Routes(string @namespace)
    {
        if (!HasRoutes) return null;
        var (services, rules) = (Of("virtualservices", @namespace), Of("destinationrules", @namespace));
        return !services.Is ? services : !rules.Is ? rules : new([.. services.Value!, .. rules.Value!]);
    }

    private async Task ReadAsync(Resource<RawObject> resource)
    {
        var listed = NewKind(resource.Plural);
        await using var listing = new ScopedListing<RawObject>(session, resource, scope, new(), cancellationToken);
        await foreach (var happened in listing.ReadAsync(cancellationToken))
        {
            if (happened is ReadEvent<RawObject>.Found { Item: var item }) listed.Add(item.Metadata.Namespace, item.Json);
            if (happened is ReadEvent<RawObject>.Failed failed) listed.Problems[scope.All ? "" : failed.Target] = Refusal.InWords(failed.Error);
        }
    }


    private async Task ReadNodesAsync(bool includeRoom)
    {
        try
        {
            List<JsonElement> nodes = [];
            await foreach (var node in session.Client.ListAsync(Resources.Nodes.Raw, null, cancellationToken: cancellationToken)) nodes.Add(node.Json);
            Images = new(NodeImages.Of(nodes));
            if (includeRoom) Room = new(await RoomAsync(nodes));
        }
        catch (MeshRollException e) when (Refusal.IsOfThisPart(e))
        {
            if (!Images.Is) Images = new(null, Refusal.InWords(e));
            if (includeRoom) Room = new(null, Refusal.InWords(e));
        }
    }

    private async Task<IReadOnlyList<NodeRoom>> RoomAsync(List<JsonElement> nodes)
    {
        Dictionary<string, (decimal Cpu, decimal Memory, int Pods)> used = new(StringComparer.Ordinal);
        await foreach (var pod in session.Client.ListAsync(Resources.Pods.Raw, null, new() { FieldSelector = "status.phase!=Succeeded,status.phase!=Failed" }, cancellationToken))
        {
            if (pod.Json.Text("spec", "nodeName") is not { } node) continue;
            var (cpu, memory, pods) = used.GetValueOrDefault(node);
            used[node] = (cpu + Sum(pod.Json, "cpu"), memory + Sum(pod.Json, "memory"), pods + 1);
        }
        return
        [
            .. from node in nodes
               where !node.Flag("spec", "unschedulable") && node.Items("status", "conditions").Any(condition => condition.Text("type") == "Ready" && condition.Text("status") == "True")
               let name = node.Text("metadata", "name") ?? ""
               let taken = used.GetValueOrDefault(name)
               select new NodeRoom(name, Amount(node, "cpu") - taken.Cpu, Amount(node, "memory") - taken.Memory, Amount(node, "pods") - taken.Pods),
        ];

        static decimal Sum(JsonElement pod, string resource) => pod.Items("spec", "containers").Sum(container => Quantity.Read(container.Text("resources", "requests", resource)) ?? 0);

        static decimal Amount(JsonElement node, string resource) => Quantity.Read(node.Text("status", "allocatable", resource)) ?? 0;
    }

    private SelectorIndex Index(string plural, string @namespace)
    {
        if (_indexes.TryGetValue((plural, @namespace), out var index)) return index;
        var items = Of(plural, @namespace).Value ?? [];
        return _indexes[(plural, @namespace)] = plural == Budgets ? SelectorIndex.Of(items) : SelectorIndex.OfServices(items);
    }

    private Listed NewKind(string plural)
    {
        lock (_kinds) return _kinds[plural] = new();
    }

    private sealed class Listed
    {
        public Dictionary<string, List<JsonElement>> Items { get; } = new(StringComparer.Ordinal);

        /// <summary>By namespace; under the empty name for all.</summary>
        public Dictionary<string, string> Problems { get; } = new(StringComparer.Ordinal);

        public void Add(string @namespace, JsonElement item)
        {
            if (!Items.TryGetValue(@namespace, out var items)) Items[@namespace] = items = [];
            items.Add(item);
        }
    }
}
