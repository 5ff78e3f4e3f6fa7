using System.Net;
using System.Text;
using MeshRoll.Kubernetes.PortForwarding;
using MeshRoll.Kubernetes.Tests.Builders;
using static MeshRoll.Kubernetes.Tests.PortForwarding.Frames;

namespace MeshRoll.Kubernetes.Tests.PortForwarding;

/// <summary>HTTP over the stream, against recorded frames.</summary>
public sealed class PodHttpTests
{
    private const string Body = """[{"proxy":"web.shop"}]""";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(int.MaxValue)]
    public async Task An_answer_comes_whole_wherever_it_was_cut(int piece)
    {
        await using var server = new FrameServer(Begin, Data(Http(Body)), Goodbye) { Piece = piece };
        Assert.Equal((HttpStatusCode.OK, Body), await AskAsync(server));

        var asked = await server.FirstMessage.Task;
        Assert.StartsWith("GET /debug/syncz HTTP/1.1\r\nHost: 127.0.0.1:15014\r\n", asked, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Frames_may_split_the_answer_at_every_byte()
    {
        var answer = Http(Body);
        for (var cut = 1; cut < answer.Length; cut++)
        {
            await using var server = new FrameServer(Begin, Data(answer[..cut]), Data(answer[cut..]), Goodbye);
            Assert.Equal((HttpStatusCode.OK, Body), await AskAsync(server));
        }
    }

    [Fact]
    public async Task Chunks_and_answers_without_length_are_read_to_their_end()
    {
        await using var chunked = new FrameServer(Begin, Data("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n[1,2,\r\n"), Data("2\r\n3]\r\n0\r\n\r\n"), Goodbye);
        Assert.Equal("[1,2,3]", (await AskAsync(chunked)).Body);

        await using var endless = new FrameServer(Begin, Data("HTTP/1.1 200 OK\r\n\r\n[1,2"), Data(",3]"), Goodbye);
        Assert.Equal("[1,2,3]", (await AskAsync(endless)).Body);
    }

    [Fact]
    public async Task A_refusal_of_the_pod_is_an_answer()
    {
        await using var server = new FrameServer(Begin, Data(Http("", "401 Unauthorized")), Goodbye);
        Assert.Equal((HttpStatusCode.Unauthorized, ""), await AskAsync(server));
    }

    [Fact]
    public async Task When_nobody_listens_the_error_says_so()
    {
        await using var server = new FrameServer(Begin, Error("dial tcp4 127.0.0.1:15014: connect: connection refused"), Goodbye);
        Assert.True((await FailsAsync(server)).NobodyListens);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.6\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le")]
    [InlineData("")]
    public async Task What_is_no_HTTP_is_told_so(string answer)
    {
        await using var server = new FrameServer(Begin, Data(answer), Goodbye);
        Assert.Equal(PortForwardException.Broken, (await FailsAsync(server)).Id);
    }

    [Fact]
    public async Task An_answer_shorter_than_announced_is_an_error_after_what_came()
    {
        await using var server = new FrameServer(Begin, Data(Http(Body)[..^4]), Goodbye);
        Assert.Equal(PortForwardException.Broken, (await FailsAsync(server)).Id);
    }

    [Fact]
    public async Task An_answer_that_is_cut_by_the_network_is_an_error()
    {
        await using var server = new FrameServer(Begin, Data(Http(Body)[..^4]));
        Assert.Equal(PortForwardException.Lost, (await FailsAsync(server)).Id);
    }

    [Theory]
    [InlineData("", "did not begin to answer within 30 s")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nab", "sent nothing within 30 s")]
    public async Task Silence_is_not_waited_for_without_end(string answer, string told)
    {
        var time = new ManualTimeProvider();
        await using var server = new FrameServer([.. Begin, .. Data(answer)]) { Stays = true };
        await using var client = server.NewClient(time);
        var asking = AskAsync(client);
        while (!asking.IsCompleted)
        {
            await server.FirstMessage.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancelled);
            await Task.Delay(20, Cancelled);
            time.Advance(TimeSpan.FromSeconds(31));
        }
        var error = await Assert.ThrowsAsync<PortForwardException>(() => asking);
        Assert.Equal(PortForwardException.Silent, error.Id);
        Assert.Contains(told, error.Message, StringComparison.Ordinal);
    }

    private static async Task<PortForwardException> FailsAsync(FrameServer server) => await Assert.ThrowsAsync<PortForwardException>(() => AskAsync(server));

    private static async Task<(HttpStatusCode Code, string Body)> AskAsync(FrameServer server)
    {
        await using var client = server.NewClient();
        return await AskAsync(client);
    }

    private static async Task<(HttpStatusCode Code, string Body)> AskAsync(Kubernetes.Api.ClusterClient client)
    {
        await using var answer = await PodHttp.GetAsync(client, "istio-system", "istiod-1", Port, "/debug/syncz", Cancelled);
        var body = new List<byte>();
        var buffer = new byte[7];
        while (await answer.ReadAsync(buffer, Cancelled) is var count and > 0) body.AddRange(buffer.AsSpan(0, count).ToArray());
        return (answer.Code, Encoding.UTF8.GetString([.. body]));
    }
}
