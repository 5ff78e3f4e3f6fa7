using MeshRoll.Core.ControlPlane.Injectors;
using MeshRoll.Core.Tests.Builders;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;
using static MeshRoll.Core.Tests.Builders.InjectorMesh;

namespace MeshRoll.Core.Tests.ControlPlane.Injectors;

public sealed class InjectorReadingTests
{
    [Fact]
    public async Task What_stands_behind_a_webhook_is_read_where_its_service_is()
    {
        var survey = await ReadAsync(Server("istio-system"), []);

        Assert.Equal(["1-27-1", "default"], survey.Revisions);
        var istiod = Assert.Single(survey.Istiods, istiod => istiod.Service == $"istiod-{New}");
        Assert.Equal((New, (bool?)true, 2, true), (istiod.Revision, istiod.Exists, istiod.Endpoints, istiod.Ready));
        Assert.Equal("1.27.1", survey.VersionOf(New));
        // The old one's service is nowhere.
        Assert.Equal((bool?)false, Assert.Single(survey.Istiods, old => old.Service == "istiod").Ready);
    }

    [Fact]
    public async Task An_istiod_elsewhere_that_no_webhook_names_any_more_is_found_where_one_is_told_to_look()
    {
        Assert.DoesNotContain((await ReadAsync(Server("mesh"), [])).Istiods, istiod => istiod.Namespace == "mesh");
        Assert.Equal(New, Assert.Single((await ReadAsync(Server("mesh"), ["mesh"])).Istiods, istiod => istiod.Namespace == "mesh").Revision);
    }

    [Theory]
    [InlineData("/api/v1/namespaces/istio-system/endpoints/", "get endpoints in istio-system")]
    [InlineData("/api/v1/namespaces/istio-system/services", "")]
    public async Task What_may_not_be_read_of_an_istiod_is_unknown_or_asked_for_by_name(string path, string problem)
    {
        var istiod = Assert.Single((await ReadAsync(Server("istio-system").Refuse(path), [])).Istiods, istiod => istiod.Service == $"istiod-{New}");
        Assert.Contains(problem, istiod.Problem, StringComparison.Ordinal);
        Assert.Equal(problem.Length == 0 ? true : null, istiod.Ready);
    }

    [Fact]
    public async Task Without_the_right_to_read_webhooks_there_is_nothing_to_tell() =>
        Assert.Equal("MeshRoll.Forbidden", (await Assert.ThrowsAsync<ApiException>(() => ReadAsync(Server("istio-system").Refuse("/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations"), []))).Id);

    private static async Task<InjectorSurvey> ReadAsync(SnapshotApiServer server, string[] places)
    {
        await using var session = server.Session();
        return await InjectorSurveyReader.ReadAsync(session, places, TestContext.Current.CancellationToken);
    }

    private static SnapshotApiServer Server(string place)
    {
        var labels = new Dictionary<string, string> { ["app"] = "istiod", ["istio.io/rev"] = New };
        var metadata = new ObjectMeta { Name = $"istiod-{New}", Namespace = place, Uid = "istiod", Labels = labels };
        return new SnapshotApiServer()
            .With(Resources.MutatingWebhookConfigurations.Raw, [.. new InjectorMesh().Webhooks.Select(json => RawObject.From(json.DeepClone()))])
            .With(Resources.ValidatingWebhookConfigurations)
            .With(Resources.Namespaces, Mesh.Namespace("bank", "istio-injection=enabled"))
            .With(Resources.Services, new Service { Metadata = metadata, Spec = new() { Type = "ClusterIP", Selector = labels, Ports = [new() { Port = 443 }] } })
            .With(Resources.Endpoints, new Endpoints { Metadata = metadata, Subsets = [new() { Addresses = [new() { Ip = "10.0.0.1" }, new() { Ip = "10.0.0.2" }], NotReadyAddresses = [new() { Ip = "10.0.0.3" }] }] })
            .With(Resources.Deployments, new Deployment
            {
                Metadata = metadata,
                Spec = new() { Replicas = 2, Template = new() { Metadata = new() { Labels = labels }, Spec = new() { Containers = [Mesh.Container("discovery", "docker.io/istio/pilot:1.27.1-distroless")] } } },
                Status = new() { ReadyReplicas = 2 },
            });
    }
}
