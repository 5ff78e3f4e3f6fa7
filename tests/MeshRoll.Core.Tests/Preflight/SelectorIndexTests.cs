using FsCheck;
using FsCheck.Fluent;
using MeshRoll.Core.Preflight;

namespace MeshRoll.Core.Tests.Preflight;

/// <summary>The index finds what trying every selector finds, in the same order.</summary>
public sealed class SelectorIndexTests
{
    private static readonly Gen<string> Selector = Gen.Elements(
        "{}", "null", """{"matchLabels":{"app":"web"}}""", """{"matchLabels":{"app":"db"}}""", """{"matchLabels":{"tier":"x","app":"web"}}""",
        """{"matchExpressions":[{"key":"app","operator":"In","values":["web","db"]}]}""", """{"matchLabels":{"app":"web"},"matchExpressions":[{"key":"tier","operator":"DoesNotExist"}]}""");

    private static readonly Gen<Dictionary<string, string>> Labels =
        from app in Gen.Elements("web", "db", "")
        from tier in Gen.Elements("x", "y", "")
        select new[] { ("app", app), ("tier", tier) }.Where(label => label.Item2.Length > 0).ToDictionary(label => label.Item1, label => label.Item2);

    [Fact]
    public void The_index_finds_what_trying_each_finds() => Prop.ForAll((from selectors in Gen.ListOf(Selector) from labels in Labels select (selectors, labels)).ToArbitrary(), sample =>
    {
        var items = sample.selectors.Select((selector, i) => Subjects.Item($$"""{"metadata":{"name":"b{{i}}"},"spec":{"selector":{{selector}} } }""")).ToList();
        return SelectorIndex.Of(items).Selecting(sample.labels).Select(Name).SequenceEqual(items.Where(item => Selectors.Selects(item.At("spec", "selector"), sample.labels)).Select(Name));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void A_Service_selects_by_its_labels_and_one_without_a_selector_selects_nothing()
    {
        var index = SelectorIndex.OfServices(
        [
            Subjects.Item("""{"metadata":{"name":"web"},"spec":{"selector":{"app":"web"}}}"""), Subjects.Item("""{"metadata":{"name":"outside"},"spec":{}}"""),
            Subjects.Item("""{"metadata":{"name":"both"},"spec":{"selector":{"app":"web","tier":"x"}}}"""), Subjects.Item("""{"metadata":{"name":"empty"},"spec":{"selector":{}}}"""),
        ]);
        Assert.Equal(["web"], index.Selecting(new Dictionary<string, string> { ["app"] = "web" }).Select(Name));
        Assert.Equal(["web", "both"], index.Selecting(new Dictionary<string, string> { ["tier"] = "x", ["app"] = "web" }).Select(Name));
        Assert.Empty(index.Selecting(new Dictionary<string, string>()));
    }

    private static string Name(System.Text.Json.JsonElement item) => item.Text("metadata", "name")!;
}
