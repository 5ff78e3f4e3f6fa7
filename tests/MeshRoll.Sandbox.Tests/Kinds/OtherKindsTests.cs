using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Tests.Builders;

namespace MeshRoll.Sandbox.Tests.Kinds;

public sealed class OtherKindsTests
{
    [Fact]
    public void A_service_gets_an_address_and_keeps_it()
    {
        var server = new TestServer();
        var first = server.Add(ApiResources.Services, "web", """{"spec":{"ports":[{"port":80}]}}""");
        var second = server.Add(ApiResources.Services, "cart", """{"spec":{"ports":[{"port":80}]}}""");

        var spec = first.ToJson()["spec"]!;
        Assert.Equal(("ClusterIP", "None", "Cluster"), (spec.Text("type"), spec.Text("sessionAffinity"), spec.Text("internalTrafficPolicy")));
        Assert.Equal("""[{"port":80,"protocol":"TCP","targetPort":80}]""", spec["ports"]!.ToJsonString());
        var address = spec.Text("clusterIP")!;
        Assert.StartsWith("10.96.", address, StringComparison.Ordinal);
        Assert.Equal([address], spec["clusterIPs"]!.AsArray().Select(one => one!.GetValue<string>()));
        Assert.NotEqual(address, second.ToJson().Text("spec", "clusterIP"));
        Assert.Equal(address, Written.Create(ApiResources.Services, """{"spec":{"ports":[{"port":80}]}}""").Text("spec", "clusterIP"));

        var replaced = server.Cluster.Change(first, json =>
        {
            json.Object("spec").Remove("clusterIP");
            json.Object("spec").Remove("clusterIPs");
        });
        Assert.Equal(address, replaced.ToJson().Text("spec", "clusterIP"));
    }

    [Theory]
    [InlineData("""{"ports":[{"port":80}],"clusterIP":"None"}""", "None")]
    [InlineData("""{"ports":[{"port":80}],"clusterIP":"10.96.0.10"}""", "10.96.0.10")]
    [InlineData("""{"type":"ExternalName","externalName":"example.com"}""", null)]
    public void Some_services_say_their_address(string spec, string? address) =>
        Assert.Equal(address, Written.Create(ApiResources.Services, "{\"spec\":" + spec + "}").Text("spec", "clusterIP"));

    [Fact]
    public void A_node_port_is_given_out()
    {
        var port = Written.Create(ApiResources.Services, """{"spec":{"type":"NodePort","ports":[{"port":80}]}}""").Items("spec", "ports").Single();

        Assert.InRange(port.Number("nodePort")!.Value, 30000, 32767);
    }

    [Theory]
    [InlineData("""{"ports":[{"port":80}],"clusterIP":"10.97.0.1"}""", "spec.clusterIPs: Invalid value: []string{\"10.97.0.1\"}: failed to allocate IP 10.97.0.1: the provided IP is not in the valid range. The range of valid IPs is 10.96.0.0/16")]
    [InlineData("""{"ports":[]}""", "spec.ports: Required value")]
    [InlineData("""{"ports":[{"port":80},{"port":81}]}""", "[spec.ports[0].name: Required value, spec.ports[1].name: Required value]")]
    [InlineData("""{"ports":[{"port":0}]}""", "spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive")]
    [InlineData("""{"type":"Magic","ports":[{"port":80}]}""", "spec.type: Unsupported value: \"Magic\": supported values: \"ClusterIP\", \"ExternalName\", \"LoadBalancer\", \"NodePort\"")]
    [InlineData("""{"type":"ExternalName"}""", "spec.externalName: Required value")]
    public void A_wrong_service_is_refused(string spec, string error) => Assert.Equal(error, Written.CreateError(ApiResources.Services, "{\"spec\":" + spec + "}"));

    [Fact]
    public void An_address_is_given_to_one()
    {
        var server = new TestServer();
        server.Add(ApiResources.Services, "web", """{"spec":{"clusterIP":"10.96.0.10","ports":[{"port":80}]}}""");

        var error = Assert.Throws<Sandbox.Writing.ApiStatusException>(() => server.Add(ApiResources.Services, "cart", """{"spec":{"clusterIP":"10.96.0.10","ports":[{"port":80}]}}"""));
        Assert.EndsWith("failed to allocate IP 10.96.0.10: provided IP is already allocated", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_namespace_bears_its_name_and_is_active()
    {
        var home = Written.Create(ApiResources.Namespaces, "{}", "park");

        Assert.Equal(("park", "Active", "kubernetes"), (home.Text("metadata", "labels", "kubernetes.io/metadata.name"), home.Text("status", "phase"), home["spec"]!["finalizers"]![0]!.GetValue<string>()));
        Assert.StartsWith("metadata.name: Invalid value: \"a.b\": a lowercase RFC 1123 label", Written.CreateError(ApiResources.Namespaces, "{}", "a.b"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_s_text_becomes_data()
    {
        var secret = Written.Create(ApiResources.Secrets, """{"stringData":{"word":"hello"},"data":{"other":"eA=="}}""");

        Assert.Equal(("aGVsbG8=", "eA==", "Opaque"), (secret.Text("data", "word"), secret.Text("data", "other"), secret.Text("type")));
        Assert.False(secret.ContainsKey("stringData"));
        Assert.Equal("type: Invalid value: \"other\": field is immutable", Written.ChangeError(ApiResources.Secrets, "{}", json => json["type"] = "other"));
    }

    [Fact]
    public void What_is_fixed_stays()
    {
        Assert.Equal("data: Forbidden: field is immutable when `immutable` is set", Written.ChangeError(ApiResources.ConfigMaps, """{"immutable":true,"data":{"a":"1"}}""", json => json.Object("data")["a"] = "2"));
        Assert.StartsWith("data[a b]: Invalid value: \"a b\": a valid config key must", Written.CreateError(ApiResources.ConfigMaps, """{"data":{"a b":"1"}}"""), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"minAvailable":1,"maxUnavailable":1}""", "minAvailable and maxUnavailable cannot be both set")]
    [InlineData("""{"minAvailable":"120%"}""", "spec.minAvailable: Invalid value: intstr.IntOrString{Type:1, IntVal:0, StrVal:\"120%\"}: must not be greater than 100%")]
    [InlineData("""{"maxUnavailable":-1}""", "spec.maxUnavailable: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("""{"maxUnavailable":1,"unhealthyPodEvictionPolicy":"No"}""", "spec.unhealthyPodEvictionPolicy: Unsupported value: \"No\": supported values: \"AlwaysAllow\", \"IfHealthyBudget\"")]
    public void A_wrong_budget_is_refused(string spec, string error) => Assert.EndsWith(error, Written.CreateError(ApiResources.PodDisruptionBudgets, "{\"spec\":" + spec + "}"), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"maxReplicas":0,"scaleTargetRef":{"kind":"Deployment","name":"web"}}""", "[spec.maxReplicas: Invalid value: 0: must be greater than 0, spec.maxReplicas: Invalid value: 0: must be greater than or equal to `minReplicas`]")]
    [InlineData("""{"maxReplicas":1,"minReplicas":2,"scaleTargetRef":{"kind":"Deployment","name":"web"}}""", "spec.maxReplicas: Invalid value: 1: must be greater than or equal to `minReplicas`")]
    [InlineData("""{"maxReplicas":1,"scaleTargetRef":{"kind":"Deployment"}}""", "spec.scaleTargetRef.name: Required value")]
    public void A_wrong_autoscaler_is_refused(string spec, string error) => Assert.Equal(error, Written.CreateError(ApiResources.HorizontalPodAutoscalers, "{\"spec\":" + spec + "}"));

    [Fact]
    public void A_webhook_is_filled_in()
    {
        var webhook = Written.Create(ApiResources.MutatingWebhookConfigurations, """
            {"webhooks":[{"name":"rev.namespace.sidecar-injector.istio.io","sideEffects":"None","admissionReviewVersions":["v1"],"clientConfig":{"service":{"name":"istiod","namespace":"istio-system"}},
            "rules":[{"operations":["CREATE"],"apiGroups":[""],"apiVersions":["v1"],"resources":["pods"]}]}]}
            """).Items("webhooks").Single();

        Assert.Equal(("Fail", "Equivalent", "Never", 10L), (webhook.Text("failurePolicy"), webhook.Text("matchPolicy"), webhook.Text("reinvocationPolicy"), webhook.Number("timeoutSeconds")));
        Assert.Equal(("{}", "{}", "*", 443L), (webhook["namespaceSelector"]!.ToJsonString(), webhook["objectSelector"]!.ToJsonString(), webhook.Items("rules").Single().Text("scope"), webhook.Number("clientConfig", "service", "port")));
    }

    [Theory]
    [InlineData("""{"name":"short","sideEffects":"None","admissionReviewVersions":["v1"],"clientConfig":{"url":"https://x"}}""", "webhooks[0].name: Invalid value: \"short\": should be a domain with at least three segments separated by dots")]
    [InlineData("""{"name":"a.b.c","admissionReviewVersions":["v1"],"clientConfig":{"url":"https://x"}}""", "webhooks[0].sideEffects: Required value: must specify one of None, NoneOnDryRun")]
    [InlineData("""{"name":"a.b.c","sideEffects":"None","clientConfig":{"url":"https://x"}}""", "webhooks[0].admissionReviewVersions: Required value: must specify one of v1, v1beta1")]
    [InlineData("""{"name":"a.b.c","sideEffects":"None","admissionReviewVersions":["v1"]}""", "webhooks[0].clientConfig: Required value: exactly one of url or service is required")]
    [InlineData("""{"name":"a.b.c","sideEffects":"None","admissionReviewVersions":["v1"],"clientConfig":{"url":"https://x"},"failurePolicy":"Maybe"}""", "webhooks[0].failurePolicy: Unsupported value: \"Maybe\": supported values: \"Fail\", \"Ignore\"")]
    public void A_wrong_webhook_is_refused(string webhook, string error) =>
        Assert.Equal(error, Written.CreateError(ApiResources.MutatingWebhookConfigurations, "{\"webhooks\":[" + webhook + "]}"));
}
