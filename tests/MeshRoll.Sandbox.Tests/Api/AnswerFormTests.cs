using System.Text;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Tests.Builders;

namespace MeshRoll.Sandbox.Tests.Api;

public sealed class AnswerFormTests
{
    private const string Table = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";
    private const string Metadata = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io,application/json";
    private const string MetadataList = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json";
    private const string Protobuf = "application/vnd.kubernetes.protobuf,application/json";

    private readonly TestServer _server = new();

    public AnswerFormTests() => _server.Add(ApiResources.Pods, "a", Manifests.Pod("a"));

    [Theory]
    [InlineData("/a")]
    [InlineData("")]
    public async Task People_are_shown_tables(string name)
    {
        var table = (await _server.GetAsync(Manifests.Pods + name, Table)).Json();

        Assert.Equal(("Table", "Name"), (table.Text("kind"), table.Items("columnDefinitions").First().Text("name")));
        var row = table.Items("rows").Single();
        Assert.Equal(("a", "PartialObjectMetadata"), (row["cells"]![0]!.GetValue<string>(), row.Text("object", "kind")));
        Assert.NotEmpty(table.Text("metadata", "resourceVersion")!);
    }

    [Fact]
    public async Task A_watched_table_says_its_columns_once()
    {
        await using var watch = _server.Watch($"{Manifests.Pods}?watch=true", Table);
        var first = await watch.NextAsync();
        _server.Add(ApiResources.Pods, "b", Manifests.Pod("b"));
        var second = await watch.NextAsync();

        Assert.Equal(("ADDED", "Table", "a"), (first.Text("type"), first.Text("object", "kind"), first.Items("object", "rows").Single()["cells"]![0]!.GetValue<string>()));
        Assert.NotEmpty(first.Items("object", "columnDefinitions"));
        Assert.Empty(second.Items("object", "columnDefinitions"));
        Assert.Equal("b", second.Items("object", "rows").Single()["cells"]![0]!.GetValue<string>());
    }

    [Theory]
    [InlineData("/a", Metadata, "PartialObjectMetadata")]
    [InlineData("", MetadataList, "PartialObjectMetadataList")]
    public async Task Metadata_alone_can_be_had(string name, string accept, string kind)
    {
        var answer = (await _server.GetAsync(Manifests.Pods + name, accept)).Json();

        Assert.Equal(kind, answer.Text("kind"));
        var one = name.Length > 0 ? answer : answer.Items("items").Single();
        Assert.Equal("a", one.Text("metadata", "name"));
        Assert.Null(one.At("spec"));
    }

    [Theory]
    [InlineData("/a")]
    [InlineData("")]
    public async Task Built_in_kinds_can_be_had_in_protobuf(string name)
    {
        var answer = await _server.GetAsync(Manifests.Pods + name, Protobuf);

        Assert.Equal((200, "application/vnd.kubernetes.protobuf"), (answer.Status, answer.ContentType));
        Assert.Equal("k8s\0", Encoding.ASCII.GetString(answer.Bytes, 0, 4));
    }

    [Fact]
    public async Task Custom_resources_are_json_even_so()
    {
        Assert.Equal("application/json", (await _server.GetAsync("/apis/argoproj.io/v1alpha1/rollouts", Protobuf)).ContentType);
        await using var watch = _server.Watch("/apis/argoproj.io/v1alpha1/rollouts?watch=true", Protobuf);
        Assert.Equal("application/json", watch.Response.ContentType);
    }

    [Fact]
    public async Task What_nobody_can_give_is_refused_before_anything_is_done()
    {
        var answer = await _server.SendAsync("POST", Manifests.ConfigMaps, Manifests.ConfigMap("a"), accept: "text/html");

        Assert.Equal((406, "NotAcceptable"), (answer.Status, answer.Reason()));
        Assert.Null(_server.Find(ApiResources.ConfigMaps, "a"));
    }

    [Fact]
    public async Task Pretty_json_is_indented() => Assert.Contains("\n  \"kind\"", (await _server.GetAsync($"{Manifests.Pods}/a?pretty=true")).Text, StringComparison.Ordinal);
}
