using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Selecting;

namespace MeshRoll.Sandbox.Tests.Selecting;

public sealed class LabelSelectorTests
{
    private const string NameRule =
        "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character " +
        "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

    private const string ValueRule =
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character " +
        "(e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

    private const string DomainRule =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character " +
        @"(e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

    [Theory]
    [InlineData("", "", true)]
    [InlineData("  ", "app=web", true)]
    [InlineData("app=web", "app=web", true)]
    [InlineData("app=web", "app=shop", false)]
    [InlineData("app=web", "", false)]
    [InlineData("app==web", "app=web", true)]
    [InlineData("app!=web", "app=web", false)]
    [InlineData("app!=web", "app=shop", true)]
    [InlineData("app!=web", "", true)]
    [InlineData(" app = web , tier=front ", "app=web tier=front", true)]
    [InlineData("app=web,tier=front", "app=web", false)]
    [InlineData("app=", "app=", true)]
    [InlineData("app=,x", "app= x=1", true)]
    [InlineData("app in (web,shop)", "app=shop", true)]
    [InlineData("app in(web , shop)", "app=x", false)]
    [InlineData("app in (web)", "", false)]
    [InlineData("app in ()", "app=", true)]
    [InlineData("app in (,a)", "app=", true)]
    [InlineData("app in (a,)", "app=", true)]
    [InlineData("app in (a,,b)", "app=b", true)]
    [InlineData("app notin (web,shop)", "app=shop", false)]
    [InlineData("app notin (web,shop)", "app=x", true)]
    [InlineData("app notin (web,shop)", "", true)]
    [InlineData("app", "app=x", true)]
    [InlineData("app", "", false)]
    [InlineData("!app", "", true)]
    [InlineData("! app", "app=x", false)]
    [InlineData("size>10", "size=11", true)]
    [InlineData("size>10", "size=10", false)]
    [InlineData("size>10", "size=big", false)]
    [InlineData("size>10", "", false)]
    [InlineData("size<10", "size=9", true)]
    [InlineData("size<10", "size=10", false)]
    [InlineData("in=notin", "in=notin", true)]
    [InlineData("in in (in)", "in=in", true)]
    [InlineData("istio.io/rev=1-27-1", "istio.io/rev=1-27-1", true)]
    public void A_query_selects_by_labels(string selector, string labels, bool expected)
    {
        var map = labels.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToDictionary(label => label.Split('=')[0], label => label.Split('=')[1]);
        var parsed = LabelSelector.Parse(selector);
        var asJson = new JsonObject(map.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value)));

        Assert.Equal(expected, parsed.Matches(map));
        Assert.Equal(expected, parsed.Matches(asJson));
        Assert.Equal(expected, parsed.Matches(JsonSerializer.SerializeToElement(asJson)));
    }

    [Theory]
    [InlineData("app=a=b", "found '=', expected: ',' or 'end of string'")]
    [InlineData("app web", "unable to parse requirement: found 'web', expected: in, notin, =, ==, !=, gt, lt")]
    [InlineData("app(", "unable to parse requirement: found '(', expected: in, notin, =, ==, !=, gt, lt")]
    [InlineData("app=!", "unable to parse requirement: found '!', expected: identifier")]
    [InlineData("!", "unable to parse requirement: found '', expected: identifier")]
    [InlineData("!app=web", "found '=', expected: ',' or 'end of string'")]
    [InlineData("=web", "found '=', expected: !, identifier, or 'end of string'")]
    [InlineData("app,", "found '', expected: identifier after ','")]
    [InlineData("app,,x", "found ',', expected: identifier after ','")]
    [InlineData("app in web", "unable to parse requirement: found 'web' expected: '('")]
    [InlineData("app in (web", "unable to parse requirement: found '', expected: ',' or ')'")]
    [InlineData("app in (web shop)", "unable to parse requirement: found 'shop', expected: ',' or ')'")]
    [InlineData("app in (=", "unable to parse requirement: found '=', expected: ',', ')' or identifier")]
    [InlineData("app in (web,=", "unable to parse requirement: found '=', expected: ',', or identifier")]
    [InlineData("app in (web,", "unable to parse requirement: found '', expected: ',', or identifier")]
    [InlineData("-app=x", "unable to parse requirement: <nil>: Invalid value: \"-app\": name part " + NameRule)]
    [InlineData("/app=x", "unable to parse requirement: <nil>: Invalid value: \"/app\": prefix part must be non-empty")]
    [InlineData("a/=x", "unable to parse requirement: <nil>: Invalid value: \"a/\": name part must be non-empty; name part " + NameRule)]
    [InlineData("A/b=x", "unable to parse requirement: <nil>: Invalid value: \"A/b\": prefix part " + DomainRule)]
    [InlineData("a/b/c=x", "unable to parse requirement: <nil>: Invalid value: \"a/b/c\": a qualified name " + NameRule + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')")]
    [InlineData("app=-x", "unable to parse requirement: values[0][app]: Invalid value: \"-x\": " + ValueRule)]
    [InlineData("app in (-x,-y)", "unable to parse requirement: [values[0][app]: Invalid value: \"-x\": " + ValueRule + ", values[1][app]: Invalid value: \"-y\": " + ValueRule + "]")]
    [InlineData("size>big", "unable to parse requirement: values[0]: Invalid value: \"big\": for 'Gt', 'Lt' operators, the value must be an integer")]
    [InlineData("size>", "unable to parse requirement: values[0]: Invalid value: \"\": for 'Gt', 'Lt' operators, the value must be an integer")]
    public void A_wrong_query_says_what_the_server_says(string selector, string message) =>
        Assert.Equal(message, Assert.Throws<SelectorException>(() => LabelSelector.Parse(selector)).Message);

    [Fact]
    public void What_is_too_long_is_wrong()
    {
        var (name, domain) = (new string('a', 64), new string('a', 254));

        Assert.Equal("name part must be no more than 63 characters", Assert.Single(LabelSyntax.KeyErrors(name)));
        Assert.Equal("prefix part must be no more than 253 characters", Assert.Single(LabelSyntax.KeyErrors($"{domain}/x")));
        Assert.Equal("must be no more than 63 characters", Assert.Single(LabelSyntax.ValueErrors(name)));
    }

    [Theory]
    [InlineData("{}", "")]
    [InlineData("""{"matchLabels":{"b":"2","a":"1"}}""", "a=1,b=2")]
    [InlineData("""{"matchExpressions":[{"key":"a","operator":"In","values":["y","x","x"]}]}""", "a in (x,y)")]
    [InlineData("""{"matchExpressions":[{"key":"a","operator":"NotIn","values":["x"]},{"key":"b","operator":"Exists"},{"key":"c","operator":"DoesNotExist"}]}""", "a notin (x),b,!c")]
    public void An_objects_selector_is_read(string selector, string expected) => Assert.Equal(expected, LabelSelector.From(JsonNode.Parse(selector)!.AsObject()).ToString());

    [Fact]
    public void No_selector_selects_nothing_and_an_empty_one_everything()
    {
        Assert.False(LabelSelector.From(null).Matches(new Dictionary<string, string> { ["a"] = "1" }));
        Assert.False(LabelSelector.From(null).Matches((JsonObject?)null));
        Assert.False(LabelSelector.From(null).Matches(default(JsonElement)));
        Assert.True(LabelSelector.From(null).IsNothing);
        Assert.False(LabelSelector.From(null).IsEverything);
        Assert.True(LabelSelector.From([]).Matches((JsonObject?)null));
        Assert.True(LabelSelector.From([]).IsEverything);
    }

    [Theory]
    [InlineData("a==b", "a==b")]
    [InlineData("b,a!=c,d>1,e<2", "a!=c,b,d>1,e<2")]
    public void A_query_is_written_back_by_key(string selector, string expected)
    {
        Assert.Equal(expected, LabelSelector.Parse(selector).ToString());
        Assert.NotEmpty(LabelSelector.Parse(selector).Requirements);
    }

    [Fact]
    public void A_plain_map_asks_for_all_its_labels()
    {
        var selector = LabelSelector.FromMap(new() { ["a"] = "1", ["b"] = "2" });

        Assert.True(selector.Matches(new JsonObject { ["a"] = "1", ["b"] = "2", ["c"] = "3" }));
        Assert.False(selector.Matches(new JsonObject { ["a"] = "1" }));
        Assert.True(LabelSelector.FromMap(null).IsEverything);
        Assert.True(LabelSelector.FromMap([]).IsEverything);
    }

    [Theory]
    [InlineData("""{"matchExpressions":[{"key":"a","operator":"Gt","values":["1"]}]}""", "\"Gt\" is not a valid label selector operator")]
    [InlineData("""{"matchExpressions":[{"key":"a"}]}""", "\"\" is not a valid label selector operator")]
    [InlineData("""{"matchExpressions":[{"key":"a","operator":"In"}]}""", "values: Invalid value: []string{}: for 'in', 'notin' operators, values set can't be empty")]
    [InlineData("""{"matchExpressions":[{"key":"a","operator":"Exists","values":["x"]}]}""", "values: Invalid value: []string{\"x\"}: values set must be empty for exists and does not exist")]
    [InlineData("""{"matchLabels":{"a b":"x"}}""", "key: Invalid value: \"a b\": name part " + NameRule)]
    public void A_wrong_selector_in_an_object_says_what_the_server_says(string selector, string message) =>
        Assert.Equal(message, Assert.Throws<SelectorException>(() => LabelSelector.From(JsonNode.Parse(selector)!.AsObject())).Message);
}
