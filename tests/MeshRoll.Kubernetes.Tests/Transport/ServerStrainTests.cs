using System.Net;
using MeshRoll.Kubernetes.Transport;

namespace MeshRoll.Kubernetes.Tests.Transport;

public sealed class ServerStrainTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly Uri Pods = new("https://server/api/v1/namespaces/shop/pods");

    [Fact]
    public void Throttling_and_failures_count_and_what_concerns_the_request_does_not()
    {
        var strain = new ServerStrain();
        foreach (var answer in (HttpStatusCode[])[HttpStatusCode.OK, HttpStatusCode.Conflict, HttpStatusCode.NotFound, HttpStatusCode.TooManyRequests, HttpStatusCode.InternalServerError, HttpStatusCode.GatewayTimeout])
            strain.Note(Pods, answer, Noon);

        Assert.Equal((1, 2), strain.Since(Noon));
    }

    [Fact]
    public void An_eviction_that_a_disruption_budget_holds_back_is_no_sign_of_strain()
    {
        var strain = new ServerStrain();
        strain.Note(new("https://server/api/v1/namespaces/shop/pods/web-1/eviction"), HttpStatusCode.TooManyRequests, Noon);
        strain.Note(new("https://server/api/v1/namespaces/shop/pods/web-1/eviction?dryRun=All"), HttpStatusCode.InternalServerError, Noon);

        Assert.Equal((0, 0), strain.Since(Noon));
    }

    [Fact]
    public void What_is_older_does_not_count_and_memory_stays_small()
    {
        var strain = new ServerStrain();
        for (var second = 0; second < 1000; second++) strain.Note(Pods, HttpStatusCode.TooManyRequests, Noon.AddSeconds(second));

        Assert.Equal((10, 0), strain.Since(Noon.AddSeconds(990)));
        Assert.Equal((64, 0), strain.Since(Noon));
    }

    [Fact]
    public async Task A_transport_takes_note_of_every_attempt()
    {
        using var server = new AlwaysBusy();
        await using var transport = new ClusterTransport(new() { Name = "busy", Server = new("http://busy.invalid/") }, new() { PrimaryHandler = server, MaxRetries = 2 });

        using var answer = await transport.SendAsync(() => new(HttpMethod.Get, new Uri("api/v1/pods", UriKind.Relative)), Replay.Safe, TestContext.Current.CancellationToken);

        Assert.Equal(3, server.Asked);
        Assert.Equal((3, 0), transport.Strain.Since(DateTimeOffset.UtcNow.AddMinutes(-1)));
    }

    private sealed class AlwaysBusy : HttpMessageHandler
    {
        public int Asked { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked++;
            var answer = new HttpResponseMessage(HttpStatusCode.TooManyRequests) { RequestMessage = request };
            answer.Headers.TryAddWithoutValidation("Retry-After", "0");
            return Task.FromResult(answer);
        }
    }
}
