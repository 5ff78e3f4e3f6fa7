using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Tests.Builders;

namespace MeshRoll.Sandbox.Tests.Api;

public sealed class CreateObjectTests
{
    private readonly TestServer _server = new();

    [Fact]
    public async Task A_new_object_gets_what_the_server_gives()
    {
        var answer = await _server.PostAsync(Manifests.Deployments, Manifests.Deployment("web"));

        Assert.Equal(201, answer.Status);
        var web = answer.Json();
        Assert.Equal(("Deployment", "web", "shop"), (web.Text("kind"), web.Text("metadata", "name"), web.Text("metadata", "namespace")));
        Assert.Equal((1L, 1L), (web.Number("metadata", "generation"), web.Number("spec", "replicas")));
        Assert.Equal("2026-03-01T12:00:00Z", web.Text("metadata", "creationTimestamp"));
        Assert.NotEmpty(web.Text("metadata", "uid")!);
        Assert.Equal("test", web.Items("metadata", "managedFields").Single().Text("manager"));
        Assert.Equal(_server.Find(ApiResources.Deployments, "web")!.Json.ToArray(), answer.Bytes);
    }

    [Fact]
    public async Task A_name_is_made_from_its_beginning()
    {
        var answer = await _server.PostAsync(Manifests.ConfigMaps, """{"metadata":{"generateName":"job-"}}""");

        Assert.Equal(201, answer.Status);
        Assert.Matches("^job-[bcdfghjklmnpqrstvwxz2456789]{5}$", answer.Json().Text("metadata", "name"));
    }

    [Fact]
    public async Task A_dry_run_answers_and_keeps_nothing()
    {
        var answer = await _server.PostAsync($"{Manifests.ConfigMaps}?dryRun=All", Manifests.ConfigMap("a"));

        Assert.Equal((201, "a"), (answer.Status, answer.Json().Text("metadata", "name")));
        Assert.Null(_server.Find(ApiResources.ConfigMaps, "a"));
    }

    [Fact]
    public async Task What_a_pod_says_of_its_state_does_not_count()
    {
        await _server.PostAsync(Manifests.Pods, """{"metadata":{"name":"a"},"spec":{"containers":[{"name":"app","image":"a:1"}]},"status":{"phase":"Running","podIP":"1.2.3.4"}}""");

        var status = _server.Find(ApiResources.Pods, "a")!.ToJson()["status"];
        Assert.Equal(("Pending", "BestEffort", null), (status.Text("phase"), status.Text("qosClass"), status.Text("podIP")));
    }

    [Fact]
    public async Task Nulls_and_empty_lists_are_left_out()
    {
        var answer = await _server.PostAsync(Manifests.ConfigMaps, """{"metadata":{"name":"a","creationTimestamp":null,"labels":{},"annotations":{"x":"1"}},"data":null}""");

        var map = answer.Json();
        Assert.Null(map.At("metadata", "labels"));
        Assert.False(map.AsObject().ContainsKey("data"));
        Assert.Equal("1", map.Text("metadata", "annotations", "x"));
    }

    [Fact]
    public async Task Of_a_member_that_comes_twice_the_last_counts()
    {
        var answer = await _server.PostAsync(Manifests.ConfigMaps, """{"metadata":{"name":"a"},"data":{"x":"1"},"data":{"x":"2"}}""");

        Assert.Equal("2", answer.Json().Text("data", "x"));
    }

    [Fact]
    public async Task Yaml_is_read_as_well()
    {
        var answer = await _server.SendAsync("POST", Manifests.ConfigMaps, "kind: ConfigMap\nmetadata: {name: a}\ndata:\n  on: 'true'\n  text: |\n    two\n    lines\n", "application/yaml");

        Assert.Equal(201, answer.Status);
        Assert.Equal("two\nlines\n", answer.Json().Text("data", "text"));
    }

    [Theory]
    [InlineData("""{"apiVersion":"v1","kind":"Pod"}""", 400, """Pod in version "v1" cannot be handled as a ConfigMap: converting (v1.Pod) to (core.ConfigMap): unknown conversion""")]
    [InlineData("""{"apiVersion":"apps/v1","kind":"Deployment"}""", 400, "the API version in the data (apps/v1) does not match the expected API version (v1)")]
    [InlineData("""{"metadata":{"name":"a","namespace":"park"}}""", 400, "the namespace of the provided object does not match the namespace sent on the request")]
    [InlineData("""{"metadata":{}}""", 422, """ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required""")]
    [InlineData("""[1]""", 400, "the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: an object is expected ([1])")]
    [InlineData("""{"metadata":{"name":"settings"}}""", 409, """configmaps "settings" already exists""")]
    public async Task What_cannot_be_made_is_refused(string body, int status, string message)
    {
        _server.Add(ApiResources.ConfigMaps, "settings");
        var answer = await _server.PostAsync(Manifests.ConfigMaps, body);

        Assert.Equal((status, message), (answer.Status, answer.Message()));
    }

    [Fact]
    public async Task What_is_no_json_is_refused_with_its_beginning()
    {
        var answer = await _server.PostAsync(Manifests.ConfigMaps, "{\"metadata\":{\"name\": broken and long");

        Assert.Equal((400, "BadRequest"), (answer.Status, answer.Reason()));
        Assert.StartsWith("the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: ", answer.Message(), StringComparison.Ordinal);
        Assert.EndsWith("({\"metadata\":{\"name\": broken an ...)", answer.Message(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/apis/apps/v1/namespaces/shop/deployments", """{"metadata":{"name":"a"},"spec":{"replicas":"3"}}""", "Deployment in version \"v1\" cannot be handled as a Deployment: json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32")]
    [InlineData("/apis/apps/v1/namespaces/shop/deployments", """{"metadata":{"name":"a"},"spec":{"replicas":1.5}}""", "Deployment in version \"v1\" cannot be handled as a Deployment: json: cannot unmarshal number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32")]
    [InlineData("/apis/apps/v1/namespaces/shop/deployments", """{"spec":{"template":{"spec":{"containers":[{"name":1}]}}}}""", "Deployment in version \"v1\" cannot be handled as a Deployment: json: cannot unmarshal number into Go struct field Container.spec.template.spec.containers.name of type string")]
    [InlineData("/apis/apps/v1/namespaces/shop/deployments", """{"spec":{"paused":"yes"}}""", "Deployment in version \"v1\" cannot be handled as a Deployment: json: cannot unmarshal string into Go struct field DeploymentSpec.spec.paused of type bool")]
    [InlineData("/api/v1/namespaces/shop/configmaps", """{"metadata":{"name":"a","labels":{"a":1}}}""", "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string")]
    [InlineData("/api/v1/namespaces/shop/services", """{"metadata":"web"}""", "Service in version \"v1\" cannot be handled as a Service: json: cannot unmarshal string into Go struct field Service.metadata of type v1.ObjectMeta")]
    [InlineData("/api/v1/namespaces/shop/secrets", """{"metadata":{"name":"a"},"data":{"a":"not base64!"}}""", "Secret in version \"v1\" cannot be handled as a Secret: illegal base64 data at input byte 3")]
    public async Task Values_of_a_wrong_type_are_refused(string path, string body, string message)
    {
        var answer = await _server.PostAsync(path, body);

        Assert.Equal((400, message), (answer.Status, answer.Message()));
    }

    [Fact]
    public async Task Other_forms_are_refused()
    {
        var answer = await _server.SendAsync("POST", Manifests.ConfigMaps, "k8s", "application/vnd.kubernetes.protobuf");

        Assert.Equal((415, "UnsupportedMediaType"), (answer.Status, answer.Reason()));
    }

    [Fact]
    public async Task A_namespace_that_is_missing_or_going_takes_nothing()
    {
        var missing = await _server.PostAsync("/api/v1/namespaces/none/configmaps", Manifests.ConfigMap("a"));
        _server.Cluster.Delete(_server.Find(ApiResources.Namespaces, "shop")!);
        var going = await _server.PostAsync(Manifests.ConfigMaps, Manifests.ConfigMap("a"));

        Assert.Equal((404, "namespaces \"none\" not found"), (missing.Status, missing.Message()));
        Assert.Equal((403, "configmaps \"a\" is forbidden: unable to create new content in namespace shop because it is being terminated"), (going.Status, going.Message()));
        Assert.Equal("NamespaceTerminating", going.Json().Items("details", "causes").Single().Text("reason"));
    }

    [Fact]
    public async Task An_unknown_dry_run_is_refused()
    {
        var answer = await _server.PostAsync($"{Manifests.ConfigMaps}?dryRun=Some", Manifests.ConfigMap("a"));

        Assert.Equal((422, "CreateOptions.meta.k8s.io \"\" is invalid: dryRun: Unsupported value: []string{\"Some\"}: supported values: \"All\""), (answer.Status, answer.Message()));
    }

    [Theory]
    [InlineData("POST", "/api/v1/configmaps")]
    [InlineData("POST", "/api/v1/namespaces/shop/configmaps/a")]
    [InlineData("PUT", "/api/v1/namespaces/shop/configmaps")]
    [InlineData("DELETE", "/api/v1/configmaps")]
    [InlineData("DELETE", "/api/v1/namespaces")]
    public async Task Some_methods_are_not_for_all_paths(string method, string path)
    {
        var answer = await _server.SendAsync(method, path, "{}");

        Assert.Equal((405, "MethodNotAllowed", "the server does not allow this method on the requested resource"), (answer.Status, answer.Reason(), answer.Message()));
    }
}
