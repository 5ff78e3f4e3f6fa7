using System.Net.Sockets;
using System.Text;
using MeshRoll.Sandbox.Tests.Wire.Builders;
using MeshRoll.Sandbox.Wire;

namespace MeshRoll.Sandbox.Tests.Wire;

public sealed class GarbageTests
{
    private static readonly byte[] Requests = Encoding.ASCII.GetBytes(
        "GET /api/v1/pods?labelSelector=app%3Dweb&watch=1 HTTP/1.1\r\nHost: x\r\nAccept: a, b\r\n\r\n"
        + "PATCH /a HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody"
        + "POST /b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n4\r\nbody\r\n0\r\n\r\n"
        + "GET /c HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Damaged_requests_are_answered_or_refused_and_the_server_lives_on(int seed)
    {
        var random = new Random(seed);
        await using var server = HttpServer.Start(FuncHandler.Echo(), new());
        for (var i = 0; i < 300; i++)
        {
            var bytes = Damaged(random);
            using var client = new RawClient(server.Port);
            client.Socket.Send(bytes);
            client.Socket.Shutdown(SocketShutdown.Send);
            var answer = AnswerTo(client);
            Assert.True(answer.Length == 0 || answer.StartsWith("HTTP/1.1 ", StringComparison.Ordinal), $"seed {seed}, round {i}: {answer}");
            Assert.DoesNotContain("HTTP/1.1 500", answer, StringComparison.Ordinal);
        }

        using var sane = new RawClient(server.Port);
        sane.Send("GET /sane HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Equal("GET /sane  ", sane.ReadAnswer().Body);
    }

    [Fact]
    public async Task However_the_bytes_are_cut_into_packets_the_answers_are_the_same()
    {
        var random = new Random(4);
        await using var server = HttpServer.Start(FuncHandler.Echo(), new());
        for (var i = 0; i < 50; i++)
        {
            using var client = new RawClient(server.Port);
            for (var at = 0; at < Requests.Length;)
            {
                var length = Math.Min(random.Next(1, 60), Requests.Length - at);
                client.Socket.Send(Requests.AsSpan(at, length));
                at += length;
            }
            Assert.Equal("GET /api/v1/pods [labelSelector]=[app=web]&[watch]=[1] ", client.ReadAnswer().Body);
            Assert.Equal("PATCH /a  body", client.ReadAnswer().Body);
            var (status, _, body) = client.ReadAnswer();
            // Asked only where the body had not come along.
            if (status.EndsWith("Continue", StringComparison.Ordinal)) body = client.ReadAnswer().Body;
            Assert.Equal("POST /b  body", body);
            Assert.Equal("GET /c  ", client.ReadAnswer().Body);
        }
    }

    private static byte[] Damaged(Random random)
    {
        var bytes = Requests.ToList();
        for (var damages = random.Next(1, 6); damages > 0; damages--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.RemoveRange(at, Math.Min(random.Next(1, 20), bytes.Count - at - 1)); break;
                case 2: bytes.Insert(at, "\r\n :%\0,;"u8[random.Next(8)]); break;
                default: bytes.InsertRange(at, bytes[..Math.Min(random.Next(1, 40), bytes.Count)]); break;
            }
        }
        return [.. bytes];
    }

    private static string AnswerTo(RawClient client)
    {
        try
        {
            return client.ReadToEnd();
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionReset)
        {
            return "";
        }
    }
}
