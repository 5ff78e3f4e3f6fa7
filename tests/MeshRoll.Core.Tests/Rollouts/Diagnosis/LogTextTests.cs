using MeshRoll.Core.Rollouts.Diagnosis;

namespace MeshRoll.Core.Tests.Rollouts.Diagnosis;

public sealed class LogTextTests
{
    [Theory]
    [InlineData("password=hunter2 user=eve", "password=*** user=eve")]
    [InlineData("DB_PASSWORD: \"hunter2\", host: db", "DB_PASSWORD: \"***\", host: db")]
    [InlineData("{\"client_secret\":\"abc\",\"id\":7}", "{\"client_secret\":\"***\",\"id\":7}")]
    [InlineData("{\\\"token\\\":\\\"abc\\\"}", "{\\\"token\\\":\\\"***\\\"}")]
    [InlineData("Authorization: Bearer abcdef123456", "Authorization: Bearer ***")]
    [InlineData("authorization=abcdef123456", "authorization=***")]
    [InlineData("sent header bearer abcdef123456.xyz twice", "sent header bearer *** twice")]
    [InlineData("Authorization: Basic dXNlcjpwYXNz", "Authorization: Basic ***")]
    [InlineData("postgres://shop:hunter2@db.shop.svc:5432/orders", "postgres://shop:***@db.shop.svc:5432/orders")]
    [InlineData("redis://:hunter2@cache:6379", "redis://:***@cache:6379")]
    [InlineData("got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl from peer", "got *** from peer")]
    [InlineData("key 4eC39HqLyjWDarjtT1zdp7dcAbCdEfGh used", "key *** used")]
    [InlineData("api_key=4eC39H", "api_key=***")]
    public void What_looks_like_a_secret_is_hidden(string line, string shown) => Assert.Equal(shown, LogText.Line(line));

    [Theory]
    [InlineData("token expired, renewing")]
    [InlineData("dial tcp 10.96.0.9:15012: connect: connection refused")]
    [InlineData("lookup istiod-1-27-1.istio-system.svc.cluster.local: no such host")]
    [InlineData("image registry.example/shop/web@sha256:0f3c2b7d9e5a4c6b8d1e2f3a4b5c6d7e8f901a2b3c4d5e6f708192a3b4c5d6e7")]
    [InlineData("pod checkout-service-74676d589c-n5mmp of shop, 1234567890123456789012345678901234567890")]
    [InlineData("at Shop.Orders.Checkout.CheckoutServiceImplementationFactory.Create()")]
    [InlineData("basic auth is off")]
    [InlineData("https://istiod.istio-system.svc:443/inject?timeout=10s")]
    public void What_does_not_is_shown(string line) => Assert.Equal(line, LogText.Line(line));

    [Fact]
    public void The_last_lines_are_given_without_empty_ones_and_without_anything_that_steers_a_terminal() =>
        Assert.Equal("two\nthree bold and rung", LogText.Of("one\r\n\n two\u0000\n\u001b[1mthree bold\u001b[0m\u0007and\u009b rung\n\n".Replace(" two", "two", StringComparison.Ordinal), 2).Replace("  ", " ", StringComparison.Ordinal));

    [Fact]
    public void A_private_key_is_hidden_as_a_whole()
    {
        const string Body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ\nshort/line+of/it=\n";

        Assert.Equal("read ***\nafter", LogText.Of($"read -----BEGIN RSA PRIVATE KEY-----\n{Body}-----END RSA PRIVATE KEY-----\nafter", 20));
        Assert.Equal("***", LogText.Of($"-----BEGIN PRIVATE KEY-----\n{Body}", 20));
        Assert.Equal("a ***\nafter", LogText.Of("a -----BEGIN PRIVATE KEY-----abc-----END PRIVATE KEY-----\nafter", 20));
        Assert.Equal("***\nafter", LogText.Of($"{Body}-----END PRIVATE KEY-----\nafter", 20));
    }

    [Fact]
    public void Long_lines_are_cut()
    {
        var line = LogText.Line(string.Concat(Enumerable.Repeat("ab ", 10_000)));

        Assert.Equal(401, line.Length);
        Assert.EndsWith("…", line, StringComparison.Ordinal);
        Assert.Equal(401, LogText.Of(string.Concat(Enumerable.Repeat("ab ", 10_000)), 1).Length);
    }

    [Fact]
    public void A_line_made_to_be_slow_is_not()
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        foreach (var part in (string[])["password", "://a:", "eyJaaaaaaaaaa.", "bearer ", "token=\"", "AAAAaaaa1111", "\u001b["])
            LogText.Of(string.Join('\n', Enumerable.Repeat(string.Concat(Enumerable.Repeat(part, 1000)), 20)), 20);

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), watch.Elapsed.ToString());
    }
}
