using MeshRoll.Core.Tests.Builders;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.Workloads;

public class WorkloadNamesTests
{
    private readonly SnapshotApiServer _server = new SnapshotApiServer()
        .With(Resources.Deployments, new Deployment { Metadata = Named("web") }, new Deployment { Metadata = Named("cart") })
        .With(Resources.StatefulSets, new StatefulSet { Metadata = Named("web") })
        .With(Resources.DaemonSets, new DaemonSet { Metadata = Named("agent") });

    [Theory]
    [InlineData("web", "deployment/web, statefulset/web")]
    [InlineData("sts/web", "statefulset/web")]
    [InlineData("AGENT", "daemonset/agent")]
    public async Task A_name_without_its_kind_is_found_whatever_it_is(string name, string expected)
    {
        await using var session = _server.Session();
        var names = await WorkloadNames.ReadAsync(session, "shop", TestContext.Current.CancellationToken);
        Assert.Equal(expected, string.Join(", ", names.Find(WorkloadName.Parse(name)).Select(workload => workload.ShortName)));
    }

    [Fact]
    public async Task A_wrong_name_is_answered_with_what_resembles_it()
    {
        await using var session = _server.Session();
        var names = await WorkloadNames.ReadAsync(session, "shop", TestContext.Current.CancellationToken);
        Assert.Equal("There is no workload 'crat' in namespace shop. Did you mean cart?", Assert.Throws<NotFoundException>(() => names.Find(WorkloadName.Parse("crat"))).Message);
    }

    [Fact]
    public async Task A_kind_that_may_not_be_read_matters_only_to_whom_it_might_have_answered()
    {
        _server.Refuse("/apis/apps/v1/namespaces/shop/statefulsets");
        await using var session = _server.Session();
        var names = await WorkloadNames.ReadAsync(session, "shop", TestContext.Current.CancellationToken);
        Assert.Equal("Deployment", Assert.Single(names.Find(WorkloadName.Parse("web"))).Kind);
        Assert.Equal("MeshRoll.Forbidden", Assert.Throws<ApiException>(() => names.Find(WorkloadName.Parse("db"))).Id);
    }

    private static ObjectMeta Named(string name) => new() { Name = name, Namespace = "shop", Uid = $"uid-{name}" };
}
