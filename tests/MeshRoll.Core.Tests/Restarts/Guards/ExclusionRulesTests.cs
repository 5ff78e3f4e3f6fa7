using MeshRoll.Core.Restarts.Guards;
using MeshRoll.Core.Tests.Rollouts;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.Restarts.Guards;

public sealed class ExclusionRulesTests
{
    private static readonly WorkloadReference Web = new("shop", "Deployment", "web");

    [Theory]
    [InlineData("web", "excluded by web")]
    [InlineData("WEB", "excluded by WEB")]
    [InlineData("w*", "excluded by w*")]
    [InlineData("deploy/web", "excluded by deployment/web")]
    [InlineData("deploy", "excluded by deployment/*")]
    [InlineData("sts/web", null)]
    [InlineData("we", null)]
    [InlineData("cart", null)]
    public void The_list_takes_names_as_selections_do(string exclude, string? because) =>
        Assert.Equal(because, ExclusionRules.Listed(Web, [WorkloadName.Parse(exclude)]));

    [Fact]
    public void An_empty_list_excludes_nothing() => Assert.Null(ExclusionRules.Listed(Web, []));

    [Theory]
    // The workload's own word, the namespace's word, whether it was named, and what is said.
    [InlineData(null, null, false, null)]
    [InlineData(null, null, true, null)]
    [InlineData("never", null, false, "it has the annotation meshroll.io/restart: never")]
    [InlineData("never", null, true, "it has the annotation meshroll.io/restart: never")]
    [InlineData(" Never ", null, true, "it has the annotation meshroll.io/restart: never")]
    [InlineData("manual", null, false, "it has the annotation meshroll.io/restart: manual; name it without wildcards to restart it")]
    [InlineData("manual", null, true, null)]
    [InlineData(null, "never", true, "namespace shop has the annotation meshroll.io/restart: never")]
    [InlineData(null, "manual", false, "namespace shop has the annotation meshroll.io/restart: manual; name it without wildcards to restart it")]
    [InlineData(null, "manual", true, null)]
    [InlineData("manual", "never", true, "namespace shop has the annotation meshroll.io/restart: never")]
    [InlineData("never", "manual", true, "it has the annotation meshroll.io/restart: never")]
    [InlineData("manual", "manual", false, "it has the annotation meshroll.io/restart: manual; name it without wildcards to restart it")]
    [InlineData("nope", null, true, "it has the annotation meshroll.io/restart: \"nope\", which is neither never nor manual and is taken as never")]
    [InlineData("", null, true, "it has the annotation meshroll.io/restart: \"\", which is neither never nor manual and is taken as never")]
    [InlineData("true", "manual", true, "it has the annotation meshroll.io/restart: \"true\", which is neither never nor manual and is taken as never")]
    [InlineData(null, "ne\nver", false, "namespace shop has the annotation meshroll.io/restart: \"ne ver\", which is neither never nor manual and is taken as never")]
    public void The_stricter_word_counts_and_never_holds_whoever_asks(string? own, string? shared, bool isNamed, string? because) =>
        Assert.Equal(because, ExclusionRules.Annotated(Web, Workload(own), Shop(shared), isNamed));

    [Fact]
    public void The_reason_of_the_word_that_decides_is_told_on_one_line()
    {
        Assert.Equal("it has the annotation meshroll.io/restart: never: takes 40 min to warm up, ask Ada",
            ExclusionRules.Annotated(Web, Workload("never", " takes 40 min\nto warm up, ask Ada. "), Shop("manual", "month's end"), isNamed: false));
        Assert.Equal("namespace shop has the annotation meshroll.io/restart: never: month's end",
            ExclusionRules.Annotated(Web, Workload("manual", "slow"), Shop("never", "month's end"), isNamed: true));
    }

    [Fact]
    public void A_namespace_that_cannot_be_read_says_nothing() =>
        Assert.Null(ExclusionRules.Annotated(Web, Workload(null), null, isNamed: false));

    [Fact]
    public void Namespaces_that_cannot_be_read_are_told_of()
    {
        Assert.Empty(ExclusionRules.Unseen(new()));
        Assert.Equal(["Namespaces cannot be read (no right to get namespaces): an annotation meshroll.io/restart on one is not seen; those on workloads are."],
            ExclusionRules.Unseen(new() { Problem = "no right to get namespaces" }));
    }

    [Fact]
    public void A_word_of_any_length_makes_a_short_sentence()
    {
        var because = ExclusionRules.Annotated(Web, Workload(new string('x', 5000), new string('y', 5000)), null, isNamed: true)!;

        Assert.InRange(because.Length, 100, 500);
    }

    private static Deployment Workload(string? word, string? reason = null)
    {
        var deployment = Some.Deployment();
        return deployment with { Metadata = deployment.Metadata with { Annotations = Annotations(word, reason) } };
    }

    private static Namespace Shop(string? word, string? reason = null) => new() { Metadata = new() { Name = "shop", Annotations = Annotations(word, reason) } };

    private static Dictionary<string, string> Annotations(string? word, string? reason)
    {
        var annotations = new Dictionary<string, string> { ["team"] = "shop" };
        if (word is not null) annotations["meshroll.io/restart"] = word;
        if (reason is not null) annotations["meshroll.io/restart-reason"] = reason;
        return annotations;
    }
}
