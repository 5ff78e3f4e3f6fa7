using MeshRoll.Kubernetes.Tests.Builders;
using MeshRoll.Sandbox.Time;

namespace MeshRoll.Sandbox.Tests.Time;

public sealed class SimulationTests : IDisposable
{
    private static readonly TimeSpan s_day = TimeSpan.FromDays(1);

    private readonly ManualTimeProvider _clock = new();
    private readonly List<string> _seen = [];
    private Simulation? _simulation;

    [Fact]
    public void What_is_due_at_one_instant_happens_in_the_order_of_planning_and_earlier_things_first()
    {
        var simulation = Create();
        simulation.After(TimeSpan.FromSeconds(2), () => _seen.Add("late"));
        simulation.Soon(() =>
        {
            _seen.Add("first");
            simulation.Soon(() => _seen.Add("third"));
        });
        simulation.Soon(() => _seen.Add("second"));

        simulation.Settle(s_day);

        Assert.Equal(["first", "second", "third", "late"], _seen);
    }

    [Fact]
    public void Settling_jumps_to_each_event_and_leaves_the_clock_there()
    {
        var simulation = Create();
        var start = simulation.Now;
        simulation.After(TimeSpan.FromHours(3), () => _seen.Add($"{simulation.Now - start}"));

        simulation.Settle(s_day);

        Assert.Equal(["03:00:00"], _seen);
        Assert.Equal(start.AddHours(3), simulation.Now);
    }

    [Fact]
    public void Settling_stops_at_its_limit()
    {
        var simulation = Create();
        simulation.After(TimeSpan.FromDays(2), () => _seen.Add("too late"));

        simulation.Settle(s_day);

        Assert.Empty(_seen);
    }

    [Fact]
    public void Time_does_not_run_for_cancelled_work_behind_background_work()
    {
        var simulation = Create();
        var start = simulation.Now;
        simulation.After(TimeSpan.FromSeconds(15), () => _seen.Add("background"), background: true);
        simulation.After(TimeSpan.FromMinutes(10), () => _seen.Add("cancelled")).Cancel();

        simulation.Settle(s_day);

        Assert.Empty(_seen);
        Assert.Equal(start, simulation.Now);
    }

    [Fact]
    public void Cancelled_work_does_not_happen()
    {
        var simulation = Create();
        var work = simulation.After(TimeSpan.FromSeconds(1), () => _seen.Add("cancelled"));
        work.Cancel();

        simulation.Settle(s_day);

        Assert.Empty(_seen);
        Assert.True(work.IsOver);
    }

    [Fact]
    public void Background_work_happens_on_the_way_and_never_alone()
    {
        var simulation = Create();
        simulation.After(TimeSpan.FromSeconds(1), Again, background: true);
        simulation.After(TimeSpan.FromSeconds(3.5), () => _seen.Add("wanted"));

        simulation.Settle(s_day);

        Assert.Equal(["background", "background", "background", "wanted"], _seen);

        void Again()
        {
            _seen.Add("background");
            simulation.After(TimeSpan.FromSeconds(1), Again, background: true);
        }
    }

    [Theory]
    [InlineData(1, 10)]
    [InlineData(60, 600)]
    public async Task Started_time_passes_as_fast_as_its_scale_says(double scale, int seconds)
    {
        var simulation = Create(scale);
        var start = simulation.Now;
        simulation.After(TimeSpan.FromSeconds(seconds), () => _seen.Add("due"));
        simulation.Start(start);

        await simulation.IdleAsync();
        _clock.Advance(TimeSpan.FromSeconds(9));
        await simulation.IdleAsync();
        Assert.Empty(_seen);

        _clock.Advance(TimeSpan.FromSeconds(1));
        simulation.Enter(() => { });
        await simulation.IdleAsync();
        Assert.Equal(["due"], _seen);
        Assert.Equal(start.AddSeconds(seconds), simulation.Now);
    }

    [Fact]
    public async Task Virtual_time_jumps_and_then_rests()
    {
        var simulation = Create(double.PositiveInfinity);
        var start = simulation.Now;
        simulation.Start(start);

        simulation.Enter(() => simulation.After(TimeSpan.FromHours(5), () => _seen.Add("hours later")));
        await simulation.IdleAsync().WaitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["hours later"], _seen);
        Assert.Equal(start.AddHours(5), simulation.Now);
    }

    [Fact]
    public void Before_its_start_requests_see_the_world_and_nothing_happens()
    {
        var simulation = Create();

        Assert.Equal(3, simulation.Enter(() =>
        {
            simulation.Soon(() => _seen.Add("never"));
            return 3;
        }));

        Assert.Empty(_seen);
    }

    [Fact]
    public void The_same_seed_gives_the_same_chances() =>
        Assert.Equal(new Simulation(new() { Seed = 7 }).Random.Next(), new Simulation(new() { Seed = 7 }).Random.Next());

    [Fact]
    public async Task After_its_end_nothing_happens_and_nobody_waits()
    {
        var simulation = Create();
        simulation.After(TimeSpan.FromSeconds(1), () => _seen.Add("never"));
        simulation.Start(simulation.Now);
        simulation.Dispose();

        _clock.Advance(TimeSpan.FromMinutes(1));
        await simulation.IdleAsync();

        Assert.Empty(_seen);
    }

    public void Dispose() => _simulation?.Dispose();

    private Simulation Create(double scale = 1) => _simulation = new(new() { TimeProvider = _clock, Scale = scale });
}
