using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Tests.Builders;

namespace MeshRoll.Sandbox.Tests.Kinds;

public sealed class WorkloadRulesTests
{
    private const string Template = "spec/template/spec";
    private const string DnsLabel = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

    [Theory]
    [InlineData("spec/replicas", "-1", "spec.replicas: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("spec/minReadySeconds", "700", "spec.progressDeadlineSeconds: Invalid value: 600: must be greater than minReadySeconds")]
    [InlineData("spec/selector", "-", "[spec.selector: Required value, spec.template.metadata.labels: Invalid value: map[string]string{\"app\":\"web\"}: `selector` does not match template `labels`]")]
    [InlineData("spec/selector/matchLabels/app", "\"other\"", "spec.template.metadata.labels: Invalid value: map[string]string{\"app\":\"web\"}: `selector` does not match template `labels`")]
    [InlineData("spec/selector/matchLabels", "{}", "spec.selector: Invalid value: v1.LabelSelector{MatchLabels:map[string]string(nil), MatchExpressions:[]v1.LabelSelectorRequirement(nil)}: empty selector is invalid for deployment")]
    [InlineData("spec/selector/matchExpressions", """[{"key":"app","operator":"In"}]""", "spec.selector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'")]
    [InlineData("spec/selector/matchExpressions", """[{"key":"app","operator":"Like"}]""", "spec.selector.matchExpressions[0].operator: Invalid value: \"Like\": not a valid selector operator")]
    [InlineData("spec/strategy", """{"type":"Rolling"}""", "spec.strategy.type: Unsupported value: \"Rolling\": supported values: \"Recreate\", \"RollingUpdate\"")]
    [InlineData("spec/strategy", """{"type":"Recreate","rollingUpdate":{"maxSurge":1}}""", "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'")]
    [InlineData("spec/strategy", """{"rollingUpdate":{"maxSurge":0,"maxUnavailable":0}}""", "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: intstr.IntOrString{Type:0, IntVal:0, StrVal:\"\"}: may not be 0 when `maxSurge` is 0")]
    [InlineData("spec/strategy", """{"rollingUpdate":{"maxUnavailable":"101%"}}""", "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: intstr.IntOrString{Type:1, IntVal:0, StrVal:\"101%\"}: must not be greater than 100%")]
    [InlineData("spec/strategy", """{"rollingUpdate":{"maxSurge":"many"}}""", "spec.strategy.rollingUpdate.maxSurge: Invalid value: intstr.IntOrString{Type:1, IntVal:0, StrVal:\"many\"}: a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')")]
    [InlineData(Template + "/containers", "[]", "spec.template.spec.containers: Required value")]
    [InlineData(Template + "/containers/0/name", "\"App\"", "spec.template.spec.containers[0].name: Invalid value: \"App\": " + DnsLabel)]
    [InlineData(Template + "/containers/0/name", "-", "spec.template.spec.containers[0].name: Required value")]
    [InlineData(Template + "/containers/0/image", "\"\"", "spec.template.spec.containers[0].image: Required value")]
    [InlineData(Template + "/containers/0/imagePullPolicy", "\"Sometimes\"", "spec.template.spec.containers[0].imagePullPolicy: Unsupported value: \"Sometimes\": supported values: \"Always\", \"IfNotPresent\", \"Never\"")]
    [InlineData(Template + "/containers/1", """{"name":"app","image":"b"}""", "spec.template.spec.containers[1].name: Duplicate value: \"app\"")]
    [InlineData(Template + "/containers/0/ports", """[{"containerPort":70000}]""", "spec.template.spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive")]
    [InlineData(Template + "/containers/0/volumeMounts", """[{"name":"x","mountPath":"/x"}]""", "spec.template.spec.containers[0].volumeMounts[0].name: Not found: \"x\"")]
    [InlineData(Template + "/containers/0/resources", """{"limits":{"cpu":"1"},"requests":{"cpu":"2"}}""", "spec.template.spec.containers[0].resources.requests: Invalid value: \"2\": must be less than or equal to cpu limit of 1")]
    [InlineData(Template + "/containers/0/readinessProbe", """{"periodSeconds":1}""", "spec.template.spec.containers[0].readinessProbe: Required value: must specify a handler type")]
    [InlineData(Template + "/containers/0/livenessProbe", """{"exec":{},"successThreshold":2}""", "spec.template.spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1")]
    [InlineData(Template + "/containers/0/env", """[{"value":"x"}]""", "spec.template.spec.containers[0].env[0].name: Required value")]
    [InlineData(Template + "/initContainers", """[{"name":"init","image":"i","readinessProbe":{"exec":{}}}]""", "spec.template.spec.initContainers[0].readinessProbe: Forbidden: may not be set for init containers without restartPolicy=Always")]
    [InlineData(Template + "/initContainers", """[{"name":"proxy","image":"p","restartPolicy":"Always","readinessProbe":{"exec":{}}}]""", "")]
    [InlineData(Template + "/restartPolicy", "\"Never\"", "spec.template.spec.restartPolicy: Unsupported value: \"Never\": supported values: \"Always\"")]
    [InlineData(Template + "/terminationGracePeriodSeconds", "-1", "spec.template.spec.terminationGracePeriodSeconds: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData(Template + "/volumes", """[{"name":"a"},{"name":"a"}]""", "spec.template.spec.volumes[1].name: Duplicate value: \"a\"")]
    [InlineData("metadata/labels", """{"a":"b c"}""", "metadata.labels: Invalid value: \"b c\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')")]
    public void A_wrong_deployment_is_refused_in_the_server_s_words(string path, string value, string error) =>
        Assert.Equal(error, Written.CreateError(ApiResources.Deployments, Written.With(Manifests.Deployment("web"), path, value)));

    [Fact]
    public void Several_errors_are_listed() =>
        Assert.Equal(
            "[spec.replicas: Invalid value: -1: must be greater than or equal to 0, spec.template.spec.containers: Required value]",
            Written.CreateError(ApiResources.Deployments, Written.With(Written.With(Manifests.Deployment("web"), "spec/replicas", "-1"), "spec/template/spec/containers", "[]")));

    [Fact]
    public void A_selector_never_changes() =>
        Assert.Equal(
            "spec.selector: Invalid value: v1.LabelSelector{MatchLabels:map[string]string{\"app\":\"web\", \"tier\":\"a\"}, MatchExpressions:[]v1.LabelSelectorRequirement(nil)}: field is immutable",
            Written.ChangeError(ApiResources.Deployments, Manifests.Deployment("web"), web =>
            {
                Written.Put(web, "spec/selector/matchLabels/tier", "\"a\"");
                Written.Put(web, "spec/template/metadata/labels/tier", "\"a\"");
            }));

    [Theory]
    [InlineData("spec/replicas", "3", true)]
    [InlineData("spec/updateStrategy", """{"type":"OnDelete"}""", true)]
    [InlineData("spec/template/spec/containers/0/image", "\"app:2\"", true)]
    [InlineData("spec/serviceName", "\"other\"", false)]
    [InlineData("spec/podManagementPolicy", "\"Parallel\"", false)]
    [InlineData("spec/revisionHistoryLimit", "3", false)]
    public void Of_a_statefulset_little_may_change(string path, string value, bool may) =>
        Assert.Equal(
            may ? "" : "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
            Written.ChangeError(ApiResources.StatefulSets, Manifests.Workload("apps/v1", "StatefulSet", "web"), set => Written.Put(set, path, value)));

    [Fact]
    public void A_statefulset_s_claims_are_volumes() =>
        Assert.Equal("", Written.CreateError(ApiResources.StatefulSets, Written.With(
            Manifests.Workload("apps/v1", "StatefulSet", "web", """ "volumeClaimTemplates":[{"metadata":{"name":"data"},"spec":{"accessModes":["ReadWriteOnce"]}}] """),
            "spec/template/spec/containers/0/volumeMounts", """[{"name":"data","mountPath":"/data"}]""")));

    [Theory]
    [InlineData("""{"rollingUpdate":{"maxSurge":1,"maxUnavailable":1}}""", "spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: intstr.IntOrString{Type:0, IntVal:1, StrVal:\"\"}: may not be set when maxUnavailable is non-zero")]
    [InlineData("""{"rollingUpdate":{"maxSurge":0,"maxUnavailable":0}}""", "spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0")]
    [InlineData("""{"rollingUpdate":{"maxSurge":"10%","maxUnavailable":0}}""", "")]
    [InlineData("""{"type":"Never"}""", "spec.updateStrategy.type: Unsupported value: \"Never\": supported values: \"RollingUpdate\", \"OnDelete\"")]
    public void A_daemonset_moves_one_way(string strategy, string error) =>
        Assert.Equal(error, Written.CreateError(ApiResources.DaemonSets, Written.With(Manifests.Workload("apps/v1", "DaemonSet", "web"), "spec/updateStrategy", strategy)));

    [Fact]
    public void A_job_s_pods_end() =>
        Assert.Equal(
            "spec.template.spec.restartPolicy: Unsupported value: \"Always\": supported values: \"OnFailure\", \"Never\"",
            Written.CreateError(ApiResources.Jobs, """{"spec":{"template":{"spec":{"containers":[{"name":"a","image":"a"}]}}}}"""));
}
