using MeshRoll.Core.Tests.Builders;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.Workloads;

public sealed class SelectorMatchTests
{
    [Theory]
    [InlineData("In", "a", true)]
    [InlineData("In", "c", false)]
    [InlineData("In", null, false)]
    [InlineData("NotIn", "a", false)]
    [InlineData("NotIn", "c", true)]
    [InlineData("NotIn", null, true)]
    [InlineData("Exists", "a", true)]
    [InlineData("Exists", null, false)]
    [InlineData("DoesNotExist", "a", false)]
    [InlineData("DoesNotExist", null, true)]
    [InlineData("Near", "a", false)]
    public void Each_operator_holds_as_the_server_has_it(string operation, string? value, bool holds) => Assert.Equal(holds,
        SelectorMatch.Selects(new() { MatchExpressions = [new() { Key = "tier", Operator = operation, Values = ["a", "b"] }] }, value is null ? Mesh.Map() : Mesh.Map($"tier={value}")));

    [Theory]
    [InlineData("app=web", true)]
    [InlineData("app=db", false)]
    [InlineData("team=a", false)]
    public void All_of_it_must_hold(string label, bool holds)
    {
        var selector = new LabelSelector { MatchLabels = Mesh.Map("app=web"), MatchExpressions = [new() { Key = "app", Operator = "Exists" }] };

        Assert.Equal(holds, SelectorMatch.Selects(selector, Mesh.Map(label)));
        Assert.False(SelectorMatch.Selects(selector with { MatchExpressions = [new() { Key = "canary", Operator = "Exists" }] }, Mesh.Map(label)));
    }

    [Fact]
    public void No_selector_selects_everything() => Assert.True(SelectorMatch.Selects(null, Mesh.Map("app=web")));
}
