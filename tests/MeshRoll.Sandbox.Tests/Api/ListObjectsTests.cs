using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Tests.Builders;

namespace MeshRoll.Sandbox.Tests.Api;

public sealed class ListObjectsTests
{
    private const string Path = "/api/v1/namespaces/shop/configmaps";

    private readonly TestServer _server = new();

    public ListObjectsTests()
    {
        _server.Add(ApiResources.Namespaces, "park");
        foreach (var name in (string[])["c", "a", "b"]) _server.Add(ApiResources.ConfigMaps, name, "{\"metadata\":{\"labels\":{\"letter\":\"" + name + "\"}}}");
        _server.Add(ApiResources.ConfigMaps, "z", space: "park");
    }

    [Fact]
    public async Task A_list_has_the_objects_of_its_namespace_by_name()
    {
        var list = await _server.GetJsonAsync(Path);

        Assert.Equal(("ConfigMapList", "v1"), (list["kind"]!.GetValue<string>(), list["apiVersion"]!.GetValue<string>()));
        Assert.Equal(["a", "b", "c"], list.Names());
        Assert.Equal(_server.Cluster.Store.Version.ToString(), list["metadata"]!["resourceVersion"]!.GetValue<string>());
        Assert.Null(list["items"]![0]!["kind"]);
    }

    [Fact]
    public async Task All_namespaces_are_listed_without_one() => Assert.Equal(["z", "a", "b", "c"], (await _server.GetJsonAsync("/api/v1/configmaps")).Names());

    [Fact]
    public async Task A_namespace_that_is_not_there_has_an_empty_list() => Assert.Empty((await _server.GetJsonAsync("/api/v1/namespaces/none/configmaps")).Names());

    [Theory]
    [InlineData("labelSelector=letter%20in%20(a,c)", "a c")]
    [InlineData("labelSelector=!letter", "")]
    [InlineData("fieldSelector=metadata.name=b", "b")]
    [InlineData("fieldSelector=metadata.name!=b", "a c")]
    [InlineData("fieldSelector=metadata.namespace=shop&labelSelector=letter=a", "a")]
    public async Task Selectors_choose(string query, string names) => Assert.Equal(names, string.Join(' ', (await _server.GetJsonAsync($"{Path}?{query}")).Names()));

    [Theory]
    [InlineData("labelSelector=a b", 400, "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt")]
    [InlineData("fieldSelector=spec.x=1", 400, "\"spec.x\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"")]
    [InlineData("continue=nonsense!", 400, "continue key is not valid: nonsense!")]
    [InlineData("continue=abc&resourceVersion=7", 400, "specifying resource version is not allowed when using continue")]
    [InlineData("resourceVersionMatch=Exact", 422, "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided")]
    [InlineData("resourceVersion=1&resourceVersionMatch=Any", 422, "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Unsupported value: \"Any\": supported values: \"Exact\", \"NotOlderThan\", \"\"")]
    [InlineData("limit=x", 400, "strconv.ParseInt: parsing \"x\": invalid syntax")]
    public async Task A_wrong_query_is_refused(string query, int status, string message)
    {
        var answer = await _server.GetAsync($"{Path}?{query}");

        Assert.Equal((status, message), (answer.Status, answer.Message()));
    }

    [Fact]
    public async Task Pages_show_the_state_of_the_first_one()
    {
        var first = await _server.GetJsonAsync($"{Path}?limit=2");
        _server.Add(ApiResources.ConfigMaps, "bb");
        _server.Cluster.Delete(_server.Find(ApiResources.ConfigMaps, "c")!);
        var second = await _server.GetJsonAsync($"{Path}?limit=2&continue={first["metadata"]!["continue"]}");

        Assert.Equal(["a", "b"], first.Names());
        Assert.Equal(1, first["metadata"]!["remainingItemCount"]!.GetValue<int>());
        Assert.Equal(["c"], second.Names());
        Assert.Null(second["metadata"]!["continue"]);
        Assert.Equal(first["metadata"]!["resourceVersion"]!.GetValue<string>(), second["metadata"]!["resourceVersion"]!.GetValue<string>());
    }

    [Fact]
    public async Task With_a_selector_the_rest_is_not_counted()
    {
        var first = await _server.GetJsonAsync($"{Path}?limit=1&labelSelector=letter");

        Assert.NotNull(first["metadata"]!["continue"]);
        Assert.Null(first["metadata"]!["remainingItemCount"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_token_is_of_use_for_five_minutes_or_until_history_is_dropped(bool compacted)
    {
        var first = await _server.GetJsonAsync($"{Path}?limit=2");
        if (compacted) _server.Cluster.Store.Compact();
        else _server.Clock.Advance(TimeSpan.FromMinutes(6));
        var second = await _server.GetAsync($"{Path}?limit=2&continue={first["metadata"]!["continue"]}");

        Assert.Equal((410, "Expired"), (second.Status, second.Reason()));
        Assert.StartsWith("The provided continue parameter is too old to display a consistent list result.", second.Message(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exact_version_shows_the_past()
    {
        var then = _server.Cluster.Store.Version;
        _server.Add(ApiResources.ConfigMaps, "d");
        _server.Cluster.Change(_server.Find(ApiResources.ConfigMaps, "a")!, json => json["data"] = new System.Text.Json.Nodes.JsonObject { ["new"] = "yes" });
        _server.Cluster.Delete(_server.Find(ApiResources.ConfigMaps, "b")!);

        var past = await _server.GetJsonAsync($"{Path}?resourceVersion={then}&resourceVersionMatch=Exact");
        var now = await _server.GetJsonAsync($"{Path}?resourceVersion={then}&resourceVersionMatch=NotOlderThan");

        Assert.Equal(["a", "b", "c"], past.Names());
        Assert.Null(past["items"]![0]!["data"]);
        Assert.Equal(then.ToString(), past["metadata"]!["resourceVersion"]!.GetValue<string>());
        Assert.Equal(["a", "c", "d"], now.Names());
    }

    [Fact]
    public async Task A_long_list_arrives_whole()
    {
        for (var i = 0; i < 300; i++) _server.Add(ApiResources.ConfigMaps, $"long-{i:000}", $$$"""{"data":{"text":"{{{new string('x', 2000)}}}"}}""");

        Assert.Equal(303, (await _server.GetJsonAsync(Path)).Names().Length);
    }
}
