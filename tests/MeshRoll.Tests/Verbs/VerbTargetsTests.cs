using MeshRoll.Connections;
using MeshRoll.Core;
using MeshRoll.Core.Workloads;
using MeshRoll.Tests.Connections;
using MeshRoll.Tests.Pipeline;
using MeshRoll.Verbs;

namespace MeshRoll.Tests.Verbs;

public class VerbTargetsTests
{
    private readonly MeshCluster _cluster = Clusters.Open("one");
    private readonly RecordingOutput _output = new();
    private readonly VerbTargets _targets = new();

    [Fact]
    public async Task What_is_named_with_its_kind_is_taken_at_its_word_and_once()
    {
        Add(new() { Names = ["deploy/web", "sts/db"], Namespaces = ["shop"] });
        Add(new() { Names = ["web"], Kinds = ["Deployment"], Namespaces = ["shop"] });
        Add(new() { Names = ["ds/agent"] });

        var found = await _targets.ResolveAsync(_output, CancellationToken.None);

        Assert.Equal(["shop deployment/web", "shop statefulset/db", "home daemonset/agent"], found.Select(target => target.Workload.ToString()));
        Assert.DoesNotContain(found, target => target.IsByPattern);
        Assert.Empty(_output.Errors);
    }

    [Fact]
    public async Task Piped_objects_of_kinds_that_have_no_rollout_stay_for_their_own_error()
    {
        Add(new() { Names = ["debug"], Kinds = ["Pod"], Namespaces = ["shop"] });
        Add(new() { Names = ["web"], Kinds = ["Deployment"], Namespaces = ["shop"] });
        Assert.Equal(["shop pod/debug", "shop deployment/web"], (await _targets.ResolveAsync(_output, CancellationToken.None)).Select(target => target.Workload.ToString()));
    }

    [Fact]
    public async Task What_has_to_be_looked_up_where_nobody_answers_is_an_error_and_the_rest_stays()
    {
        Add(new() { Names = ["web"], Namespaces = ["shop"] });
        Add(new() { Names = ["deploy/cart"], Namespaces = ["shop"] });
        Assert.Equal("cart", Assert.Single(await _targets.ResolveAsync(_output, CancellationToken.None)).Workload.Name);
        Assert.Equal("web", Assert.Single(_output.Errors).Target);
    }

    [Fact]
    public void A_name_that_is_none_is_refused_at_once() =>
        Assert.Throws<InvalidRequestException>(() => Add(new() { Names = ["foo/bar"] }));

    private void Add(WorkloadSelection selection) => _targets.Add([_cluster], selection);
}
