using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Tests.Builders;

namespace MeshRoll.Sandbox.Tests.Kinds;

public sealed class WorkloadDefaultsTests
{
    [Fact]
    public void A_deployment_is_filled_in()
    {
        var spec = Written.Create(ApiResources.Deployments, Manifests.Deployment("web"))["spec"]!;

        Assert.Equal((1L, 10L, 600L), (spec.Number("replicas"), spec.Number("revisionHistoryLimit"), spec.Number("progressDeadlineSeconds")));
        Assert.Equal("""{"type":"RollingUpdate","rollingUpdate":{"maxUnavailable":"25%","maxSurge":"25%"}}""", spec["strategy"]!.ToJsonString());
    }

    [Fact]
    public void What_is_said_stays()
    {
        var spec = Written.Create(ApiResources.Deployments, Manifests.Deployment("web", "\"replicas\":0,\"strategy\":{\"type\":\"Recreate\"}"))["spec"]!;

        Assert.Equal((0L, """{"type":"Recreate"}"""), (spec.Number("replicas"), spec["strategy"]!.ToJsonString()));
    }

    [Fact]
    public void A_statefulset_is_filled_in()
    {
        var spec = Written.Create(ApiResources.StatefulSets, Manifests.Workload("apps/v1", "StatefulSet", "web"))["spec"]!;

        Assert.Equal((1L, 10L, "OrderedReady"), (spec.Number("replicas"), spec.Number("revisionHistoryLimit"), spec.Text("podManagementPolicy")));
        Assert.Equal("""{"type":"RollingUpdate","rollingUpdate":{"partition":0}}""", spec["updateStrategy"]!.ToJsonString());
    }

    [Fact]
    public void A_daemonset_is_filled_in()
    {
        var spec = Written.Create(ApiResources.DaemonSets, Manifests.Workload("apps/v1", "DaemonSet", "web"))["spec"]!;

        Assert.Equal("""{"type":"RollingUpdate","rollingUpdate":{"maxUnavailable":1,"maxSurge":0}}""", spec["updateStrategy"]!.ToJsonString());
    }

    [Fact]
    public void A_job_knows_its_pods_by_its_uid()
    {
        var job = Written.Create(ApiResources.Jobs, """{"spec":{"template":{"metadata":{"labels":{"app":"web"}},"spec":{"restartPolicy":"Never","containers":[{"name":"a","image":"a"}]}}}}""");

        var spec = job["spec"]!;
        Assert.Equal((1L, 1L, 6L, "NonIndexed", false), (spec.Number("completions"), spec.Number("parallelism"), spec.Number("backoffLimit"), spec.Text("completionMode"), spec.Flag("suspend")));
        var uid = job.Text("metadata", "uid");
        Assert.Equal(uid, spec.Text("selector", "matchLabels", "batch.kubernetes.io/controller-uid"));
        var labels = spec.Map("template", "metadata", "labels");
        Assert.Equal((uid, "web", uid, "web"), (labels["controller-uid"], labels["job-name"], labels["batch.kubernetes.io/controller-uid"], labels["batch.kubernetes.io/job-name"]));
        Assert.Equal("web", job.Text("metadata", "labels", "app"));
    }

    [Fact]
    public void A_template_is_filled_in()
    {
        var web = Written.Create(ApiResources.Deployments, Written.With(Manifests.Deployment("web"), "spec/template/spec/containers/0", """
            {"name":"app","image":"app:1","ports":[{"containerPort":80}],"readinessProbe":{"httpGet":{"port":80}},"lifecycle":{"preStop":{"httpGet":{"port":80}}},"env":[{"name":"POD","valueFrom":{"fieldRef":{"fieldPath":"metadata.name"}}}]}
            """));

        var spec = web.At("spec", "template", "spec");
        Assert.Equal(("Always", "ClusterFirst", "default-scheduler", 30L, "{}"), (spec.Text("restartPolicy"), spec.Text("dnsPolicy"), spec.Text("schedulerName"), spec.Number("terminationGracePeriodSeconds"), spec.At("securityContext")!.ToJsonString()));
        Assert.Null(spec.At("enableServiceLinks"));
        var container = spec.Items("containers").Single();
        Assert.Equal(("IfNotPresent", "/dev/termination-log", "File", "{}"), (container.Text("imagePullPolicy"), container.Text("terminationMessagePath"), container.Text("terminationMessagePolicy"), container["resources"]!.ToJsonString()));
        Assert.Equal("TCP", container.Items("ports").Single().Text("protocol"));
        Assert.Equal("""{"httpGet":{"port":80,"path":"/","scheme":"HTTP"},"timeoutSeconds":1,"periodSeconds":10,"successThreshold":1,"failureThreshold":3}""", container["readinessProbe"]!.ToJsonString());
        Assert.Equal("HTTP", container.Text("lifecycle", "preStop", "httpGet", "scheme"));
        Assert.Equal("v1", container.Items("env").Single().Text("valueFrom", "fieldRef", "apiVersion"));
    }

    [Theory]
    [InlineData("app", "Always")]
    [InlineData("app:latest", "Always")]
    [InlineData("registry:5000/team/app", "Always")]
    [InlineData("registry:5000/team/app:1", "IfNotPresent")]
    [InlineData("app@sha256:0123", "IfNotPresent")]
    public void How_an_image_is_pulled_follows_from_its_tag(string image, string policy) => Assert.Equal(policy, Sandbox.Kinds.PodSpecDefaults.PullPolicyOf(image));

    [Fact]
    public void Volumes_are_filled_in()
    {
        var web = Written.Create(ApiResources.Deployments, Written.With(Manifests.Deployment("web"), "spec/template/spec/volumes", """
            [{"name":"a"},{"name":"b","configMap":{"name":"x"}},{"name":"c","secret":{"secretName":"x"}},{"name":"d","projected":{"sources":[{"serviceAccountToken":{"path":"t"}}]}}]
            """));

        Assert.Equal(
            """[{"name":"a","emptyDir":{}},{"name":"b","configMap":{"name":"x","defaultMode":420}},{"name":"c","secret":{"secretName":"x","defaultMode":420}},{"name":"d","projected":{"sources":[{"serviceAccountToken":{"path":"t","expirationSeconds":3600}}],"defaultMode":420}}]""",
            web.At("spec", "template", "spec", "volumes")!.ToJsonString());
    }
}
