using System.Runtime.CompilerServices;
using System.Text.Json;
using MeshRoll.Core.ControlPlane;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Rollouts.Following;
using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Preflight;

/// <summary>Looks at workloads before they are restarted: what will hurt, why, and what mends it. Changes nothing.</summary>
public sealed class ReadinessReader(ClusterSession session)
{
    private readonly Dictionary<(string Namespace, string Name), Known<ProxySettings>> _settings = [];
    private readonly HashSet<(string Namespace, string Id, string Problem)> _unchecked = [];

    /// <summary>Every rule's id, in the order in which they are told.</summary>
    public static IReadOnlyList<string> Rules => ReadinessRules.Ids;

    /// <summary>Refuses a query that cannot be met, before anything is asked.</summary>
    /// <exception cref="InvalidRequestException">A name, kind, selector or rule cannot be read.</exception>
    public static void Check(ReadinessQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        _ = new NameFilter(query.Selection);
        foreach (var name in query.Rules.Concat(query.Without))
        {
            if (!Rules.Any(new NamePattern(name).IsMatch)) throw new InvalidRequestException("MeshRoll.RuleUnknown", $"There is no rule '{name}'.{NearMatches.Sentence(name, Rules)} There are: {string.Join(", ", Rules)}.");
        }
    }

    /// <summary>The findings, workload by workload; what could not be looked at is told once for each namespace.</summary>
    public async IAsyncEnumerable<ReadEvent<MeshReadinessFinding>> ReadAsync(ReadinessQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Check(query);
        var filter = new NameFilter(query.Selection);
        var scope = query.Only is null ? await NamespaceScope.ResolveAsync(session, query.Selection, cancellationToken) : await NamespaceScope.OfNamesAsync(session, query.Selection.Namespaces, cancellationToken);
        foreach (var (target, error) in scope.Failures) yield return new ReadEvent<MeshReadinessFinding>.Failed(error, target);
        foreach (var remark in scope.Remarks) yield return new ReadEvent<MeshReadinessFinding>.Remark(remark);

        var knowledgeTask = MeshKnowledgeReader.ReadAsync(session, new(), scope.Facts, cancellationToken);
        var surroundings = new ReadinessSurroundings(session, scope, cancellationToken);
        var readingTask = surroundings.ReadAsync(query.IncludeNodeRoom);
        var podsTask = PodsAsync(scope, cancellationToken);
        var (workloads, failures) = await WorkloadsAsync(scope, workload => query.Only?.Contains(workload) != false && filter.IsMatch(workload), filter, query.Selection.LabelSelector, cancellationToken);
        var secretsTask = surroundings.ReadSecretsAsync([.. workloads.Where(workload => workload.Json.Items("spec", "template", "spec", "imagePullSecrets").Any()).Select(workload => workload.Model.Metadata.Namespace).Distinct(StringComparer.Ordinal)]);
        await Task.WhenAll(knowledgeTask, readingTask, podsTask, secretsTask);
        var (knowledge, pods) = (await knowledgeTask, await podsTask);

        var missing = (await scope.Facts).Missing;
        foreach (var failed in failures.Where(failed => !missing.Contains(failed.Target))) yield return failed;
        foreach (var remark in knowledge.Remarks) yield return new ReadEvent<MeshReadinessFinding>.Remark(remark);
        foreach (var (json, model) in workloads)
        {
            var subject = await DescribeAsync(json, model, knowledge, surroundings, pods, query, cancellationToken);
            foreach (var finding in ReadinessRules.Of(subject, session.Name))
            {
                if (Passes(finding, query) && Told(finding) is { } told) yield return new ReadEvent<MeshReadinessFinding>.Found(told);
            }
        }
        if (filter.IsEmpty && query.Only is null && query.Selection.LabelSelector is null)
        {
            foreach (var finding in Others(scope, surroundings, pods).Where(finding => Passes(finding, query))) yield return new ReadEvent<MeshReadinessFinding>.Found(finding);
        }

        foreach (var name in missing) yield return new ReadEvent<MeshReadinessFinding>.Failed(await NamespaceScope.DescribeMissingAsync(session, name, await scope.Facts, cancellationToken), name);
        if (missing.Count > 0 && missing.Count == scope.Names.Count) yield break;
        foreach (var name in filter.Unmet) yield return new ReadEvent<MeshReadinessFinding>.Failed(NotFoundException.Workload(name, scope.InWords, filter.Seen), name.ToString());
    }

    private static bool Passes(MeshReadinessFinding finding, ReadinessQuery query) =>
        finding.Severity >= query.Severity
        && (query.Rules.Count == 0 || query.Rules.Any(rule => new NamePattern(rule).IsMatch(finding.Id)))
        && !query.Without.Any(rule => new NamePattern(rule).IsMatch(finding.Id));

    /// <summary>What one right less hides in a hundred workloads is one thing to say.</summary>
    private MeshReadinessFinding? Told(MeshReadinessFinding finding)
    {
        if (finding.Checked) return finding;
        return _unchecked.Add((finding.Namespace, finding.Id, finding.Seen)) ? finding with { Kind = "Namespace", Name = finding.Namespace } : null;
    }

    private async Task<ReadinessSubject> DescribeAsync(
        JsonElement json, IKubernetesObject model, MeshKnowledge knowledge, ReadinessSurroundings surroundings, PodReading pods, ReadinessQuery query, CancellationToken cancellationToken)
    {
        var workload = WorkloadObject.ReferenceOf(model);
        var place = workload.Namespace;
        var labels = json.Entries("spec", "template", "metadata", "labels").ToDictionary(label => label.Key, label => label.Value);
        var own = pods.Of(workload);
        var proxy = (own.Value ?? []).SelectMany(pod => SidecarContainers.Find(pod.Spec)).FirstOrDefault();
        var desired = WorkloadObject.TemplateOf(model) is { } template ? knowledge.Expect(place, template) : null;
        var mesh = proxy?.Mesh ?? (desired is null ? null : knowledge.Linkerd is not null ? SidecarContainers.Linkerd : knowledge.Consul is not null ? SidecarContainers.Consul : SidecarContainers.Istio);
        return new()
        {
            Workload = workload,
            Json = json,
            Replicas = WorkloadObject.Desired(model),
            Pods = own,
            Mesh = mesh,
            NativeSidecar = proxy?.Native ?? false,
            Proxy = mesh == SidecarContainers.Istio ? await SettingsAsync(desired?.Revision ?? IstioStatus.DefaultRevision, knowledge, cancellationToken) : default,
            Budgets = surroundings.BudgetsFor(place, labels),
            Autoscalers = surroundings.AutoscalersFor(workload),
            Quotas = surroundings.Of("resourcequotas", place),
            Services = surroundings.ServicesFor(place, labels),
            Images = surroundings.Images,
            Room = surroundings.Room,
            Routes = surroundings.Routes(place),
            Secrets = surroundings.Secrets(place),
            Now = session.TimeProvider.GetUtcNow(),
            OldImages = query.OldImages,
        };
    }

    /// <summary>What is wrong beside the workloads: budgets for nobody, jobs that cannot end.</summary>
    private IEnumerable<MeshReadinessFinding> Others(NamespaceScope scope, ReadinessSurroundings surroundings, PodReading pods)
    {
        var places = scope.All ? pods.Namespaces : scope.Names;
        foreach (var place in places.Order(StringComparer.Ordinal))
        {
            if (pods.In(place) is not { Is: true, Value: var here }) continue;
            foreach (var budget in surroundings.IdleBudgets(place, here!))
            {
                var sign = new ReadinessSign($"disruption budget {budget.Text("metadata", "name")} selects no pod") { Advice = "Correct its selector, or delete it." };
                yield return ReadinessRules.Describe(ReadinessRules.BudgetSelectsNothing, sign, session.Name, place, "PodDisruptionBudget", budget.Text("metadata", "name") ?? "");
            }
            foreach (var job in here!.Where(pod => pod.Metadata.Controller is { Kind: "Job" }).GroupBy(pod => pod.Metadata.Controller!.Name))
            {
                var kept = job.FirstOrDefault(pod => SidecarContainers.Find(pod.Spec) is [{ Native: false }, ..]);
                if (kept is null) continue;
                var sign = new ReadinessSign($"pod {kept.Metadata.Name} of job {job.Key} has a proxy that nobody ends when the job is done")
                {
                    Advice = "Let the job end it (Istio: POST localhost:15020/quitquitquit; Linkerd: linkerd-await --shutdown), use native sidecars, or leave the job out of the mesh.",
                };
                yield return ReadinessRules.Describe(ReadinessRules.JobKeepsProxy, sign, session.Name, place, "Job", job.Key);
            }
        }
    }

    private async Task<Known<ProxySettings>> SettingsAsync(string revision, MeshKnowledge knowledge, CancellationToken cancellationToken)
    {
        var name = revision == IstioStatus.DefaultRevision ? "istio" : $"istio-{revision}";
        var place = knowledge.Injectors.FirstOrDefault(injector => injector.Revision == revision)?.IstiodNamespace ?? InjectorPlaces.UsualIstio;
        if (_settings.TryGetValue((place, name), out var known)) return known;
        return _settings[(place, name)] = await ReadAsync();

        async Task<Known<ProxySettings>> ReadAsync()
        {
            try
            {
                if (await session.Client.FindAsync(Resources.ConfigMaps, place, name, cancellationToken) is not { } map) return new(null, $"there is no ConfigMap {name} in {place}");
                return ProxyConfigText.OfMesh(map.Data.GetValueOrDefault("mesh") ?? "") is { } settings ? new(settings) : new(null, $"ConfigMap {name} in {place} cannot be understood");
            }
            catch (MeshRollException e) when (Refusal.IsOfThisPart(e))
            {
                return new(null, Refusal.InWords(e));
            }
        }
    }

    private async Task<(List<(JsonElement Json, IKubernetesObject Model)> Workloads, List<ReadEvent<MeshReadinessFinding>.Failed> Failures)> WorkloadsAsync(
        NamespaceScope scope, Func<WorkloadReference, bool> isMeant, NameFilter filter, string? selector, CancellationToken cancellationToken)
    {
        List<(JsonElement, IKubernetesObject)> workloads = [];
        List<ReadEvent<MeshReadinessFinding>.Failed> failures = [];
        await ReadAsync(Resources.Deployments);
        await ReadAsync(Resources.StatefulSets);
        await ReadAsync(Resources.DaemonSets);
        if (filter.MayBe(WorkloadKinds.Rollout) && await session.Client.ServesAsync(Resources.ArgoRollouts, cancellationToken)) await ReadAsync(Resources.ArgoRollouts);
        return (workloads, failures);

        async Task ReadAsync<T>(Resource<T> resource) where T : class, IKubernetesObject
        {
            if (!filter.MayBe(resource.Kind)) return;
            await using var listing = new ScopedListing<RawObject>(session, resource.Raw, scope, new() { LabelSelector = selector }, cancellationToken);
            await foreach (var happened in listing.ReadAsync(cancellationToken))
            {
                if (happened is ReadEvent<RawObject>.Failed failed) failures.Add(new(failed.Error, failed.Target));
                if (happened is ReadEvent<RawObject>.Found { Item: var item } && isMeant(new(item.Metadata.Namespace, resource.Kind, item.Metadata.Name))) workloads.Add((item.Json, item.As(resource)));
            }
        }
    }

    private async Task<PodReading> PodsAsync(NamespaceScope scope, CancellationToken cancellationToken)
    {
        var reading = new PodReading(scope);
        await using var listing = new ScopedListing<Pod>(session, Resources.Pods, scope, PodQuery.Of(null), cancellationToken);
        await foreach (var happened in listing.ReadAsync(cancellationToken)) reading.Take(happened);
        return reading;
    }

    /// <summary>The pods of a scope, by whose they are.</summary>
    private sealed class PodReading(NamespaceScope scope)
    {
        private readonly PodIndex _index = new();
        private readonly Dictionary<string, List<Pod>> _byNamespace = new(StringComparer.Ordinal);
        private readonly Dictionary<string, string> _problems = new(StringComparer.Ordinal);

        public IEnumerable<string> Namespaces => _byNamespace.Keys;

        public void Take(ReadEvent<Pod> happened)
        {
            if (happened is ReadEvent<Pod>.Failed failed) _problems[scope.All ? "" : failed.Target] = Refusal.InWords(failed.Error);
            if (happened is not ReadEvent<Pod>.Found { Item: var pod }) return;
            _index.Put(pod);
            if (!_byNamespace.TryGetValue(pod.Metadata.Namespace, out var pods)) _byNamespace[pod.Metadata.Namespace] = pods = [];
            pods.Add(pod);
        }

        public Known<IReadOnlyList<Pod>> In(string @namespace) => Problem(@namespace) is { } problem ? new(null, problem) : new(_byNamespace.GetValueOrDefault(@namespace) ?? []);

        public Known<IReadOnlyList<Pod>> Of(WorkloadReference workload) =>
            Problem(workload.Namespace) is { } problem ? new(null, problem) : new([.. _index.Of(workload).Where(PodQuery.IsLive)]);

        private string? Problem(string @namespace) => _problems.GetValueOrDefault(@namespace) ?? _problems.GetValueOrDefault("");
    }
}
