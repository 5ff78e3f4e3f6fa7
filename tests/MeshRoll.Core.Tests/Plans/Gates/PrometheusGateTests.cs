using System.Net;
using System.Net.Sockets;
using System.Text;
using MeshRoll.Core.Plans.Gates;

namespace MeshRoll.Core.Tests.Plans.Gates;

/// <summary>What a gate makes of Prometheus' answers: only a number below the limit opens it.</summary>
public sealed class PrometheusGateTests
{
    [Theory]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"0.004"]}]}}""", true, "0.004 is below 0.01")]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[{"value":[1,"0.001"]},{"value":[1,"0.2"]}]}}""", false, "0.2 is not below 0.01")]
    [InlineData("""{"status":"success","data":{"resultType":"scalar","result":[1,"0"]}}""", true, "0 is below 0.01")]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[]}}""", false, "the query has no result: up")]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[{"value":[1,"NaN"]}]}}""", false, "the query's result is no number: up")]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[{"value":[1,"+Inf"]}]}}""", false, "not below")]
    [InlineData("""{"status":"success"}""", false, "holds no result")]
    [InlineData("""<html>login</html>""", false, "could not be asked")]
    [InlineData("""[]""", false, "could not be asked")]
    public async Task Only_a_number_below_the_limit_opens_it(string answer, bool opens, string says)
    {
        var server = new Server(HttpStatusCode.OK, answer);
        using var gate = new PrometheusGate("https://prometheus.example:9090/base/", "up", 0.01, server);

        var said = await gate.AskAsync(Question(), TestContext.Current.CancellationToken);

        Assert.Equal(opens, said.IsOpen);
        Assert.Contains(says, said.Message, StringComparison.Ordinal);
        Assert.Equal("https://prometheus.example:9090/base/api/v1/query?query=up", server.Asked);
    }

    [Fact]
    public async Task A_refusal_and_a_silence_are_no_yes()
    {
        using var refused = new PrometheusGate("http://p", "up", 1, new Server(HttpStatusCode.Unauthorized, ""));
        Assert.Equal(new(false, "Prometheus answers 401"), await refused.AskAsync(Question(), TestContext.Current.CancellationToken));
        using var silent = new PrometheusGate("http://p", "up", 1, new Server(new HttpRequestException("nobody there")));
        Assert.Equal(new(false, "Prometheus could not be asked: nobody there"), await silent.AskAsync(Question(), TestContext.Current.CancellationToken));
        // The sockets' handler lets this through as it is when a connection is reset as soon as it was made.
        var reset = new SocketException((int)SocketError.NotConnected);
        using var cut = new PrometheusGate("http://p", "up", 1, new Server(reset));
        Assert.Equal(new(false, $"Prometheus could not be asked: {reset.Message}"), await cut.AskAsync(Question(), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("prometheus", "up")]
    [InlineData("ftp://prometheus", "up")]
    [InlineData("https://prometheus", " ")]
    public void Half_a_gate_is_refused(string url, string query) => Assert.Equal("MeshRoll.GateInvalid", Assert.Throws<InvalidRequestException>(() => new PrometheusGate(url, query, 1)).Id);

    private static GateQuestion Question() => new(new() { Name = "p", Id = "p", LeaseNamespace = "p" }, new() { Name = "one" }, new() { Name = "two" });

    private sealed class Server(HttpStatusCode code, string answer) : HttpMessageHandler
    {
        private readonly Exception? _failure;

        public Server(Exception failure) : this(default, "") => _failure = failure;

        public string Asked { get; private set; } = "";

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked = request.RequestUri!.AbsoluteUri;
            return _failure is null ? Task.FromResult(new HttpResponseMessage(code) { Content = new StringContent(answer, Encoding.UTF8, "application/json") }) : throw _failure;
        }
    }
}
