using MeshRoll.Core.Workloads;

namespace MeshRoll.Core.Tests.Workloads;

public sealed class LabelSelectorSyntaxTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("app")]
    [InlineData("!app")]
    [InlineData("app=web")]
    [InlineData("app==web")]
    [InlineData("app!=web")]
    [InlineData("app=")]
    [InlineData("app = web , tier = front")]
    [InlineData("tier in (front,back),app=web")]
    [InlineData("tier notin (front, )")]
    [InlineData("weight>3")]
    [InlineData("weight<3")]
    [InlineData("app.kubernetes.io/name=web_1.2-x")]
    public void A_selector_that_kubectl_takes_passes(string? selector) => LabelSelectorSyntax.Check(selector);

    [Theory]
    [InlineData(",")]
    [InlineData("app=web,")]
    [InlineData("=web")]
    [InlineData("app=web=x")]
    [InlineData("app!web")]
    [InlineData("app!")]
    [InlineData("weight>=3")]
    [InlineData("!")]
    [InlineData("app web")]
    [InlineData("app=we b")]
    [InlineData("-app=web")]
    [InlineData("app=-web")]
    [InlineData("app/=web")]
    [InlineData("/app=web")]
    [InlineData("Upper.case/app=web")]
    [InlineData("bad-/app=web")]
    [InlineData("tier in (front")]
    [InlineData("tier in front,back)")]
    [InlineData("tier among (front)")]
    [InlineData("tier in (fr ont)")]
    [InlineData("in (front)")]
    [InlineData("weight>heavy")]
    [InlineData("weight<-3")]
    [InlineData("a23456789012345678901234567890123456789012345678901234567890123456789=x")]
    public void A_selector_that_does_not_parse_is_refused_before_anything_is_asked(string selector)
    {
        var error = Assert.Throws<InvalidRequestException>(() => LabelSelectorSyntax.Check(selector));

        Assert.Equal("MeshRoll.SelectorInvalid", error.Id);
        Assert.Contains(selector, error.Message, StringComparison.Ordinal);
    }
}
