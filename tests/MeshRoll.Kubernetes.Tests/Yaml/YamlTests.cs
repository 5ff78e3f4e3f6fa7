using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Kubernetes.Yaml;

namespace MeshRoll.Kubernetes.Tests.Yaml;

public sealed class YamlTests
{
    [Theory]
    [InlineData("yes")]
    [InlineData("no")]
    [InlineData("on")]
    [InlineData("y")]
    [InlineData("true")]
    [InlineData("null")]
    [InlineData("~")]
    [InlineData("")]
    [InlineData("1.10")]
    [InlineData("0x1f")]
    [InlineData("1e3")]
    [InlineData("2026-01-02")]
    [InlineData("1-27-1")]
    [InlineData("12:30:45")]
    [InlineData(" leading and trailing ")]
    [InlineData("two\nlines\n")]
    [InlineData("a: b # c")]
    [InlineData("*alias")]
    [InlineData("quotes ' and \"")]
    [InlineData("umlaut ü and 漢字")]
    [InlineData("tab\tand \u0001")]
    [InlineData("a very long text that an emitter would like to fold because it is longer than the eighty characters of a line of old")]
    public void A_text_stays_that_text(string text)
    {
        JsonObject value = new() { ["value"] = text, [text.Length == 0 ? "empty" : text] = 1 };
        var read = Assert.Single(YamlReader.Read(YamlWriter.Write(JsonSerializer.SerializeToElement(value)))).Root;
        Assert.True(JsonNode.DeepEquals(value, read), read.ToJsonString());
    }

    [Fact]
    public void Numbers_flags_lists_maps_and_nothing_keep_their_kind_and_order()
    {
        const string Json = """{"z":1,"a":-2.5,"flag":true,"none":null,"list":[1,"1",[],{}],"map":{"k":{"deep":[{"x":"y"}]}},"big":9007199254740993}""";
        var yaml = YamlWriter.Write(JsonDocument.Parse(Json).RootElement);
        Assert.Equal(Json, Assert.Single(YamlReader.Read(yaml)).Root.ToJsonString());
        Assert.StartsWith("z: 1\na: -2.5\nflag: true\nnone: null\nlist:\n- 1\n- \"1\"\n- []\n- {}\nmap:\n", yaml, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_are_known_by_pointer()
    {
        var documents = YamlReader.Read("# head\n---\na: 1\n---\nb:\n  c/d:\n  - x\n  - y\n");
        Assert.Equal([3, 5], documents.Select(document => document.Line));
        Assert.Equal((8, 7, 5), (documents[1].LineOf("/b/c~1d/1"), documents[1].LineOf("/b/c~1d/0/nothing"), documents[1].LineOf("")));
    }

    [Theory]
    [InlineData("a: [1", 1)]
    [InlineData("a: 1\nb: {", 2)]
    [InlineData("a: 1\n\tb: 2", 2)]
    [InlineData("a: 'unfinished", 1)]
    [InlineData("a: 1\na: 2", 2)]
    [InlineData("a: &x 1", 1)]
    [InlineData("<<: {a: 1}", 1)]
    [InlineData("- 1", 1)]
    public void What_is_no_object_in_YAML_is_refused_with_its_line(string text, int line) => Assert.Equal(line, Assert.Throws<YamlProblemException>(() => YamlReader.Read(text)).Line);

    [Fact]
    public void JSON_is_YAML_too() => Assert.Equal("""{"a":[1,{"b":"c"}]}""", Assert.Single(YamlReader.Read("""{"a":[1,{"b":"c"}]}""")).Root.ToJsonString());
}
