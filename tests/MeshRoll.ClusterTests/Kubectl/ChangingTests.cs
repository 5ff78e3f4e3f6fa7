using System.Text.Json.Nodes;
using MeshRoll.ClusterTests.World;

namespace MeshRoll.ClusterTests.Kubectl;

public sealed class ChangingTests(RealWorld real, EmbeddedWorld sandbox) : KubectlComparison(real, sandbox)
{
    private string Web => $"/apis/apps/v1/namespaces/{Namespace}/deployments/web";

    [Fact]
    public async Task Rollouts_of_a_Deployment()
    {
        await BeginAsync((Workload("web") with { Replicas = 2 }).AsDeployment());
        await SameAsync("rollout", "status", "deploy/web");
        await SameAsync("rollout", "history", "deploy/web");
        await SameAsync("rollout", "restart", "deploy/web");
        await ReadyAsync();
        await SameAsync("rollout", "status", "deploy/web");
        await SameAsync("rollout", "history", "deploy/web");
        await SameAsync("set", "image", "deploy/web", "app=hub.example/app:2", "--record");
        await ReadyAsync();
        await SameAsync("rollout", "history", "deploy/web");
        await SameAsync("rollout", "history", "deploy/web", "--revision=3");
        await SameAsync("rollout", "history", "deploy/web", "--revision=9");
        await SameAsync("rollout", "undo", "deploy/web");
        await ReadyAsync();
        await SameAsync("rollout", "history", "deploy/web");
        await SameAsync("get", "deploy", "web", "-o", "jsonpath={.spec.template.spec.containers[0].image} {.metadata.annotations.deployment\\.kubernetes\\.io/revision}");
        await SameAsync("rollout", "undo", "deploy/web", "--to-revision=1");
        await ReadyAsync();
        await SameAsync("rollout", "history", "deploy/web");
        await SameAsync("rollout", "undo", "deploy/web", "--to-revision=99");
        // In order of their hashes, which follow from the time of the restart.
        await SameAsync(Sorted, "get", "rs");
    }

    private static string Sorted(string text) => string.Join('\n', text.Split('\n').Order(StringComparer.Ordinal));

    [Fact]
    public async Task Pause_and_resume()
    {
        await BeginAsync((Workload("web") with { Replicas = 2 }).AsDeployment());
        await SameAsync("rollout", "pause", "deploy/web");
        await SameAsync("rollout", "pause", "deploy/web");
        await SameAsync("rollout", "restart", "deploy/web");
        await SameAsync("rollout", "undo", "deploy/web");
        await SameAsync("set", "image", "deploy/web", "*=hub.example/app:2");
        await SameAsync("get", "deploy", "web");
        await SameAsync("rollout", "resume", "deploy/web");
        await ReadyAsync();
        await SameAsync("rollout", "resume", "deploy/web");
        await SameAsync("get", "deploy", "web", "-o", "wide");
    }

    [Fact]
    public async Task Rollouts_of_a_StatefulSet_and_a_DaemonSet()
    {
        await BeginAsync((Workload("db") with { Replicas = 2 }).AsStatefulSet(), Workload("agent").AsDaemonSet());
        foreach (var workload in (string[])["sts/db", "ds/agent"])
        {
            await SameAsync("rollout", "status", workload);
            await SameAsync("set", "image", workload, "app=hub.example/app:2");
            await ReadyAsync();
            await SameAsync("rollout", "status", workload);
            await SameAsync("rollout", "history", workload);
            await SameAsync("rollout", "history", workload, "--revision=2");
            await SameAsync("rollout", "undo", workload);
            await ReadyAsync();
            await SameAsync("rollout", "history", workload);
            await SameAsync("rollout", "restart", workload);
            await SameAsync("rollout", "pause", workload);
            await ReadyAsync();
            await SameAsync("get", workload, "-o", "wide");
        }
    }

    [Fact]
    public async Task Scaling()
    {
        await BeginAsync(Workload("web").AsDeployment(), Workload("db").AsStatefulSet());
        await SameAsync("scale", "deploy/web", "--replicas=3");
        await SameAsync("scale", "sts/db", "--replicas=2");
        await ReadyAsync();
        await SameAsync("get", "deploy,sts");
        await SameAsync("get", "pods", "-o", "name", "-l", "app=db");
        await SameAsync("scale", "deploy/web", "--current-replicas=9", "--replicas=1");
        await SameAsync("scale", "deploy/web", "--replicas=-1");
        await SameAsync("get", "--raw", $"{Web}/scale");
        await SameAsync("scale", "deploy/web", "--replicas=0");
        await ReadyAsync();
        await SameAsync("get", "deploy");
    }

    [Fact]
    public async Task Labels_annotations_and_patches()
    {
        await BeginAsync(Workload("web").AsDeployment());
        await SameAsync("label", "deploy/web", "team=a");
        await SameAsync("label", "deploy/web", "team=b");
        await SameAsync("label", "deploy/web", "team=b", "--overwrite");
        await SameAsync("label", "deploy/web", "team-");
        await SameAsync("label", "deploy/web", "bad value=1");
        await SameAsync("annotate", "deploy/web", "note=hello");
        await SameAsync("annotate", "deploy/web", "note-");
        await SameAsync("patch", "deploy/web", "-p", """{"spec":{"template":{"spec":{"containers":[{"name":"app","env":[{"name":"A","value":"1"}]}]}}}}""");
        await SameAsync("patch", "deploy/web", "-p", """{"spec":{"template":{"spec":{"containers":[{"name":"app","env":[{"name":"B","value":"2"}]}]}}}}""");
        await SameAsync("get", "deploy/web", "-o", "jsonpath={.spec.template.spec.containers[0].env}");
        await SameAsync("patch", "deploy/web", "--type=merge", "-p", """{"spec":{"minReadySeconds":1,"revisionHistoryLimit":null}}""");
        await SameAsync("patch", "deploy/web", "--type=json", "-p", """[{"op":"test","path":"/spec/minReadySeconds","value":1},{"op":"replace","path":"/spec/minReadySeconds","value":0}]""");
        await SameAsync("patch", "deploy/web", "--type=json", "-p", """[{"op":"test","path":"/spec/minReadySeconds","value":5}]""");
        await SameAsync("patch", "deploy/web", "--type=json", "-p", """[{"op":"remove","path":"/spec/nothing"}]""");
        await SameAsync("patch", "deploy/web", "-p", """{"spec":{"replicas":"many"}}""");
        await SameAsync("patch", "deploy/web", "-p", """{"spec":{"selector":{"matchLabels":{"app":"other"}}}}""");
        await SameAsync("patch", "deploy/web", "-p", "{}");
        await SameAsync("patch", "deploy/web", "-p", """{"spec":{"replicas":2}}""", "--dry-run=server");
        await SameAsync("get", "deploy/web", "-o", "jsonpath={.spec.replicas} {.spec.revisionHistoryLimit} {.metadata.generation}");
    }

    [Fact]
    public async Task Files()
    {
        var file = FileOf(Workload("web").AsDeployment());
        var other = FileOf((Workload("web") with { Replicas = 2 }).AsDeployment());
        var wrong = FileOf(new JsonObject { ["apiVersion"] = "apps/v1", ["kind"] = "Deployment", ["metadata"] = new JsonObject { ["name"] = "wrong" }, ["spec"] = new JsonObject() });
        try
        {
            await BeginAsync();
            await SameAsync("create", "-f", file);
            await SameAsync(text => text, "create", "-f", file);
            await ReadyAsync();
            await SameAsync("replace", "-f", other);
            await ReadyAsync();
            await SameAsync("get", "deploy");
            await SameAsync("apply", "--validate=false", "-f", file);
            await ReadyAsync();
            await SameAsync("apply", "--validate=false", "-f", file);
            await SameAsync("diff", "-f", file);
            await SameAsync("create", "--validate=false", "-f", wrong);
            await SameAsync("create", "configmap", "settings", "--from-literal=a=1");
            await SameAsync("get", "cm", "settings", "-o", "jsonpath={.data}");
            await SameAsync("delete", "-f", file, "--wait=false");
            await SameAsync("create", "namespace", "Bad_Name");
        }
        finally
        {
            File.Delete(file);
            File.Delete(other);
            File.Delete(wrong);
        }
    }

    [Fact]
    public async Task Deletions()
    {
        await BeginAsync((Workload("web") with { Replicas = 2 }).AsDeployment(), Workload("db").AsStatefulSet(), Workload("lone").AsPod());
        await SameAsync("delete", "pod", "db-0");
        await ReadyAsync();
        await SameAsync("get", "pods", "-l", "app=db");
        await SameAsync("delete", "pod", "lone", "--grace-period=0", "--force");
        await SameAsync("delete", "deploy", "web");
        await WaitAsync($"/api/v1/namespaces/{Namespace}/pods?labelSelector=app%3Dweb", pods => pods?["items"]?.AsArray().Count == 0);
        await SameAsync("get", "rs,pods", "-l", "app=web");
        await SameAsync("delete", "sts", "db", "--cascade=orphan");
        await SameAsync("get", "pods");
        await SameAsync("delete", "ns", Namespace);
        await SameAsync("get", "ns", Namespace);
    }

    [Fact]
    public async Task What_there_is_to_talk_to()
    {
        await BeginAsync();
        string[] served = ["configmaps", "controllerrevisions", "daemonsets", "deployments", "endpoints", "events", "jobs", "leases", "mutatingwebhookconfigurations", "namespaces", "nodes", "pods", "replicasets", "secrets", "serviceaccounts", "services", "statefulsets", "validatingwebhookconfigurations"];
        await SameAsync(text => string.Join('\n', text.Split('\n').Where(line => served.Contains(line.Split(' ')[0]) && !line.Contains("events.k8s.io", StringComparison.Ordinal))), "api-resources", "-o", "wide");
        await SameAsync(text => string.Join('\n', text.Split('\n').Where(line => line.StartsWith("Server", StringComparison.Ordinal)).Select(line => line.Split(':')[0])), "version", "--short");
        await SameAsync(text => text.Split('\n')[0].Split(" at ")[0], "cluster-info");
        await SameAsync(text => text, "get", "--raw", "/healthz");
        await SameAsync(text => string.Join('\n', text.Split('\n').Where(line => line is "v1" or "apps/v1" or "batch/v1" or "coordination.k8s.io/v1")), "api-versions");
    }
}
