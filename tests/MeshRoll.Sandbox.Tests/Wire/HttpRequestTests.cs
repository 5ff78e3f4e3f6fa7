using MeshRoll.Sandbox.Tests.Wire.Builders;
using MeshRoll.Sandbox.Wire;

namespace MeshRoll.Sandbox.Tests.Wire;

public sealed class HttpRequestTests : IAsyncDisposable
{
    private readonly HttpServer _server = HttpServer.Start(FuncHandler.Echo(), new());

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("/api/v1/pods", "/api/v1/pods ")]
    [InlineData("/a%20b%2Fc+d", "/a b/c+d ")]
    [InlineData("/%C3%A4", "/Ã¤ ")]
    [InlineData("/p?x=1&y=a+b%2Bc&x=2", "/p [x]=[1]&[y]=[a b+c]&[x]=[2]")]
    [InlineData("/p?flag&=v&a==b&&z=", "/p [flag]=[]&[]=[v]&[a]=[=b]&[z]=[]")]
    [InlineData("/p?watch=true?", "/p [watch]=[true?]")]
    [InlineData("http://elsewhere/p?x=1", "/p [x]=[1]")]
    public void Path_and_query_are_decoded_and_the_order_is_kept(string target, string understood)
    {
        using var client = new RawClient(_server.Port);
        client.Send($"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Equal($"GET {understood} ", client.ReadAnswer().Body);
    }

    [Theory]
    [InlineData("GET /\r\n\r\n", 400)]
    [InlineData("GET  HTTP/1.1\r\nHost: x\r\n\r\n", 400)]
    [InlineData("GET / x HTTP/1.1\r\nHost: x\r\n\r\n", 400)]
    [InlineData("GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n", 400)]
    [InlineData("GET /a%2 HTTP/1.1\r\nHost: x\r\n\r\n", 400)]
    [InlineData("GET pods HTTP/1.1\r\nHost: x\r\n\r\n", 400)]
    [InlineData("G(T / HTTP/1.1\r\nHost: x\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nNo-Colon\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost : x\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nA: b\rc\r\n\r\n", 400)]
    [InlineData("GET / HTTQ/1.1\r\nHost: x\r\n\r\n", 400)]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505)]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400)]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400)]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400)]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501)]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", 400)]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", 400)]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n", 400)]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 8388609\r\n\r\n", 413)]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n800001\r\n", 413)]
    public void A_request_that_is_not_one_is_refused_and_the_connection_closed(string request, int status)
    {
        using var client = new RawClient(_server.Port);
        client.Send(request);
        var (line, headers, _) = client.ReadAnswer();
        Assert.StartsWith($"HTTP/1.1 {status} ", line);
        Assert.Equal("close", headers["Connection"]);
        Assert.Equal("", client.ReadToEnd());
    }

    [Fact]
    public void A_head_that_never_ends_is_refused_with_431()
    {
        using var client = new RawClient(_server.Port);
        client.Send("GET / HTTP/1.1\r\nHost: x\r\nLong: " + new string('x', 64 * 1024));
        Assert.StartsWith("HTTP/1.1 431 ", client.ReadLine());
    }

    [Fact]
    public void A_body_that_is_too_long_is_refused_while_the_client_is_still_sending()
    {
        using var client = new RawClient(_server.Port);
        client.Send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000\r\n\r\n");
        for (var i = 0; i < 8; i++) client.Send(new string('x', 1024 * 1024));
        Assert.StartsWith("HTTP/1.1 413 ", client.ReadLine());
    }

    [Fact]
    public void A_head_of_almost_64_KB_is_read()
    {
        using var client = new RawClient(_server.Port);
        client.Send("GET /long HTTP/1.1\r\nHost: x\r\nLong: " + new string('x', 63 * 1024) + "\r\n\r\n");
        Assert.Equal("GET /long  ", client.ReadAnswer().Body);
    }

    [Fact]
    public void Bodies_come_with_a_length_or_in_chunks()
    {
        using var client = new RawClient(_server.Port);
        client.Send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
        Assert.Equal("POST /a  hello", client.ReadAnswer().Body);
        client.Send("POST /b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5;ext=1\r\nhello\r\n6\r\n world\r\n0\r\nTrailer: t\r\n\r\n");
        Assert.Equal("POST /b  hello world", client.ReadAnswer().Body);
    }

    [Fact]
    public void A_request_may_come_letter_by_letter()
    {
        using var client = new RawClient(_server.Port);
        foreach (var letter in "\r\nPOST /slow?a=b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n") client.Send(letter.ToString());
        Assert.Equal("POST /slow [a]=[b] abc", client.ReadAnswer().Body);
    }

    [Fact]
    public void Pipelined_requests_are_answered_in_their_order()
    {
        using var client = new RawClient(_server.Port);
        client.Send(string.Concat(Enumerable.Range(0, 100).Select(i => $"POST /{i} HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc")));
        for (var i = 0; i < 100; i++) Assert.Equal($"POST /{i}  abc", client.ReadAnswer().Body);
    }

    [Fact]
    public void A_client_that_asks_before_it_sends_a_body_is_told_to_go_on()
    {
        using var client = new RawClient(_server.Port);
        client.Send("PUT /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
        Assert.Equal("HTTP/1.1 100 Continue", client.ReadLine());
        Assert.Equal("", client.ReadLine());
        client.Send("hello");
        Assert.Equal("PUT /a  hello", client.ReadAnswer().Body);
    }

    [Fact]
    public void A_client_whose_body_is_too_long_is_told_so_instead_of_going_on()
    {
        using var client = new RawClient(_server.Port);
        client.Send("PUT /a HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000\r\nExpect: 100-continue\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 413 ", client.ReadLine());
    }

    [Fact]
    public void The_same_headers_again_and_others_after_them_are_told_apart()
    {
        using var client = new RawClient(_server.Port);
        for (var i = 0; i < 3; i++)
        {
            client.Send("GET /none HTTP/1.1\r\nHost: x\r\n\r\n");
            Assert.Equal("GET /none  ", client.ReadAnswer().Body);
            client.Send("PUT /body HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nok");
            Assert.Equal("PUT /body  ok", client.ReadAnswer().Body);
        }
    }

    [Fact]
    public async Task Headers_are_found_whatever_their_case_and_repeated_ones_are_joined()
    {
        HttpRequest? seen = null;
        await using var server = HttpServer.Start(
            new FuncHandler((request, response, token) =>
            {
                seen = request;
                return response.SendAsync(200, "", default, token);
            }),
            new());
        using var client = new RawClient(server.Port);
        client.Send("GET / HTTP/1.1\r\nhost: x\r\naccept: a\r\nACCEPT:  b \r\n\r\n");
        client.ReadAnswer();
        Assert.Equal("a, b", seen!.Header("Accept"));
        Assert.Equal("", seen.Header("Missing"));
    }
}
