namespace MeshRoll.Sandbox.Tests.Printing;

public sealed class WorkloadTablesTests
{
    private const string Template = "'template':{'spec':{'containers':[{'name':'app','image':'web:1'},{'name':'proxy','image':'proxy:2'}]}}";
    private const string Selector = "'selector':{'matchLabels':{'app':'web'}}";
    private const string Metadata = "'metadata':{'name':'web'," + Table.Created + "}";

    [Fact]
    public void A_deployment()
    {
        Assert.Equal("Name | Ready | Up-to-date | Available | Age | Containers+ | Images+ | Selector+", Table.Heading("apps", "Deployment"));
        Assert.Equal(
            "web | 2/3 | 1 | 2 | 5m | app,proxy | web:1,proxy:2 | app=web",
            Table.Row("apps", "Deployment", $"{{{Metadata},'spec':{{'replicas':3,{Selector},{Template}}},'status':{{'readyReplicas':2,'updatedReplicas':1,'availableReplicas':2}}}}", isWide: true));
        Assert.Equal("web | 0/1 | 0 | 0 | 5m", Table.Row("apps", "Deployment", $"{{{Metadata}}}"));
    }

    [Fact]
    public void A_replica_set()
    {
        Assert.Equal("Name | Desired | Current | Ready | Age | Containers+ | Images+ | Selector+", Table.Heading("apps", "ReplicaSet"));
        Assert.Equal(
            "web | 3 | 2 | 1 | 5m | app,proxy | web:1,proxy:2 | app=web",
            Table.Row("apps", "ReplicaSet", $"{{{Metadata},'spec':{{'replicas':3,{Selector},{Template}}},'status':{{'replicas':2,'readyReplicas':1}}}}", isWide: true));
    }

    [Fact]
    public void A_stateful_set()
    {
        Assert.Equal("Name | Ready | Age | Containers+ | Images+", Table.Heading("apps", "StatefulSet"));
        Assert.Equal("web | 1/2 | 5m | app,proxy | web:1,proxy:2", Table.Row("apps", "StatefulSet", $"{{{Metadata},'spec':{{'replicas':2,{Template}}},'status':{{'readyReplicas':1}}}}", isWide: true));
    }

    [Fact]
    public void A_daemon_set()
    {
        Assert.Equal("Name | Desired | Current | Ready | Up-to-date | Available | Node Selector | Age | Containers+ | Images+ | Selector+", Table.Heading("apps", "DaemonSet"));
        Assert.Equal(
            "web | 5 | 4 | 3 | 2 | 1 | disk=ssd,os=linux | 5m",
            Table.Row(
                "apps",
                "DaemonSet",
                $"{{{Metadata},'spec':{{'template':{{'spec':{{'nodeSelector':{{'os':'linux','disk':'ssd'}}}}}}}},'status':{{'desiredNumberScheduled':5,'currentNumberScheduled':4,'numberReady':3,'updatedNumberScheduled':2,'numberAvailable':1}}}}"));
        Assert.Equal("web | 0 | 0 | 0 | 0 | 0 | <none> | 5m |  |  | <none>", Table.Row("apps", "DaemonSet", $"{{{Metadata}}}", isWide: true));
    }

    [Theory]
    [InlineData("[]", "<none>")]
    [InlineData("[{'kind':'StatefulSet','name':'x','apiVersion':'apps/v1'}]", "<none>")]
    [InlineData("[{'kind':'StatefulSet','name':'db','apiVersion':'apps/v1','controller':true}]", "statefulset.apps/db")]
    [InlineData("[{'kind':'Node','name':'n','apiVersion':'v1','controller':true}]", "node/n")]
    public void A_controller_revision(string owners, string controller)
    {
        Assert.Equal("Name | Controller | Revision | Age", Table.Heading("apps", "ControllerRevision"));
        Assert.Equal($"web | {controller} | 7 | 5m", Table.Row("apps", "ControllerRevision", $"{{'metadata':{{'name':'web',{Table.Created},'ownerReferences':{owners}}},'revision':7}}"));
    }

    [Theory]
    [InlineData("'completions':3", "'succeeded':1,'startTime':'2026-01-01T13:02:00Z'", "1/3 | 3m")]
    [InlineData("'parallelism':4", "'startTime':'2026-01-01T13:02:00Z','completionTime':'2026-01-01T13:02:09Z'", "0/1 of 4 | 9s")]
    [InlineData("'parallelism':1", "", "0/1 | ")]
    public void A_job(string spec, string status, string expected)
    {
        Assert.Equal("Name | Completions | Duration | Age | Containers+ | Images+ | Selector+", Table.Heading("batch", "Job"));
        Assert.Equal($"web | {expected} | 5m", Table.Row("batch", "Job", $"{{{Metadata},'spec':{{{spec}}},'status':{{{status}}}}}"));
    }

    [Fact]
    public void A_rollout_shows_nothing_where_its_status_says_nothing()
    {
        Assert.Equal("Name | Desired | Current | Up-to-date | Available | Age", Table.Heading("argoproj.io", "Rollout"));
        Assert.Equal("web | 3 | 3 |  | 2 | 5m", Table.Row("argoproj.io", "Rollout", $"{{{Metadata},'spec':{{'replicas':3}},'status':{{'replicas':3,'availableReplicas':2}}}}"));
    }

    [Theory]
    [InlineData("[]", "<none>")]
    [InlineData("[{'type':'Resource','resource':{'name':'cpu','target':{'averageUtilization':80}}}]", "<unknown>/80%")]
    [InlineData("[{'type':'Resource','resource':{'name':'cpu','target':{}}}]", "<unknown>/<auto>")]
    [InlineData("[{'type':'Resource','resource':{'target':{'averageValue':'1Gi'}}}]", "<unknown>/1Gi")]
    [InlineData("[{'type':'Pods','pods':{'target':{'averageValue':'5'}}}]", "<unknown>/5")]
    [InlineData("[{'type':'Object','object':{'target':{'value':'5'}}}]", "<unknown>/5")]
    [InlineData("[{'type':'External','external':{'target':{'averageValue':'5'}}}]", "<unknown>/5 (avg)")]
    [InlineData("[{'type':'Odd'}]", "<unknown type>")]
    [InlineData("[{'type':'Odd'},{'type':'Odd'},{'type':'Odd'},{'type':'Odd'}]", "<unknown type>, <unknown type> + 2 more...")]
    public void An_autoscalers_targets(string metrics, string expected) =>
        Assert.Equal($"web | Deployment/web | {expected} | <unset> | 5 | 0 | 5m", Table.Row("autoscaling", "HorizontalPodAutoscaler", $"{{{Metadata},'spec':{{'scaleTargetRef':{{'kind':'Deployment','name':'web'}},'maxReplicas':5,'metrics':{metrics}}}}}"));

    [Theory]
    [InlineData("'metrics':[{'type':'Resource','resource':{'target':{'averageUtilization':80}}}]", "'currentMetrics':[{'type':'Resource','resource':{'current':{'averageUtilization':42}}}]", "42%/80%")]
    [InlineData("'metrics':[{'type':'Pods','pods':{'target':{'averageValue':'5'}}}]", "'currentMetrics':[{'pods':{'current':{'averageValue':'4'}}}]", "4/5")]
    [InlineData("'targetCPUUtilizationPercentage':70", "'currentCPUUtilizationPercentage':7", "7%/70%")]
    [InlineData("'targetCPUUtilizationPercentage':70", "", "<unknown>/70%")]
    public void An_autoscaler_that_measures(string spec, string status, string expected)
    {
        Assert.Equal("Name | Reference | Targets | MinPods | MaxPods | Replicas | Age", Table.Heading("autoscaling", "HorizontalPodAutoscaler"));
        Assert.Equal($"web | / | {expected} | 2 | 5 | 3 | 5m", Table.Row("autoscaling", "HorizontalPodAutoscaler", $"{{{Metadata},'spec':{{'minReplicas':2,'maxReplicas':5,{spec}}},'status':{{'currentReplicas':3{(status.Length > 0 ? "," : "")}{status}}}}}"));
    }

    [Theory]
    [InlineData("'minAvailable':1", "1 | N/A")]
    [InlineData("'maxUnavailable':'50%'", "N/A | 50%")]
    public void A_disruption_budget(string spec, string expected)
    {
        Assert.Equal("Name | Min Available | Max Unavailable | Allowed Disruptions | Age", Table.Heading("policy", "PodDisruptionBudget"));
        Assert.Equal($"web | {expected} | 2 | 5m", Table.Row("policy", "PodDisruptionBudget", $"{{{Metadata},'spec':{{{spec}}},'status':{{'disruptionsAllowed':2}}}}"));
    }
}
