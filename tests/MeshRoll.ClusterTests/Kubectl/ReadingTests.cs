using System.Text.Json.Nodes;
using MeshRoll.ClusterTests.World;

namespace MeshRoll.ClusterTests.Kubectl;

public sealed class ReadingTests(RealWorld real, EmbeddedWorld sandbox) : KubectlComparison(real, sandbox)
{
    [Fact]
    public async Task Tables()
    {
        await BeginShopAsync();
        foreach (var kind in (string[])["deployments", "rs", "sts", "ds", "pods", "svc", "cm", "sa", "secrets", "jobs", "pdb", "hpa", "ep", "controllerrevisions"])
        {
            // Secrets of service accounts and the counts they make came to an end with 1.24; addresses of endpoints are random.
            if (kind is "sa" or "ep") await SameAsync(Header, "get", kind);
            else if (kind is "cm" or "secrets") await SameAsync("get", kind, "settings");
            else await SameAsync("get", kind);
        }
        await SameAsync("get", "deploy,sts,ds");
        await SameAsync("get", "deploy/web", "sts/db");
        await SameAsync("get", "deploy", "-o", "wide");
        await SameAsync("get", "rs", "-o", "wide");
        await SameAsync("get", "pods", "-o", "wide", "--no-headers");
        await SameAsync("get", "pods", "--show-labels");
        await SameAsync("get", "deploy", "-L", "app");
        await SameAsync("get", "pods", "--sort-by=.metadata.name", "-o", "name");
        await SameAsync("get", "ns", Namespace);
        await SameAsync("get", "svc", "--all-namespaces", "--field-selector", "metadata.name=kubernetes", "--show-labels");
        await SameAsync("get", "nodes", "--no-headers=false", "-o", "custom-columns=NAME:.metadata.name");
    }

    [Fact]
    public async Task Selectors()
    {
        await BeginShopAsync();
        await SameAsync("get", "pods", "-l", "app=web");
        await SameAsync("get", "pods", "-l", "app in (web,db),app!=db", "-o", "name");
        await SameAsync("get", "pods", "-l", "!app");
        await SameAsync("get", "pods", "-l", "app=(");
        await SameAsync("get", "pods", "--field-selector", "status.phase=Running", "-o", "name");
        await SameAsync("get", "pods", "--field-selector", "status.phase!=Running");
        await SameAsync("get", "pods", "--field-selector", "spec.unknown=1");
        await SameAsync("get", "deploy", "--field-selector", "metadata.name=web");
        await SameAsync(text => string.Join('\n', text.Split('\n').Where(line => line.Contains(Namespace + " ", StringComparison.Ordinal))), "get", "deploy", "--all-namespaces");
        await SameAsync("get", "deploy", "--chunk-size=1");
    }

    [Theory]
    [InlineData(5, "--show-labels")]
    [InlineData(5, "--show-labels", "--output-watch-events")]
    [InlineData(4, "-L", "team", "--no-headers")]
    [InlineData(5, "-o", "custom-columns=NAME:.metadata.name,TEAM:.metadata.labels.team")]
    [InlineData(4, "-o", "name")]
    public async Task Watches(int count, params string[] form)
    {
        // A header where there is one, the object as it is, and the changes.
        await BeginShopAsync();
        await SameWatchAsync(count, ["label cm settings team=a", "label cm settings team=b --overwrite", "delete cm settings"], ["get", "cm", "settings", "--watch", .. form]);
    }

    [Fact]
    public async Task A_watch_of_what_a_selector_chooses()
    {
        await BeginShopAsync();
        await DoAsync("label", "cm", "settings", "team=a");
        await SameWatchAsync(3, ["label cm settings other=1", "label cm settings team-"], "get", "cm", "--watch", "-l", "team=a", "-o", "name", "--output-watch-events");
    }

    [Fact]
    public async Task An_object_as_JSON()
    {
        await BeginShopAsync();
        await SameAsync(WithoutManagers, "get", "cm", "settings", "-o", "json");

        // kubectl 1.20 prints them, later ones do not.
        static string WithoutManagers(string text)
        {
            var json = JsonNode.Parse(text.Split("\nstderr")[0])!;
            json["metadata"]!.AsObject().Remove("managedFields");
            return json.ToJsonString();
        }
    }

    [Theory]
    [InlineData("deploy", "web")]
    [InlineData("sts", "db")]
    [InlineData("ds", "agent")]
    [InlineData("cm", "settings")]
    [InlineData("svc", "web")]
    public async Task Whole_objects(string kind, string name)
    {
        await BeginShopAsync();
        await SameAsync("get", kind, name, "-o", "yaml");
        await SameAsync("get", kind, name, "-o", "jsonpath={.metadata.name} {.metadata.namespace} {.kind} {.apiVersion}");
        await SameAsync("get", kind, name, "-o", "go-template={{.metadata.name}}");
    }

    [Fact]
    public async Task A_disruption_budget()
    {
        // The old server knows policy/v1beta1 only, and no conditions.
        await BeginShopAsync();
        await SameAsync("get", "pdb", "web", "-o", "jsonpath={.spec} {.status.expectedPods} {.status.currentHealthy} {.status.desiredHealthy} {.status.disruptionsAllowed} {.status.observedGeneration}");
    }

    [Fact]
    public async Task A_pod_as_yaml()
    {
        await BeginAsync(Workload("lone").AsPod());
        await WaitAsync($"/api/v1/namespaces/{Namespace}/pods/lone", pod => (string?)pod?["status"]?["phase"] == "Running");
        await SameAsync(WithoutTokens, "get", "pod", "lone", "-o", "yaml");
    }

    [Fact]
    public async Task What_is_not_there()
    {
        await BeginAsync();
        await SameAsync("get", "deploy");
        await SameAsync("get", "deploy", "nobody");
        await SameAsync("get", "gizmos");
        await SameAsync("get", "gizmo/web");
        await SameAsync("describe", "deploy", "nobody");
        await SameAsync("delete", "deploy", "nobody");
        await SameAsync("rollout", "status", "deploy/nobody");
        await SameAsync("scale", "deploy/nobody", "--replicas=1");
        await SameAsync("get", "--raw", "/apis/nowhere/v1");
    }

    [Theory]
    [InlineData("deploy", "web")]
    [InlineData("rs", "")]
    [InlineData("sts", "db")]
    [InlineData("ds", "agent")]
    [InlineData("pod", "db-0")]
    [InlineData("svc", "web")]
    [InlineData("cm", "settings")]
    [InlineData("pdb", "web")]
    [InlineData("ns", "")]
    public async Task Descriptions(string kind, string name)
    {
        await BeginShopAsync();
        string[] arguments = kind == "ns" ? ["describe", kind, Namespace] : name.Length == 0 ? ["describe", kind] : ["describe", kind, name];
        await SameAsync(kind == "pod" ? WithoutTokens : kind == "ns" ? WithoutNewLabels : text => text, arguments);
    }

    [Fact]
    public async Task Events()
    {
        await BeginAsync(Workload("web").AsDeployment());
        await SameAsync(text => string.Join('\n', text.Split('\n').Where(line => line.Contains("deployment/web", StringComparison.Ordinal) || line.StartsWith("LAST", StringComparison.Ordinal))),
            "get", "events");
        await SameAsync(text => string.Join('\n', text.Split('\n').Order(StringComparer.Ordinal)), "get", "events", "--field-selector", "involvedObject.kind=ReplicaSet");
    }

    [Fact]
    public async Task What_one_may()
    {
        await BeginAsync();
        await SameAsync("auth", "can-i", "list", "pods");
        await SameAsync("auth", "can-i", "delete", "deployments.apps", "--all-namespaces");
        await SameAsync("auth", "can-i", "get", "/version");
        await SameAsync("auth", "can-i", "list", "pods", "--as=nobody");
        await SameAsync("get", "pods", "--as=nobody");
        await SameAsync("get", "pods", "--as=nobody", "--all-namespaces");
        await SameAsync("delete", "deploy", "web", "--as=nobody");
    }

    private async Task BeginShopAsync() => await BeginAsync(
        (Workload("web") with { Replicas = 2, Strategy = MeshRoll.TestControlPlane.Workloads.Workload.RollingUpdate("1", "0") }).AsDeployment(),
        Workload("db").AsStatefulSet(), Workload("agent").AsDaemonSet(),
        new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["metadata"] = new JsonObject { ["name"] = "settings", ["namespace"] = Namespace },
            ["data"] = new JsonObject { ["colour"] = "green" },
        },
        new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Secret",
            ["metadata"] = new JsonObject { ["name"] = "settings", ["namespace"] = Namespace },
            ["stringData"] = new JsonObject { ["word"] = "open" },
        },
        new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Service",
            ["metadata"] = new JsonObject { ["name"] = "web", ["namespace"] = Namespace },
            ["spec"] = new JsonObject { ["selector"] = new JsonObject { ["app"] = "web" }, ["ports"] = new JsonArray(new JsonObject { ["port"] = 80, ["targetPort"] = 8080 }) },
        },
        new JsonObject
        {
            ["apiVersion"] = "policy/v1beta1",
            ["kind"] = "PodDisruptionBudget",
            ["metadata"] = new JsonObject { ["name"] = "web", ["namespace"] = Namespace },
            ["spec"] = new JsonObject { ["minAvailable"] = 1, ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = "web" } } },
        });

    private static string Header(string text) => text.Split('\n')[0];

    // Before 1.24 every pod got a token from a secret, since then from a projected volume; the sandbox mounts none. And the played kubelet of the real
    // control plane writes no events.
    private static string WithoutTokens(string text) => string.Join('\n', text.Split("\nEvents:")[0].Split('\n')
        .Where(line => !Array.Exists(OfTokens, word => line.Contains(word, StringComparison.OrdinalIgnoreCase))).Select(line => line.TrimStart()));

    private static readonly string[] OfTokens = ["token", "Mounts:", "Volumes:", "volumeMounts:", "mountPath:", "readOnly:", "secret:", "secretName", "defaultMode", "Type:  Secret", "Optional:", "/var/run/secrets"];

    // Namespaces are labelled with their name since 1.21. The sandbox has no limit ranges.
    private static string WithoutNewLabels(string text) => string.Join('\n', text.Split('\n').Where(line => !line.Contains("Labels:", StringComparison.Ordinal) && !line.Contains("No LimitRange", StringComparison.Ordinal) && line.Length > 0));
}
