using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Controllers.Autoscaling;

/// <summary>Lets each HorizontalPodAutoscaler look at its target every 15 seconds, as the real one does by default.</summary>
internal sealed class AutoscalerController(Cluster cluster, EventRecorder events) : Controller(cluster, ApiResources.HorizontalPodAutoscalers)
{
    private const string Component = "horizontal-pod-autoscaler";

    private static readonly TimeSpan SyncPeriod = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    protected override void Reconcile(StoredObject target)
    {
        EnqueueAfter(target, SyncPeriod, background: true);
        var autoscaler = target.ToJson();
        var status = autoscaler["status"]?.DeepClone().AsObject() ?? [];
        var conditions = new AutoscalerConditions(status, Cluster.Now);
        if (Scaled(target, autoscaler) is { } scaled) Scale(target, autoscaler, status, conditions, scaled);
        else ReportMissing(target, autoscaler, conditions);
        conditions.Write();
        Cluster.SetStatus(target, status);
    }

    private StoredObject? Scaled(StoredObject target, JsonObject autoscaler)
    {
        var reference = autoscaler.At("spec", "scaleTargetRef");
        return ApiResources.OfKind(reference.Text("apiVersion") ?? "", reference.Text("kind") ?? "") is { HasScale: true } resource
            ? Cluster.Store.Find(resource, target.Namespace, reference.Text("name") ?? "")
            : null;
    }

    private void Scale(StoredObject target, JsonObject autoscaler, JsonObject status, AutoscalerConditions conditions, StoredObject scaled)
    {
        var spec = autoscaler["spec"];
        var present = (int)(scaled.ToJson().Number("spec", "replicas") ?? 1);
        status["currentReplicas"] = scaled.ToJson().Number("status", "replicas") ?? 0;
        conditions.Set("AbleToScale", "True", "SucceededGetScale", "the HPA controller was able to get the target's current scale");
        if (present == 0)
        {
            // Nothing at all is the user's way of switching an autoscaler off.
            status["desiredReplicas"] = 0;
            conditions.Set("ScalingActive", "False", "ScalingDisabled", "scaling is disabled since the replica count of the target is zero");
            return;
        }

        var decision = AutoscalerRules.Decide(present, (int)(status.Number("desiredReplicas") ?? 0), (int)(spec.Number("minReplicas") ?? 1), (int)(spec.Number("maxReplicas") ?? 1));
        conditions.Set("ScalingActive", "True", "ValidMetricFound", "the HPA was able to successfully calculate a replica count from cpu resource utilization (percentage of request)");
        conditions.Set("ScalingLimited", decision.IsLimited ? "True" : "False", decision.Limit.Reason, decision.Limit.Message);
        status["desiredReplicas"] = decision.Desired;
        AutoscalerMetrics.Write(spec, status);
        if (decision.Desired == present)
        {
            conditions.Set("AbleToScale", "True", "ReadyForNewScale", "recommended size matches current size");
            return;
        }

        Cluster.Change(scaled, json => json.Object("spec")["replicas"] = decision.Desired);
        conditions.Set("AbleToScale", "True", "SucceededRescale", $"the HPA controller was able to update the target scale to {decision.Desired}");
        status["lastScaleTime"] = JsonAccess.Timestamp(Cluster.Now);
        events.Normal(target, Component, "SuccessfulRescale", $"New size: {decision.Desired}; reason: {decision.Reason}");
    }

    private void ReportMissing(StoredObject target, JsonObject autoscaler, AutoscalerConditions conditions)
    {
        var reference = autoscaler.At("spec", "scaleTargetRef");
        var resource = ApiResources.OfKind(reference.Text("apiVersion") ?? "", reference.Text("kind") ?? "");
        var why = resource is null
            ? $"no matches for kind \"{reference.Text("kind")}\" in group \"{reference.Text("apiVersion")?.Split('/')[0]}\""
            : resource.HasScale ? $"{resource.Plural}{(resource.Group.Length > 0 ? "." + resource.Group : "")} \"{reference.Text("name")}\" not found"
            : "the server could not find the requested resource";
        conditions.Set("AbleToScale", "False", "FailedGetScale", $"the HPA controller was unable to get the target's current scale: {why}");
        events.Warning(target, Component, "FailedGetScale", why);
    }
}
