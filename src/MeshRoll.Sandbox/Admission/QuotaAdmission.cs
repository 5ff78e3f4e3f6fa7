using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Objects.Views;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Admission;

/// <summary>
/// Keeps ResourceQuotas: no pod is made that would exceed one, and their status tells what is used. Usage is counted along, in namespaces that have a
/// quota only. It must look at pods after everything that changes them, the injectors above all: a sidecar counts, too.
/// </summary>
/// <remarks>Quotas with scopes are left alone, and so are limits on anything but pods and what they ask for.</remarks>
internal sealed class QuotaAdmission : IAdmission
{
    private readonly Cluster _cluster;
    private readonly Dictionary<string, Account> _accounts = new(StringComparer.Ordinal);

    public QuotaAdmission(Cluster cluster)
    {
        _cluster = cluster;
        cluster.Store.Changed += Observe;
    }

    /// <inheritdoc/>
    public void Admit(AdmissionRequest request)
    {
        if (request.Operation != "CREATE" || request.Resource != ApiResources.Pods || !_accounts.TryGetValue(request.Namespace, out var account)) return;
        var asked = QuotaUsage.Of(request.Object["spec"]);
        var name = request.Object.Text("metadata", "name") ?? "";
        foreach (var quota in _cluster.Store.List(ApiResources.ResourceQuotas, request.Namespace))
        {
            if (Hard(quota.ToJson()) is { Count: > 0 } hard && Refusal(quota.Name, hard, account.Used, asked, request.Object["spec"]) is { } refusal)
                throw ApiStatusException.Forbidden(ApiResources.Pods, name, refusal);
        }
    }

    /// <inheritdoc/>
    public bool Concerns(string operation, ApiResource resource) => operation == "CREATE" && resource == ApiResources.Pods;

    /// <inheritdoc/>
    public bool JudgesEach(ApiResource resource, string @namespace) => resource == ApiResources.Pods && _accounts.ContainsKey(@namespace);

    /// <summary>Why a pod may not be made, as the real server's quota plugin says it; null when it may.</summary>
    private static string? Refusal(string quota, IReadOnlyList<(string Resource, long Limit)> hard, QuotaUsage used, QuotaUsage asked, JsonNode? spec)
    {
        var silent = hard.Select(limit => (limit.Resource, Containers: string.Join(',', QuotaUsage.Silent(spec, limit.Resource)))).Where(missing => missing.Containers.Length > 0).ToList();
        if (silent.Count > 0) return $"failed quota: {quota}: must specify {string.Join("; ", silent.Select(missing => $"{missing.Resource} for: {missing.Containers}"))}";

        var exceeded = hard.Where(limit => asked.Amount(limit.Resource) > 0 && used.Amount(limit.Resource) + asked.Amount(limit.Resource) > limit.Limit).ToList();
        if (exceeded.Count == 0) return null;
        return $"exceeded quota: {quota}, requested: {Say(limit => asked.Amount(limit.Resource))}, used: {Say(limit => used.Amount(limit.Resource))}, limited: {Say(limit => limit.Limit)}";

        string Say(Func<(string Resource, long Limit), long> amount) =>
            string.Join(',', exceeded.Select(limit => $"{limit.Resource}={QuotaUsage.Format(limit.Resource, amount(limit))}"));
    }

    private static IReadOnlyList<(string Resource, long Limit)> Hard(JsonObject quota)
    {
        if (quota.At("spec", "scopes") is JsonArray { Count: > 0 } || quota.At("spec", "scopeSelector") is not null) return [];
        if (quota.At("spec", "hard") is not JsonObject hard) return [];
        return [.. hard.Where(limit => QuotaUsage.Resources.Contains(limit.Key)).OrderBy(limit => limit.Key, StringComparer.Ordinal).Select(limit => (limit.Key, QuotaUsage.Parse(limit.Key, limit.Value)))];
    }

    private void Observe(StoreChange change)
    {
        if (change.Object.Resource == ApiResources.ResourceQuotas) ObserveQuota(change);
        else if (change.Object.Resource == ApiResources.Pods && _accounts.TryGetValue(change.Object.Namespace, out var account)) ObservePod(change, account);
    }

    private void ObserveQuota(StoreChange change)
    {
        var @namespace = change.Object.Namespace;
        if (change.Type == ChangeType.Deleted)
        {
            if (!_cluster.Store.List(ApiResources.ResourceQuotas, @namespace).Any()) _accounts.Remove(@namespace);
            return;
        }
        if (!_accounts.TryGetValue(@namespace, out var account))
        {
            _accounts[@namespace] = account = new();
            foreach (var pod in _cluster.Store.List(ApiResources.Pods, @namespace).Where(pod => !pod.As<PodView>().HasEnded)) account.Add(pod);
        }
        Tell(@namespace, account);
    }

    private void ObservePod(StoreChange change, Account account)
    {
        var pod = change.Object;
        var changed = change.Type == ChangeType.Deleted || pod.As<PodView>().HasEnded ? account.Remove(pod.Uid) : change.Type == ChangeType.Added && account.Add(pod);
        if (changed) Tell(pod.Namespace, account);
    }

    /// <summary>Writes what is used into the quotas' status, once for all that happens at one time.</summary>
    private void Tell(string @namespace, Account account)
    {
        if (account.IsTelling) return;
        account.IsTelling = true;
        _cluster.Simulation.Soon(() =>
        {
            account.IsTelling = false;
            foreach (var quota in _cluster.Store.List(ApiResources.ResourceQuotas, @namespace))
            {
                var json = quota.ToJson();
                var used = new JsonObject();
                foreach (var (resource, _) in Hard(json)) used[resource] = QuotaUsage.Format(resource, account.Used.Amount(resource));
                _cluster.SetStatus(quota, new() { ["hard"] = json.At("spec", "hard")?.DeepClone() ?? new JsonObject(), ["used"] = used });
            }
        });
    }

    /// <summary>What a namespace uses.</summary>
    private sealed class Account
    {
        private readonly Dictionary<string, QuotaUsage> _pods = new(StringComparer.Ordinal);

        public QuotaUsage Used { get; private set; }

        public bool IsTelling { get; set; }

        public bool Add(StoredObject pod)
        {
            var usage = QuotaUsage.Of(pod.ToJson()["spec"]);
            if (!_pods.TryAdd(pod.Uid, usage)) return false;
            Used += usage;
            return true;
        }

        public bool Remove(string uid)
        {
            if (!_pods.Remove(uid, out var usage)) return false;
            Used -= usage;
            return true;
        }
    }
}
