using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Objects.Views;
using MeshRoll.Sandbox.Selecting;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Api.Subresources;

/// <summary>
/// POST on <c>pods/{name}/eviction</c>: deletes a pod if its disruption budget allows it, and counts it in the budget until the budget's controller
/// has seen that it is gone. The decisions are those of the real server's eviction storage, in their order.
/// </summary>
internal sealed class EvictionSubresource(Cluster cluster) : ISubresource
{
    private const int MostDisruptedPods = 2000;

    /// <inheritdoc/>
    public Task AnswerAsync(ApiCall call)
    {
        if (call.Target.Verb != "create") throw ApiErrors.MethodNotAllowed();
        var body = ObjectBody.Parse(call.Request, "Eviction");
        var version = body.Text("apiVersion") ?? "";
        if (version is not ("" or "policy/v1" or "policy/v1beta1"))
            throw ApiStatusException.BadRequest($"the API version in the data ({version}) does not match the expected API version (policy/v1)");
        if ((body.Text("metadata", "name") ?? "") != call.Name) throw ApiStatusException.BadRequest("name in URL does not match name in Eviction object");
        var options = RequestOptions.Delete(body.Object("deleteOptions"), RequestOptions.Values(call.Request, "dryRun"));
        cluster.Simulation.Enter(() => Evict(call.Find(cluster), options));
        return Answers.DocumentAsync(call, 201, StatusDocument.Success(201));
    }

    /// <summary>Deletes a pod as its budget allows. Inside the simulation.</summary>
    /// <exception cref="ApiStatusException">It does not: 429, or there is more than one budget.</exception>
    internal void Evict(StoredObject pod, DeleteOptions options)
    {
        var view = pod.As<PodView>();
        // What does not run disturbs nobody by going.
        if (!view.HasEnded && view.Phase != "Pending" && !pod.IsDeleting) AskBudget(pod, view, options);
        cluster.Delete(pod, options);
    }

    private void AskBudget(StoredObject pod, PodView view, DeleteOptions options)
    {
        var budgets = cluster.Store.List(ApiResources.PodDisruptionBudgets, pod.Namespace).Where(budget => Covers(budget, pod)).ToList();
        if (budgets.Count == 0) return;
        if (budgets.Count > 1)
            throw new ApiStatusException(500, "", "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.");

        var budget = budgets[0].ToJson();
        if (!view.IsReady && MayGoUnready(budget)) return;
        CheckBudget(budgets[0], budget);
        if (!options.DryRun) Count(budgets[0], pod);
    }

    private static bool Covers(StoredObject budget, StoredObject pod)
    {
        try
        {
            return LabelSelector.From(budget.ToJson().At("spec", "selector") as JsonObject).Matches(pod.Labels);
        }
        catch (SelectorException)
        {
            return false;
        }
    }

    /// <summary>A pod that is not ready is not counted as healthy: it may go where enough others are, or where the budget says so.</summary>
    private static bool MayGoUnready(JsonObject budget) =>
        budget.Text("spec", "unhealthyPodEvictionPolicy") == "AlwaysAllow"
        || (Status(budget, "currentHealthy") >= Status(budget, "desiredHealthy") && Status(budget, "desiredHealthy") > 0);

    private static void CheckBudget(StoredObject stored, JsonObject budget)
    {
        var allowed = Status(budget, "disruptionsAllowed");
        if (Status(budget, "observedGeneration") < stored.Generation)
            throw Refused($"The disruption budget {stored.Name} is still being processed by the server.", retryAfterSeconds: 10);
        if (allowed < 0) throw ApiStatusException.Forbidden(stored.Resource, stored.Name, "pdb disruptions allowed is negative");
        if (budget.At("status", "disruptedPods") is JsonObject { Count: > MostDisruptedPods })
            throw ApiStatusException.Forbidden(stored.Resource, stored.Name, "DisruptedPods map too big - too many evictions not confirmed by PDB controller");
        if (allowed == 0)
        {
            throw Refused(
                $"The disruption budget {stored.Name} needs {Status(budget, "desiredHealthy")} healthy pods and has {Status(budget, "currentHealthy")} currently", retryAfterSeconds: null);
        }
    }

    private void Count(StoredObject stored, StoredObject pod) => cluster.Write(stored, json =>
    {
        var status = json.Object("status");
        var left = (status.Number("disruptionsAllowed") ?? 0) - 1;
        var now = JsonAccess.Timestamp(cluster.Now);
        status["disruptionsAllowed"] = left;
        status.Object("disruptedPods")[pod.Name] = now;
        if (left > 0 || json.Items("status", "conditions").FirstOrDefault(condition => condition.Text("type") == "DisruptionAllowed") is not { } allowed) return;
        if (allowed.Text("status") != "False") allowed["lastTransitionTime"] = now;
        allowed["status"] = "False";
        allowed["reason"] = "InsufficientPods";
    });

    private static long Status(JsonObject budget, string field) => budget.Number("status", field) ?? 0;

    private static ApiStatusException Refused(string cause, int? retryAfterSeconds) =>
        new(429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.")
        {
            Details = new JsonObject { ["causes"] = new JsonArray { new JsonObject { ["reason"] = "DisruptionBudget", ["message"] = cause } } },
            RetryAfterSeconds = retryAfterSeconds,
        };
}
