using MeshRoll.Core.Workloads;

namespace MeshRoll.Core.Tests.Workloads;

public sealed class WorkloadNameTests
{
    [Theory]
    [InlineData("web", null, "web", true)]
    [InlineData("web*", null, "web*", false)]
    [InlineData(" web ", null, "web", true)]
    [InlineData("deploy/web", "Deployment", "web", true)]
    [InlineData("deployment/web", "Deployment", "web", true)]
    [InlineData("Deployments/web", "Deployment", "web", true)]
    [InlineData("deployment.apps/web", "Deployment", "web", true)]
    [InlineData("deployments.v1.apps/web", "Deployment", "web", true)]
    [InlineData("sts/db-*", "StatefulSet", "db-*", false)]
    [InlineData("statefulset/db", "StatefulSet", "db", true)]
    [InlineData("ds", "DaemonSet", "*", false)]
    [InlineData("daemonsets.apps", "DaemonSet", "*", false)]
    [InlineData("ro/web", "Rollout", "web", true)]
    [InlineData("rollout/x", "Rollout", "x", true)]
    [InlineData("rollouts.argoproj.io/x", "Rollout", "x", true)]
    [InlineData("deploy/deploy", "Deployment", "deploy", true)]
    [InlineData("web[a-c]?", null, "web[a-c]?", false)]
    [InlineData("web.v1", null, "web.v1", true)]
    public void A_name_is_read_as_kubectl_users_type_it(string text, string? kind, string pattern, bool literal)
    {
        var name = WorkloadName.Parse(text);

        Assert.Equal((kind, pattern, literal), (name.Kind, name.Pattern.Text, name.IsLiteral));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("deploy/")]
    [InlineData("pod/web")]
    [InlineData("deployment.batch/web")]
    [InlineData("deploy/web/more")]
    [InlineData("web_1")]
    [InlineData("web api")]
    public void What_is_no_name_is_refused_with_the_kinds_there_are(string text)
    {
        var error = Assert.Throws<InvalidRequestException>(() => WorkloadName.Parse(text));

        Assert.Equal("MeshRoll.NameInvalid", error.Id);
        Assert.Contains("statefulset (sts)", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("web", "Deployment", "web", true)]
    [InlineData("WEB", "Job", "web", true)]
    [InlineData("deploy/web", "StatefulSet", "web", false)]
    [InlineData("deploy/w*", "Deployment", "web", true)]
    [InlineData("ds", "DaemonSet", "log", true)]
    [InlineData("ds", "Deployment", "log", false)]
    public void A_name_means_workloads(string text, string kind, string name, bool match) =>
        Assert.Equal(match, WorkloadName.Parse(text).IsMatch(new("shop", kind, name)));

    [Fact]
    public void Kinds_are_read_by_any_of_their_names() => Assert.Equal(["Deployment", "StatefulSet"], WorkloadName.ParseKinds(["deploy", "sts", "Deployment"]));

    [Fact]
    public void An_unknown_kind_is_refused() => Assert.Equal("MeshRoll.NameInvalid", Assert.Throws<InvalidRequestException>(() => WorkloadName.ParseKinds(["job"])).Id);

    [Fact]
    public void A_name_prints_as_it_is_typed()
    {
        Assert.Equal("deployment/web", WorkloadName.Parse("deploy/web").ToString());
        Assert.Equal("web*", WorkloadName.Parse("web*").ToString());
    }

    [Theory]
    [InlineData("*", "", true)]
    [InlineData("*", "web", true)]
    [InlineData("web", "web", true)]
    [InlineData("web", "webb", false)]
    [InlineData("w*b", "wb", true)]
    [InlineData("w*b", "weeeb", true)]
    [InlineData("w*b*", "web-1", true)]
    [InlineData("*-api", "web-api", true)]
    [InlineData("*-api", "web-api-2", false)]
    [InlineData("*a*b", "aab", true)]
    [InlineData("w?b", "web", true)]
    [InlineData("w?b", "wb", false)]
    [InlineData("web-[a-c]", "web-b", true)]
    [InlineData("web-[a-c]", "web-d", false)]
    [InlineData("web-[ax]", "web-x", true)]
    [InlineData("web-[ax]", "web-b", false)]
    [InlineData("web-[A-C]", "web-b", true)]
    [InlineData("web-[", "web-[", true)]
    [InlineData("web-`*", "web-*", true)]
    [InlineData("web-`*", "web-1", false)]
    [InlineData("WEB*", "web-1", true)]
    [InlineData("a*", "b", false)]
    [InlineData("a", "", false)]
    public void Wildcards_are_PowerShells(string pattern, string name, bool match) => Assert.Equal(match, new NamePattern(pattern).IsMatch(name));

    [Theory]
    [InlineData("web", true)]
    [InlineData("WEB", true)]
    [InlineData("deploy/web", true)]
    [InlineData("sts/web", false)]
    [InlineData("web*", false)]
    [InlineData("deploy", false)]
    [InlineData("*", false)]
    [InlineData("cart,web", true)]
    [InlineData("", false)]
    public void Only_a_name_without_wildcards_names_a_very_workload(string names, bool isNamed) =>
        Assert.Equal(isNamed, WorkloadName.AreNaming(new("shop", "Deployment", "web"), names.Split(',', StringSplitOptions.RemoveEmptyEntries)));

    [Fact]
    public void A_pattern_knows_whether_it_is_a_name()
    {
        Assert.Equal("web*", new NamePattern("web`*").Literal);
        Assert.Null(new NamePattern("web*").Literal);
        Assert.True(NamePattern.HasWildcards("w?b"));
        Assert.False(NamePattern.HasWildcards("web"));
    }

    [Theory]
    [InlineData("wbe", "web")]
    [InlineData("WEB", "web")]
    [InlineData("payments", "payment,payments-api")]
    [InlineData("zzz", "")]
    [InlineData("orders-v2", "orders")]
    [InlineData("or", "")]
    public void Names_that_resemble_are_found(string wanted, string near) =>
        Assert.Equal(near, string.Join(",", NearMatches.Find(wanted, ["web", "payments-api", "payment", "orders"])));

    [Fact]
    public void Near_names_make_a_question()
    {
        Assert.Equal("", NearMatches.Sentence("zzz", ["web"]));
        Assert.Equal(" Did you mean web?", NearMatches.Sentence("wep", ["web"]));
        Assert.Equal(" Did you mean web, wed or wet?", NearMatches.Sentence("wex", ["web", "wed", "wet"]));
    }
}
