using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Tests.Objects;

/// <summary>The ways through an object's JSON, which are the same through a tree that may be changed and through a document.</summary>
public sealed class JsonAccessTests
{
    [Theory]
    [InlineData("""{"list":[{"n":1},{"n":2}]}""", "1 2")]
    [InlineData("""{"list":[]}""", "")]
    [InlineData("""{"list":{"n":1}}""", "")]
    [InlineData("""{"list":null}""", "")]
    [InlineData("{}", "")]
    public void Lists_are_gone_through_in_their_order(string json, string expected)
    {
        var (node, element) = (JsonNode.Parse(json), Element(json));

        Assert.Equal(expected, string.Join(' ', node.Items("list").Select(item => item.Number("n"))));
        Assert.Equal(expected, string.Join(' ', element.Items("list").Select(item => item.Number("n"))));
        Assert.Equal(expected, string.Join(' ', element.Items("list").Where(item => item.Number("n") is not null).Select(item => item.Number("n"))));
        var (nodes, elements) = (new List<long?>(), new List<long?>());
        foreach (var item in node.Items("list")) nodes.Add(item.Number("n"));
        foreach (var item in element.Items("list")) elements.Add(item.Number("n"));
        Assert.Equal(expected, string.Join(' ', nodes));
        Assert.Equal(nodes, elements);
    }

    [Fact]
    public void In_a_list_of_objects_what_is_none_is_passed_over() =>
        Assert.Equal([1L, 2L], JsonNode.Parse("""{"list":[{"n":1},"text",null,[{"n":3}],{"n":2}]}""").Items("list").Select(item => item.Number("n") ?? 0));

    [Theory]
    [InlineData("\"2026-01-02T03:04:05Z\"", "2026-01-02T03:04:05.0000000+00:00")]
    [InlineData("\"2026-01-02T05:04:05+02:00\"", "2026-01-02T03:04:05.0000000+00:00")]
    [InlineData("\"2026-01-02T03:04:05.123456Z\"", "2026-01-02T03:04:05.1234560+00:00")]
    [InlineData("\"2026-01-02 03:04:05\"", "2026-01-02T03:04:05.0000000+00:00")]
    [InlineData("\"soon\"", null)]
    [InlineData("\"\"", null)]
    [InlineData("1767323045", null)]
    [InlineData("null", null)]
    public void Times_are_read_alike(string json, string? expected)
    {
        json = $$"""{"time":{{json}}}""";

        Assert.Equal(expected, Element(json).Time("time")?.ToString("o"));
        Assert.Equal(expected, JsonNode.Parse(json).Time("time")?.ToString("o"));
        Assert.Null(Element(json).Time("other"));
    }

    [Fact]
    public void Only_what_is_missing_is_filled_in()
    {
        var json = JsonNode.Parse("""{"text":"own","number":7,"truth":false,"empty":null}""")!.AsObject();
        json.Fill("text", "default");
        json.Fill("number", 1);
        json.Fill("truth", true);
        json.Fill("empty", "filled");
        json.Fill("more", 2);
        json.Fill("and", true);

        Assert.Equal("""{"text":"own","number":7,"truth":false,"empty":"filled","more":2,"and":true}""", json.ToJsonString());
    }

    private static JsonElement Element(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
