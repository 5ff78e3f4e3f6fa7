using System.Net;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;
using MeshRoll.Kubernetes.Tests.Builders;
using static MeshRoll.Kubernetes.Tests.Builders.ScriptedServer;

namespace MeshRoll.Kubernetes.Tests.Api;

public sealed class ListTests
{
    private static readonly TestPod[] Three = [new("a"), new("b"), new("c")];

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public async Task A_protobuf_list_gives_its_objects_however_its_bytes_arrive(int partSize)
    {
        var server = InTurn(Answer(ScriptedStream.InParts(TestPod.ProtobufList(Three), partSize), Protobuf));

        var pods = await ListAsync(server);

        Assert.Equal(["a", "b", "c"], pods.Select(pod => pod.Metadata.Name));
    }

    [Theory]
    [InlineData(1, false, false)]
    [InlineData(7, true, false)]
    [InlineData(100_000, false, true)]
    [InlineData(3, true, true)]
    public async Task A_JSON_list_gives_its_objects_however_it_is_written(int partSize, bool metadataLast, bool indented)
    {
        var bytes = TestPod.JsonList(Three, metadataLast: metadataLast, indented: indented);
        var server = InTurn(Answer(ScriptedStream.InParts(bytes, partSize)));

        var pods = await ListAsync(server);

        Assert.Equal(["a", "b", "c"], pods.Select(pod => pod.Metadata.Name));
    }

    [Fact]
    public async Task Objects_are_given_before_their_page_has_arrived_whole()
    {
        var bytes = TestPod.ProtobufList(Three);
        var body = new ScriptedStream().Send(bytes[..^10]);
        await using var client = InTurn(Answer(body, Protobuf)).NewClient();

        await using var pods = client.ListAsync(Resources.Pods, "shop", cancellationToken: TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);

        Assert.True(await pods.MoveNextAsync());
        Assert.Equal("a", pods.Current.Metadata.Name);
    }

    [Fact]
    public async Task An_empty_list_is_empty()
    {
        Assert.Empty(await ListAsync(InTurn(Answer(TestPod.ProtobufList([]), Protobuf))));
        Assert.Empty(await ListAsync(InTurn(Answer(TestPod.JsonList([])))));
        Assert.Empty(await ListAsync(InTurn(Answer("""{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"1"},"items":null}"""))));
    }

    [Fact]
    public async Task Pages_follow_each_other_by_their_tokens()
    {
        var server = new ScriptedServer(asked => Answer(asked["continue"] switch
        {
            null => TestPod.ProtobufList([new("a")], next: "one two/+="),
            "one two/+=" => TestPod.ProtobufList([new("b")], next: "3"),
            _ => TestPod.ProtobufList([new("c")]),
        }, Protobuf));

        var pods = await ListAsync(server, new() { PageSize = 1, LabelSelector = "app in (a, b)", FieldSelector = "spec.nodeName=x", ResourceVersion = "0" });

        Assert.Equal(["a", "b", "c"], pods.Select(pod => pod.Metadata.Name));
        Assert.Equal(["1", "1", "1"], server.Asked.Select(asked => asked["limit"]));
        Assert.Equal(["0", null, null], server.Asked.Select(asked => asked["resourceVersion"]));
        Assert.All(server.Asked, asked => Assert.Equal(("app in (a, b)", "spec.nodeName=x"), (asked["labelSelector"], asked["fieldSelector"])));
        Assert.All(server.Asked, asked => Assert.Equal("api/v1/namespaces/shop/pods", asked.Path));
    }

    [Fact]
    public async Task The_next_page_is_asked_for_while_this_one_is_read()
    {
        var first = new ScriptedStream().Send(TestPod.ProtobufList([new("a"), new("b")], next: "2")[..^10]);
        var server = InTurn(Answer(first, Protobuf), Answer(TestPod.ProtobufList([new("c")]), Protobuf));
        await using var client = server.NewClient();

        await using var pods = client.ListAsync(Resources.Pods, "shop", cancellationToken: TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        await pods.MoveNextAsync();

        Assert.Equal(2, server.Asked.Count);
    }

    [Fact]
    public async Task An_expired_token_begins_a_new_list_that_gives_nothing_twice()
    {
        var first = true;
        var server = new ScriptedServer(asked =>
        {
            if (asked["continue"] is null)
            {
                var page = first ? TestPod.ProtobufList([new("a"), new("b")], next: "old") : TestPod.ProtobufList([new("a"), new("b", Uid: "reborn"), new("c")]);
                first = false;
                return Answer(page, Protobuf);
            }
            return Answer(StatusProtobuf(HttpStatusCode.Gone, "Expired", "The provided continue parameter is too old."), Protobuf, HttpStatusCode.Gone);
        });

        var pods = await ListAsync(server);

        Assert.Equal(["a", "b", "b", "c"], pods.Select(pod => pod.Metadata.Name));
        Assert.Equal("reborn", pods[2].Metadata.Uid);
    }

    [Fact]
    public async Task Tokens_that_always_expire_lead_to_one_list_without_pages()
    {
        var server = new ScriptedServer(asked =>
            asked["continue"] is not null ? Refusal(HttpStatusCode.Gone, "Expired", "too old")
            : Answer(asked["limit"] is null ? TestPod.ProtobufList(Three) : TestPod.ProtobufList([new("a")], next: "x"), Protobuf));

        var pods = await ListAsync(server);

        Assert.Equal(["a", "b", "c"], pods.Select(pod => pod.Metadata.Name));
    }

    [Fact]
    public async Task A_page_that_breaks_midway_is_asked_for_again()
    {
        var whole = TestPod.ProtobufList([new("b"), new("c")]);
        var broken = new ScriptedStream().Send(whole[..^30]).Break();
        var server = InTurn(Answer(TestPod.ProtobufList([new("a")], next: "2"), Protobuf), Answer(broken, Protobuf), Answer(whole, Protobuf));

        var pods = await ListAsync(server);

        Assert.Equal(["a", "b", "c"], pods.Select(pod => pod.Metadata.Name));
        Assert.Equal([null, "2", "2"], server.Asked.Select(asked => asked["continue"]));
    }

    [Fact]
    public async Task A_page_that_always_breaks_is_an_error_after_a_few_attempts()
    {
        var server = new ScriptedServer(_ => Answer(new ScriptedStream().Send(TestPod.ProtobufList(Three)[..^30]).Break(), Protobuf));

        var failure = await Assert.ThrowsAsync<ApiProtocolException>(() => ListAsync(server));

        Assert.Equal("MeshRoll.BrokenAnswer", failure.Id);
        Assert.Contains("list pods in namespace \"shop\"", failure.Message, StringComparison.Ordinal);
        Assert.Contains("cut", failure.Message, StringComparison.Ordinal);
        Assert.InRange(server.Asked.Count, 2, 5);
    }

    [Fact]
    public async Task A_list_that_turns_out_to_be_a_Status_is_a_refusal()
    {
        foreach (var partSize in new[] { 1, 5, 10_000 })
        {
            var json = InTurn(Answer(ScriptedStream.InParts(TestPod.Utf8(StatusJson(HttpStatusCode.Forbidden, "Forbidden", "no pods for you")), partSize)));
            var protobuf = InTurn(Answer(ScriptedStream.InParts(StatusProtobuf(HttpStatusCode.Forbidden, "Forbidden", "no pods for you"), partSize), Protobuf));

            foreach (var server in new[] { json, protobuf })
            {
                var failure = await Assert.ThrowsAsync<ApiException>(() => ListAsync(server));
                Assert.Equal(("MeshRoll.Forbidden", "no pods for you"), (failure.Id, failure.ServerMessage));
            }
        }
    }

    [Fact]
    public async Task A_list_of_another_kind_is_a_broken_answer()
    {
        var other = ProtobufWriter.Envelope("apps/v1", "DeploymentList", []);

        var protobuf = await Assert.ThrowsAsync<ApiProtocolException>(() => ListAsync(InTurn(Answer(other, Protobuf))));
        var json = await Assert.ThrowsAsync<ApiProtocolException>(() => ListAsync(InTurn(Answer("""{"kind":"DeploymentList","metadata":{},"items":[]}"""))));

        Assert.Contains("DeploymentList", protobuf.Message, StringComparison.Ordinal);
        Assert.Contains("DeploymentList", json.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_that_goes_round_in_circles_is_given_up()
    {
        var same = new ScriptedServer(_ => Answer(TestPod.ProtobufList(Three, next: "again"), Protobuf));
        var count = 0;
        var empty = new ScriptedServer(_ => Answer(TestPod.ProtobufList([], next: $"{count++}"), Protobuf));

        await Assert.ThrowsAsync<ApiProtocolException>(() => ListAsync(same));
        await Assert.ThrowsAsync<ApiProtocolException>(() => ListAsync(empty));
    }

    [Fact]
    public async Task Metadata_alone_can_be_listed()
    {
        var list = new ProtobufWriter().Message(1, meta => meta.Text(2, "5")).Message(2, item => item.Message(1, meta => meta.Text(1, "web").Text(5, "u").Entry(11, "app", "web")));
        var server = InTurn(Answer(ProtobufWriter.Envelope("meta.k8s.io/v1", "PartialObjectMetadataList", list.ToArray()), Protobuf));
        await using var client = server.NewClient();

        var objects = new List<PartialObject>();
        await foreach (var found in client.ListMetadataAsync(Resources.Pods, null, cancellationToken: TestContext.Current.CancellationToken)) objects.Add(found);

        Assert.Equal(("web", "web"), (objects.Single().Metadata.Name, objects.Single().Metadata.Labels["app"]));
        Assert.Contains("as=PartialObjectMetadataList", server.Asked[0].Accept, StringComparison.Ordinal);
        Assert.Equal("api/v1/pods", server.Asked[0].Path);
    }

    [Fact]
    public async Task Who_stops_reading_frees_the_connection()
    {
        var body = new ScriptedStream().Send(TestPod.ProtobufList(Three)[..^10]);
        await using var client = InTurn(Answer(body, Protobuf)).NewClient();

        await foreach (var _ in client.ListAsync(Resources.Pods, null, cancellationToken: TestContext.Current.CancellationToken)) break;

        Assert.True(body.IsDisposed);
    }

    internal static async Task<List<Pod>> ListAsync(ScriptedServer server, ListQuery? query = null)
    {
        await using var client = server.NewClient();
        var pods = new List<Pod>();
        await foreach (var pod in client.ListAsync(Resources.Pods, "shop", query, TestContext.Current.CancellationToken)) pods.Add(pod);
        return pods;
    }
}
