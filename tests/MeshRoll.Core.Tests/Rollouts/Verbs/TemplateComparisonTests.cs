using System.Text.Json;
using MeshRoll.Core.Rollouts.Verbs;

namespace MeshRoll.Core.Tests.Rollouts.Verbs;

public class TemplateComparisonTests
{
    [Theory]
    [InlineData("""{"spec":{"a":1,"b":"x"}}""", """{"spec":{"b":"x","a":1}}""")]
    [InlineData("""{"metadata":{"creationTimestamp":null}}""", """{"metadata":{}}""")]
    [InlineData("""{"metadata":{"labels":{"app":"web","pod-template-hash":"h"}}}""", """{"metadata":{"labels":{"app":"web"}}}""")]
    [InlineData("""{"metadata":{"labels":{"pod-template-hash":"h"}}}""", """{"metadata":{}}""")]
    [InlineData("""{"metadata":{"labels":{"rollouts-pod-template-hash":"h"},"annotations":{}}}""", """{"metadata":{"labels":{}}}""")]
    [InlineData("""{"$patch":"replace","spec":{}}""", """{"spec":{}}""")]
    [InlineData("""{"spec":{"tolerations":[]}}""", """{"spec":{}}""")]
    [InlineData("""{"spec":{"n":1.0}}""", """{"spec":{"n":1}}""")]
    [InlineData("""{"spec":{"s":"\u00fc"}}""", """{"spec":{"s":"ü"}}""")]
    public void Templates_that_mean_the_same_are_the_same(string one, string other)
    {
        Assert.True(TemplateComparison.AreSame(Json(one), Json(other)));
        Assert.True(TemplateComparison.AreSame(Json(other), Json(one)));
    }

    [Theory]
    [InlineData("""{"spec":{"image":"a:1"}}""", """{"spec":{"image":"a:2"}}""")]
    [InlineData("""{"spec":{"a":1}}""", """{"spec":{"a":"1"}}""")]
    [InlineData("""{"spec":{"a":1}}""", """{"spec":{"a":1,"b":2}}""")]
    [InlineData("""{"spec":{"list":["a","b"]}}""", """{"spec":{"list":["b","a"]}}""")]
    [InlineData("""{"spec":{"list":["a"]}}""", """{"spec":{"list":["a","a"]}}""")]
    [InlineData("""{"spec":{"volumes":[{"emptyDir":{}}]}}""", """{"spec":{"volumes":[{}]}}""")]
    [InlineData("""{"spec":{"on":true}}""", """{"spec":{"on":false}}""")]
    [InlineData("""{"spec":{"affinity":{"matchLabels":{"pod-template-hash":"h"}}}}""", """{"spec":{"affinity":{"matchLabels":{"pod-template-hash":"i"}}}}""")]
    [InlineData("""{"metadata":{"annotations":{"kubectl.kubernetes.io/restartedAt":"1"}}}""", """{"metadata":{}}""")]
    public void Templates_that_differ_are_told_apart(string one, string other)
    {
        Assert.False(TemplateComparison.AreSame(Json(one), Json(other)));
        Assert.False(TemplateComparison.AreSame(Json(other), Json(one)));
    }

    [Fact]
    public void The_time_of_a_restart_can_be_left_out()
    {
        var (before, after) = (Whole.Element(Whole.Template()), Whole.Element(Whole.Template(restartedAt: "2026-03-01T10:00:00Z")));
        Assert.True(TemplateComparison.AreSameButForRestart(before, after));
        Assert.False(TemplateComparison.AreSame(before, after));
        Assert.False(TemplateComparison.AreSameButForRestart(before, Whole.Element(Whole.Template("app:2", "2026-03-01T10:00:00Z"))));
    }

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
