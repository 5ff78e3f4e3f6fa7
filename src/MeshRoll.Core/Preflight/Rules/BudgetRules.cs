using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Workloads;
using static MeshRoll.Core.Preflight.ReadinessSign;

namespace MeshRoll.Core.Preflight.Rules;

/// <summary>Whether budgets, autoscalers and quotas let pods be replaced.</summary>
internal static class BudgetRules
{
    /// <summary>A budget that never lets a pod go.</summary>
    public static IEnumerable<ReadinessSign> AllowsNothing(ReadinessSubject subject) => Unless(subject.Budgets, budgets => Of(subject, budgets)
        .Where(budget => subject.Replicas > 0 && (budget.Number("status", "disruptionsAllowed") ?? 1) == 0)
        .Select(budget => new ReadinessSign($"disruption budget {Name(budget)} allows no disruption now ({Rule(budget)}; {budget.Number("status", "currentHealthy") ?? 0} healthy pods, {budget.Number("status", "desiredHealthy") ?? 0} wanted)")
        {
            Fix = ReadinessFix.Of("PodDisruptionBudget", budget, new() { ["spec"] = new JsonObject { ["minAvailable"] = null, ["maxUnavailable"] = 1 } }),
            About = ("PodDisruptionBudget", Name(budget)),
        }));

    /// <summary>Two budgets for the same pods.</summary>
    public static IEnumerable<ReadinessSign> TwoBudgets(ReadinessSubject subject) => Unless(subject.Budgets, budgets =>
    {
        var names = Of(subject, budgets).Select(Name).Order(StringComparer.Ordinal).ToList();
        return names.Count < 2 ? [] : [new ReadinessSign($"the disruption budgets {string.Join(" and ", names)} select the same pods") { Advice = "Delete all but one." }];
    });

    /// <summary>An autoscaler that has nothing left to give.</summary>
    public static IEnumerable<ReadinessSign> AutoscalerAtLimit(ReadinessSubject subject) => Unless(subject.Autoscalers, scalers => scalers
        .Where(scaler => scaler.Text("spec", "scaleTargetRef", "kind") == subject.Workload.Kind && scaler.Text("spec", "scaleTargetRef", "name") == subject.Workload.Name)
        .Where(scaler => scaler.Number("spec", "maxReplicas") is { } most && subject.Replicas >= most && (scaler.Number("spec", "minReplicas") ?? 1) < most)
        .Select(scaler => new ReadinessSign($"autoscaler {Name(scaler)} is at its limit of {scaler.Number("spec", "maxReplicas")} pods")
        {
            Fix = ReadinessFix.Of("HorizontalPodAutoscaler", scaler, new() { ["spec"] = new JsonObject { ["maxReplicas"] = subject.Replicas + Math.Max(1, subject.Replicas / 4) } }),
            About = ("HorizontalPodAutoscaler", Name(scaler)),
        }));

    /// <summary>A quota that leaves no room for the surge.</summary>
    public static IEnumerable<ReadinessSign> QuotaTooSmall(ReadinessSubject subject)
    {
        var surge = subject.Workload.Kind is WorkloadKinds.Deployment or WorkloadKinds.Rollout && UpdateRules.Strategy(subject) != "Recreate" ? UpdateRules.Surge(subject) : 0;
        if (surge == 0 || subject.Replicas == 0) return [];
        return Unless(subject.Quotas, quotas => from quota in quotas
                                                from limit in quota.Entries("status", "hard")
                                                where Need(subject, limit.Key) is > 0
                                                let left = Quantity.Read(limit.Value) - (Quantity.Read(quota.Text("status", "used", limit.Key)) ?? 0)
                                                where left is not null && left < Need(subject, limit.Key)
                                                select new ReadinessSign($"quota {Name(quota)} leaves {left:0.###} of {limit.Value} {limit.Key}, and one more pod needs {Need(subject, limit.Key):0.###}")
                                                {
                                                    Severity = UpdateRules.Missing(subject) == 0 ? FindingSeverity.Error : FindingSeverity.Warning,
                                                    Advice = "Raise the quota, or let a pod be missing (maxUnavailable 1).",
                                                });
    }

    /// <summary>No node that takes the surge pod.</summary>
    public static IEnumerable<ReadinessSign> NoNodeRoom(ReadinessSubject subject)
    {
        if (subject.Room is not { } room || subject.Replicas == 0 || subject.Workload.Kind == WorkloadKinds.DaemonSet) return [];
        return Unless(room, nodes =>
        {
            var (cpu, memory) = (Need(subject, "requests.cpu") ?? 0, Need(subject, "requests.memory") ?? 0);
            return nodes.Any(node => node.Pods >= 1 && node.Cpu >= cpu && node.Memory >= memory) ? []
                : [new ReadinessSign($"no node has room for one more pod ({cpu:0.###} CPU, {memory / (1024 * 1024):0} Mi)") { Advice = "Add a node or free one; an autoscaler of nodes may do so by itself." }];
        });
    }

    /// <summary>What one more pod takes of a quota; null for what it does not count.</summary>
    private static decimal? Need(ReadinessSubject subject, string resource)
    {
        return resource switch
        {
            "pods" or "count/pods" => 1,
            "requests.cpu" or "cpu" => Sum("requests", "cpu"),
            "requests.memory" or "memory" => Sum("requests", "memory"),
            "limits.cpu" => Sum("limits", "cpu"),
            "limits.memory" => Sum("limits", "memory"),
            _ => null,
        };

        decimal Sum(string kind, string name) => subject.PodSpec.Items("containers").Sum(container => Quantity.Read(container.Text("resources", kind, name)) ?? 0);
    }

    /// <summary>The budgets that select the workload's pods.</summary>
    private static IEnumerable<JsonElement> Of(ReadinessSubject subject, IReadOnlyList<JsonElement> budgets)
    {
        var labels = subject.Json.Entries("spec", "template", "metadata", "labels").ToDictionary(label => label.Key, label => label.Value);
        return budgets.Where(budget => Selectors.Selects(budget.At("spec", "selector"), labels));
    }

    private static string Rule(JsonElement budget) => budget.Text("spec", "minAvailable") is { } least ? $"minAvailable {least}" : $"maxUnavailable {budget.Text("spec", "maxUnavailable")}";

    private static string Name(JsonElement item) => item.Text("metadata", "name") ?? "";
}
