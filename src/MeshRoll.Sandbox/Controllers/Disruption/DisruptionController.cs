using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Objects.Views;
using MeshRoll.Sandbox.Selecting;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Controllers.Disruption;

/// <summary>Says of each PodDisruptionBudget how many pods may be evicted; the eviction itself counts that down.</summary>
internal sealed class DisruptionController(Cluster cluster, EventRecorder events, PodIndex pods) : Controller(cluster, ApiResources.PodDisruptionBudgets)
{
    private const string Component = "controllermanager";

    // disruption.go, DeletionTimeout: a pod whose eviction was allowed but that is still not going counts again after that.
    private static readonly TimeSpan EvictionTimeout = TimeSpan.FromMinutes(2);

    private readonly SelectorIndex _selectors = new();

    /// <inheritdoc/>
    protected override void Observe(StoreChange change)
    {
        base.Observe(change);
        var stored = change.Object;
        if (stored.Resource == Resource) _selectors.Set(stored.Namespace, stored.Name, change.Type == ChangeType.Deleted ? null : SelectorIn(stored));
        if (stored.Resource != ApiResources.Pods) return;
        if (change.Before is { } before && change.Type == ChangeType.Modified)
        {
            if (Selectors.SameLabels(before, stored) && before.IsDeleting == stored.IsDeleting && before.As<PodView>().IsReady == stored.As<PodView>().IsReady
                && before.ControllerUid == stored.ControllerUid) return;
            foreach (var name in _selectors.Matching(stored.Namespace, before.Labels)) Enqueue(stored.Namespace, name);
        }
        foreach (var name in _selectors.Matching(stored.Namespace, stored.Labels)) Enqueue(stored.Namespace, name);
    }

    /// <inheritdoc/>
    protected override void Reconcile(StoredObject target)
    {
        using var document = JsonDocument.Parse(target.Json);
        var spec = document.RootElement.At("spec");
        var before = document.RootElement.At("status");
        var (least, missing) = (IntOrPercent.Read(spec.At("minAvailable")), IntOrPercent.Read(spec.At("maxUnavailable")));
        var selected = pods.Matching(target.Namespace, SelectorIn(target)).ToList();
        if (selected.Count == 0) events.Normal(target, Component, "NoPods", "No matching pods found");

        var scale = 0;
        if (DisruptionRules.NeedsScale(least, missing))
        {
            if (Unscalable(selected) is { } pod)
            {
                var why = $"found no controllers for pod \"{pod.Name}\"";
                events.Warning(target, Component, "CalculateExpectedPodCountFailed", $"Failed to calculate the number of expected pods: {why}");
                Fail(target, before, why);
                return;
            }
            scale = Scale(selected);
        }
        var goal = DisruptionRules.Goal(least, missing, selected.Count, scale);
        var evicted = StillGoing(target, before.At("disruptedPods"));
        var healthy = selected.Count(pod => !pod.IsDeleting && pod.As<PodView>().IsReady && !evicted.ContainsKey(pod.Name));
        var allowed = DisruptionRules.Allowed(goal, healthy);

        var status = new JsonObject();
        if (evicted.Count > 0) status["disruptedPods"] = evicted;
        status["disruptionsAllowed"] = allowed;
        status["currentHealthy"] = healthy;
        status["desiredHealthy"] = goal.DesiredHealthy;
        status["expectedPods"] = goal.Expected;
        status.SetUnlessZero("observedGeneration", target.Generation);
        var condition = allowed > 0 ? ("True", "SufficientPods", "") : ("False", "InsufficientPods", "");
        Condition.WriteAll(status, Conditions(target, before, condition));
        Cluster.SetStatus(target, status);
    }

    private static LabelSelector SelectorIn(StoredObject budget)
    {
        using var document = JsonDocument.Parse(budget.Json);
        return Selectors.Read(document.RootElement.At("spec", "selector"));
    }

    /// <summary>A pod whose owner has no number of pods; pods without any owner are left out of account, as the real one does.</summary>
    private StoredObject? Unscalable(IEnumerable<StoredObject> selected) => selected.FirstOrDefault(pod => pod.ControllerUid.Length > 0 && Owner(pod) is null);

    private int Scale(IEnumerable<StoredObject> selected) =>
        selected.Where(pod => pod.ControllerUid.Length > 0).Select(Owner).OfType<StoredObject>().DistinctBy(owner => owner.Uid).Sum(owner => (int)(owner.ToJson().Number("spec", "replicas") ?? 1));

    /// <summary>Who says how many pods there shall be: a ReplicaSet's Deployment rather than itself.</summary>
    private StoredObject? Owner(StoredObject pod)
    {
        var owner = Cluster.Store.FindByUid(pod.ControllerUid);
        if (owner?.Resource == ApiResources.ReplicaSets && Cluster.Store.FindByUid(owner.ControllerUid) is { } above && above.Resource == ApiResources.Deployments) owner = above;
        return owner?.Resource.HasScale == true ? owner : null;
    }

    /// <summary>Pods whose eviction was allowed and that are still there, unless that is too long ago.</summary>
    private JsonObject StillGoing(StoredObject target, JsonElement disrupted)
    {
        var going = new JsonObject();
        if (disrupted.ValueKind != JsonValueKind.Object) return going;
        foreach (var entry in disrupted.EnumerateObject())
        {
            if (entry.Value.ValueKind != JsonValueKind.String || JsonAccess.ParseTime(entry.Value.GetString()) is not { } evicted) continue;
            if (Cluster.Store.Find(ApiResources.Pods, target.Namespace, entry.Name) is not { IsDeleting: false }) continue;
            var delay = evicted + EvictionTimeout - Cluster.Now;
            if (delay <= TimeSpan.Zero) continue;
            going[entry.Name] = entry.Value.GetString();
            EnqueueAfter(target, delay);
        }
        return going;
    }

    private void Fail(StoredObject target, JsonElement before, string why)
    {
        var status = target.ToJson()["status"]?.DeepClone().AsObject() ?? [];
        foreach (var count in (string[])["disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods"]) status.Fill(count, 0);
        status["disruptionsAllowed"] = 0;
        status.SetUnlessZero("observedGeneration", target.Generation);
        Condition.WriteAll(status, Conditions(target, before, ("False", "SyncFailed", why)));
        Cluster.SetStatus(target, status);
    }

    private IReadOnlyList<Condition> Conditions(StoredObject target, JsonElement before, (string Status, string Reason, string Message) now)
    {
        var all = Condition.ReadAll(before);
        var present = all.Of("DisruptionAllowed");
        var condition = new Condition("DisruptionAllowed", now.Status, now.Reason, now.Message)
        {
            ObservedGeneration = target.Generation,
            LastTransitionTime = present?.Status == now.Status ? present.LastTransitionTime : Cluster.Now,
        };
        return [.. all.Without("DisruptionAllowed"), condition];
    }
}
