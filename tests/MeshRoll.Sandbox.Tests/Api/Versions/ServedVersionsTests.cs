using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Tests.Builders;

namespace MeshRoll.Sandbox.Tests.Api.Versions;

public sealed class ServedVersionsTests
{
    private const string ScalersV1 = "/apis/autoscaling/v1/namespaces/shop/horizontalpodautoscalers";
    private const string ScalersV2 = "/apis/autoscaling/v2/namespaces/shop/horizontalpodautoscalers";
    private const string BudgetsBeta = "/apis/policy/v1beta1/namespaces/shop/poddisruptionbudgets";

    private readonly TestServer _server = new();

    [Fact]
    public async Task A_cpu_target_is_a_metric_in_the_newer_version()
    {
        var made = await _server.PostAsync(ScalersV1, """{"apiVersion":"autoscaling/v1","kind":"HorizontalPodAutoscaler","metadata":{"name":"web"},"spec":{"maxReplicas":4,"targetCPUUtilizationPercentage":60,"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"web"}}}""");
        var newer = await _server.GetJsonAsync($"{ScalersV2}/web");

        Assert.Equal((201, "autoscaling/v1", 60L), (made.Status, made.Json().Text("apiVersion"), made.Json().Number("spec", "targetCPUUtilizationPercentage")));
        Assert.Null(made.Json().At("spec", "metrics"));
        Assert.Equal("autoscaling/v2", newer.Text("apiVersion"));
        var metric = newer.Items("spec", "metrics").Single();
        Assert.Equal(("cpu", 60L), (metric.Text("resource", "name"), metric.Number("resource", "target", "averageUtilization")));
        Assert.Null(newer.At("spec", "targetCPUUtilizationPercentage"));
    }

    [Fact]
    public async Task What_the_older_version_cannot_say_travels_in_annotations_and_survives()
    {
        _server.Add(ApiResources.HorizontalPodAutoscalers, "web", """
            {"spec":{"maxReplicas":4,"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"web"},"behavior":{"scaleDown":{"stabilizationWindowSeconds":10}},
            "metrics":[{"type":"Resource","resource":{"name":"memory","target":{"type":"Utilization","averageUtilization":70}}}]}}
            """);
        var older = await _server.GetJsonAsync($"{ScalersV1}/web");
        Assert.Contains("\"memory\"", older.Text("metadata", "annotations", "autoscaling.alpha.kubernetes.io/metrics"), StringComparison.Ordinal);

        older.AsObject().Object("spec")["maxReplicas"] = 9;
        Assert.Equal(200, (await _server.PutAsync($"{ScalersV1}/web", older.ToJsonString())).Status);
        var newer = _server.Find(ApiResources.HorizontalPodAutoscalers, "web")!.ToJson();
        Assert.Equal((9L, "memory", 10L), (newer.Number("spec", "maxReplicas"), newer.Items("spec", "metrics").Single().Text("resource", "name"), newer.Number("spec", "behavior", "scaleDown", "stabilizationWindowSeconds")));
        Assert.Null(newer.At("metadata", "annotations"));
    }

    [Fact]
    public async Task An_older_version_is_answered_patched_listed_and_watched_as_itself()
    {
        _server.Add(ApiResources.PodDisruptionBudgets, "web", """{"spec":{"minAvailable":1}}""");
        var patched = await _server.PatchAsync($"{BudgetsBeta}/web", """{"spec":{"minAvailable":2}}""");
        var list = await _server.GetJsonAsync(BudgetsBeta);
        await using var watch = _server.Watch($"{BudgetsBeta}?watch=true");

        Assert.Equal(("policy/v1beta1", 2L), (patched.Json().Text("apiVersion"), patched.Json().Number("spec", "minAvailable")));
        Assert.Equal("policy/v1beta1", list.Text("apiVersion"));
        Assert.Equal("policy/v1beta1", (await watch.NextAsync()).Text("object", "apiVersion"));
        Assert.Equal("policy/v1", _server.Find(ApiResources.PodDisruptionBudgets, "web")!.ToJson().Text("apiVersion"));
    }

    [Fact]
    public async Task A_table_of_an_older_version_has_rows_too()
    {
        _server.Add(ApiResources.PodDisruptionBudgets, "web", """{"spec":{"minAvailable":1}}""");
        var table = (await _server.GetAsync(BudgetsBeta, "application/json;as=Table;v=v1;g=meta.k8s.io")).Json();

        Assert.Equal("web", table.Items("rows").Single()["cells"]![0]!.GetValue<string>());
    }
}
