using System.Net;
using System.Text;

namespace MeshRoll.Core.Tests.Plans.Runs.Schedules;

/// <summary>
/// The way from a process to the server and back: everything takes its time, what is cut arrives nowhere or its answer does not, the server is in trouble at
/// times, and nothing reaches a machine that does not go on.
/// </summary>
internal sealed class MachineWire(MachineProcess process, ScheduleServer server, Agenda agenda, Trouble trouble, Random random) : HttpMessageHandler
{
    private readonly List<TaskCompletionSource<HttpResponseMessage>> _open = [];
    private readonly List<ServerWatch> _watches = [];
    private readonly List<Action> _held = [];
    // Requests are made by several threads.
    private readonly Random _delays = new(random.Next());

    /// <summary>What happens when the next request about a workload, or the Lease, has reached the server, or is about to; once.</summary>
    public (bool Before, string Collection, Action Happens)? Ambush { get; set; }

    /// <summary>Called, on any thread, when the process sends a change of a workload.</summary>
    public Action<MachineProcess, string>? Writing { get; init; }

    /// <summary>Whether nothing passes.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Whether nothing passes that is about Leases.</summary>
    public bool AreLeasesCut { get; set; }

    /// <summary>The connections break, and no new ones come about until <see cref="Mend"/>.</summary>
    public void Cut()
    {
        IsCut = true;
        agenda.Stir();
        foreach (var watch in _watches) watch.Cut();
        _watches.Clear();
    }

    /// <summary>It passes again.</summary>
    public void Mend() => (IsCut, AreLeasesCut) = (false, false);

    /// <summary>What arrived while the machine did not go on is read now.</summary>
    public void Wake()
    {
        Action[] held = [.. _held];
        _held.Clear();
        random.Shuffle(held);
        foreach (var arrives in held) agenda.After(TimeSpan.Zero, () => Arrive(arrives));
    }

    /// <summary>The process is gone: whatever it waits for comes to an end.</summary>
    public void Kill()
    {
        Cut();
        List<TaskCompletionSource<HttpResponseMessage>> open;
        lock (_open) open = [.. _open];
        foreach (var call in open) call.TrySetException(Broken());
    }

    /// <summary>Something arrives at the process after some time.</summary>
    public void Later(Action arrives) => agenda.After(Latency(random), () => Arrive(arrives));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (process.IsDead) throw new HttpRequestException(HttpRequestError.ConnectionError, "the process is dead");
        var (method, uri, body) = (request.Method.Method, request.RequestUri!, request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken));
        if (method == "PATCH" && uri.AbsolutePath.Contains("/deployments/", StringComparison.Ordinal)) Writing?.Invoke(process, body);
        var call = new TaskCompletionSource<HttpResponseMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        TimeSpan latency;
        lock (_open)
        {
            _open.Add(call);
            latency = Latency(_delays);
        }
        agenda.After(latency, () => Reach(request, method, uri, body, call));
        try
        {
            return await call.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            lock (_open) _open.Remove(call);
        }
    }

    private void Reach(HttpRequestMessage request, string method, Uri uri, string body, TaskCompletionSource<HttpResponseMessage> call)
    {
        var ambush = Ambush is { } waiting && uri.AbsolutePath.Contains($"/{waiting.Collection}/", StringComparison.Ordinal) ? Ambush : null;
        if (ambush is not null) Ambush = null;
        if (ambush is { Before: true }) ambush.Value.Happens();
        Pass(request, method, uri, body, call);
        if (ambush is { Before: false }) ambush.Value.Happens();
    }

    private void Pass(HttpRequestMessage request, string method, Uri uri, string body, TaskCompletionSource<HttpResponseMessage> call)
    {
        // A dead process' last words may have been on their way.
        if (IsCut && (!process.IsDead || random.Next(2) == 0))
        {
            Lose(call);
            return;
        }
        if (AreLeasesCut && uri.AbsolutePath.Contains("/leases", StringComparison.Ordinal))
        {
            Lose(call);
            return;
        }
        if (trouble.Answer(method, random) is { } refusal)
        {
            Later(() => Answer(request, ScheduleServer.Refuse(refusal), call));
            return;
        }
        var answer = server.Serve(process, method, uri, body);
        if (answer.Watch is { } watch) _watches.Add(watch);
        agenda.After(Latency(random), () =>
        {
            if (IsCut || trouble.LosesAnswers(random)) Lose(call);
            else Arrive(() => Answer(request, answer, call));
        });
    }

    // An answer that is lost is sometimes known to be: the connection breaks. Otherwise the caller waits until he has enough.
    private void Lose(TaskCompletionSource<HttpResponseMessage> call)
    {
        if (random.Next(2) == 0) agenda.After(TimeSpan.FromSeconds(random.Next(1, 15)), () => Arrive(() => call.TrySetException(Broken())));
    }

    private void Arrive(Action arrives)
    {
        if (process.Machine.Clock.IsHalted)
        {
            _held.Add(arrives);
            return;
        }
        agenda.Stir();
        arrives();
    }

    private static void Answer(HttpRequestMessage request, ServerAnswer answer, TaskCompletionSource<HttpResponseMessage> call)
    {
        HttpContent content = answer.Watch is { } watch ? new StreamContent(watch.Body) { Headers = { ContentType = new("application/json") } } : new StringContent(answer.Body, Encoding.UTF8, "application/json");
        call.TrySetResult(new(answer.Code) { Content = content, RequestMessage = request });
    }

    private static TimeSpan Latency(Random random) => TimeSpan.FromMilliseconds(random.Next(20) == 0 ? random.Next(1000, 4000) : random.Next(1, 60));

    private static HttpRequestException Broken() => new(HttpRequestError.ResponseEnded, "the connection broke");
}

/// <summary>How the server fares.</summary>
internal sealed class Trouble
{
    /// <summary>Of so many requests one is refused, or its answer is lost; 0 for none.</summary>
    public int OneOf { get; set; }

    /// <summary>A refusal for a request; null for none.</summary>
    public HttpStatusCode? Answer(string method, Random random) => OneOf == 0 || random.Next(OneOf) > 0 ? null : random.Next(4) switch
    {
        0 when method != "GET" => HttpStatusCode.Conflict,
        1 => HttpStatusCode.TooManyRequests,
        2 => HttpStatusCode.ServiceUnavailable,
        _ => HttpStatusCode.InternalServerError,
    };

    /// <summary>Whether an answer is lost.</summary>
    public bool LosesAnswers(Random random) => OneOf > 0 && random.Next(2 * OneOf) == 0;
}
