using MeshRoll.Kubernetes.Api;

namespace MeshRoll.Kubernetes.Tests.Api;

public sealed class LabelSelectorSyntaxTests
{
    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("app")]
    [InlineData("!app")]
    [InlineData("! app")]
    [InlineData("app=web")]
    [InlineData("app=")]
    [InlineData("app == web , tier != front")]
    [InlineData("app in (a,b),x notin ( c )")]
    [InlineData("app in (,)")]
    [InlineData("istio.io/rev=1-11-8,!istio-injection")]
    [InlineData("cores>4,cores<10")]
    [InlineData("in in (in)")]
    public void Right_selectors_pass(string selector) => Assert.Null(LabelSelectorSyntax.Validate(selector));

    [Theory]
    [InlineData("a=b=c", "=c")]
    [InlineData(",", "a key is missing")]
    [InlineData("app,", "a key is missing")]
    [InlineData("=web", "a key is missing")]
    [InlineData("app in (a", "does not end")]
    [InlineData("app in a", "brackets")]
    [InlineData("app on (a)", "not \"on\"")]
    [InlineData("app(a)", "not \"(a)\"")]
    [InlineData("-app", "label key")]
    [InlineData("app=we$b", "label value")]
    [InlineData("A/b/c=d", "no DNS name")]
    [InlineData("a/b/c=d", "label key")]
    [InlineData("cores>many", "whole number")]
    [InlineData("cores<-3", "label value")]
    [InlineData("a b", "not \"b\"")]
    [InlineData("a1234567890123456789012345678901234567890123456789012345678901234", "label key")]
    public void Wrong_selectors_are_explained(string selector, string part)
    {
        var sentence = LabelSelectorSyntax.Validate(selector);

        Assert.Contains(part, sentence, StringComparison.Ordinal);
        Assert.Contains($"\"{selector}\"", sentence, StringComparison.Ordinal);
    }
}
