using MeshRoll.Core.Plans.Leasing;
using MeshRoll.Core.Restarts.Marks;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.Plans.Leasing;

/// <summary>
/// Ten thousand random schedules of a Lease in virtual time: several machines that come, are cut off, freeze, are killed and come back, with answers that take
/// their time or are lost. Whoever may write is alone, and whoever waits gets it in the end.
/// </summary>
public sealed class LeaseSchedulesTests
{
    private const int Schedules = 10_000;
    private const int Seconds = 300;

    // What a replacement may still write after its run was told to stop.
    private const int TidyUp = 10;

    [Fact]
    public void Never_may_two_machines_write_and_never_does_a_free_Lease_stay_free()
    {
        var (taken, lost) = (0, 0);
        for (var seed = 0; seed < Schedules; seed++)
        {
            var world = new World(seed);
            for (var now = 0; now < Seconds; now++) world.Step(now);
            Assert.True(world.Fault is null, $"schedule {seed}: {world.Fault}");
            taken += world.Taken;
            lost += world.Lost;
        }
        // Schedules in which nothing happens would prove nothing.
        Assert.True(taken > Schedules / 2 && lost > Schedules / 2, $"taken over {taken} times, lost {lost} times");
    }

    [Theory]
    [InlineData("", 0, "Take")]
    [InlineData("me@here/1/run", 0, "Renew")]
    [InlineData("ann@build-7/4711/x", 59, "Wait")]
    [InlineData("ann@build-7/4711/x", 60, "Take")]
    [InlineData("something else", 59, "Wait")]
    [InlineData("dead@here/1/run", 0, "Take")]
    public void What_is_done_depends_on_who_holds_it_and_for_how_long_it_has_not_changed(string holder, int unchanged, string step) =>
        Assert.Equal(step, LeaseRules.Decide(new() { Spec = new() { HolderIdentity = holder, LeaseDurationSeconds = 60 } }, new("me@here", 1, "run"), TimeSpan.FromSeconds(unchanged), new Machines()).GetType().Name);

    [Theory]
    [InlineData(null, 59, false)]
    [InlineData(null, 60, true)]
    [InlineData(0, 1, true)]
    [InlineData(100_000, 3599, false)]
    [InlineData(100_000, 3600, true)]
    public void A_Lease_is_held_for_as_long_as_it_says_within_reason(int? seconds, int unchanged, bool taken) =>
        Assert.Equal(taken, LeaseRules.Decide(new() { Spec = new() { HolderIdentity = "ann@build-7/4711/x", LeaseDurationSeconds = seconds } }, new("me@here", 1, "run"), TimeSpan.FromSeconds(unchanged), new Machines()) is LeaseStep.Take);

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(34, 34, true)]
    [InlineData(35, 0, false)]
    [InlineData(0, 35, false)]
    [InlineData(30, 29, true)]
    [InlineData(30, 28, false)]
    [InlineData(0, -3600, false)]
    public void A_run_is_sure_of_its_Lease_by_both_clocks(int elapsed, int onTheWall, bool sure) => Assert.Equal(sure, LeaseRules.IsSure(TimeSpan.FromSeconds(elapsed), TimeSpan.FromSeconds(onTheWall)));

    [Fact]
    public void A_run_is_told_to_stop_well_before_anybody_else_may_take_its_Lease() => Assert.True(LeaseRules.StopAfter + TimeSpan.FromSeconds(20) <= LeaseRules.Duration);

    [Fact]
    public void A_wish_that_makes_no_sense_is_none()
    {
        Assert.Equal(RunWish.None, RunWish.Of(Wished("dance ann@build-7")));
        Assert.Equal(new(RunWishKind.Suspend, "ann@build-7"), RunWish.Of(Wished("suspend ann@build-7")));
        Assert.Equal(new(RunWishKind.Stop, "somebody"), RunWish.Of(Wished("stop")));
    }

    private static Lease Wished(string wish) => new() { Metadata = new() { Annotations = new Dictionary<string, string> { [RunWish.Annotation] = wish } } };

    private sealed class Machines : IRunRegistry
    {
        public bool MayRun(RestartMark mark) => mark.By != "dead@here";
    }

    /// <summary>One server with one Lease, and three machines that want it.</summary>
    private sealed class World(int seed)
    {
        private static readonly Machines Registry = new();

        private readonly Random _random = new(seed);
        private readonly Machine[] _machines = [new("a"), new("b"), new("c")];
        private readonly List<(int At, Action<int> Happens)> _coming = [];
        private string? _holder;
        private int _version = 1;
        private int _free;

        public string? Fault { get; private set; }

        public int Taken { get; private set; }

        public int Lost { get; private set; }

        public void Step(int now)
        {
            // What happens now may add what comes later.
            for (var i = 0; i < _coming.Count; i++)
            {
                if (_coming[i].At == now) _coming[i].Happens(now);
            }
            _coming.RemoveAll(coming => coming.At <= now);
            var first = _random.Next(_machines.Length);
            for (var i = 0; i < _machines.Length; i++)
            {
                var machine = _machines[(first + i) % _machines.Length];
                Trouble(machine, now);
                if (machine.FrozenUntil > now) continue;
                if (machine.Holds) Hold(machine, now);
                else if (machine.Wants && now % 2 == machine.Name[0] % 2) Try(machine, now);
            }
            var writing = _machines.Count(machine => machine.Holds && machine.FrozenUntil <= now);
            if (writing > 1) Fault ??= $"{writing} machines may write at {now}";
            _free = writing > 0 || !_machines.Any(machine => machine.Wants && machine.CutUntil <= now && machine.FrozenUntil <= now) ? 0 : _free + 1;
            if (_free > 200) Fault ??= $"nobody has had it for {_free} s at {now}";
        }

        // A frozen process (a virtual machine that is moved) is not counted as writing: what it writes when it wakes is the next look's, which the Lease's version refuses.
        private void Trouble(Machine machine, int now)
        {
            switch (_random.Next(400))
            {
                case < 4: machine.CutUntil = now + _random.Next(5, 120); break;
                case 4: machine.FrozenUntil = now + _random.Next(1, 20); break;
                case 5: machine.Die(); break;
                case 6 or 7: machine.Wants = true; break;
            }
        }

        private void Hold(Machine machine, int now)
        {
            if (now - machine.RenewedAt >= LeaseRules.StopAfter.TotalSeconds)
            {
                Lost++;
                machine.Holds = false;
                return;
            }
            if (machine.Asking || now < machine.NextAt) return;
            var version = machine.Version;
            Ask(machine, now, () => _holder == machine.Holder && _version == version ? ++_version : 0, (sent, answer) =>
            {
                if (answer == 0) (machine.Holds, Lost) = (false, Lost + (machine.Holds ? 1 : 0));
                else (machine.Version, machine.RenewedAt, machine.NextAt) = (answer, sent, sent + (int)LeaseRules.RenewEvery.TotalSeconds);
            });
        }

        private void Try(Machine machine, int now)
        {
            if (machine.Asking || machine.CutUntil > now) return;
            if (machine.Version != _version) (machine.Version, machine.Since) = (_version, now);
            var found = _holder is null ? null : new Lease { Spec = new() { HolderIdentity = _holder, LeaseDurationSeconds = 60 } };
            if (LeaseRules.Decide(found, LeaseHolder.Parse(machine.Holder)!, TimeSpan.FromSeconds(now - machine.Since), Registry) is LeaseStep.Wait) return;
            var version = _version;
            Ask(machine, now, () => Take(machine, version), (sent, answer) =>
            {
                if (answer == 0 || now + 30 < sent) return;
                (machine.Holds, machine.Version, machine.RenewedAt, machine.NextAt) = (true, answer, sent, sent + (int)LeaseRules.RenewEvery.TotalSeconds);
            });
        }

        private int Take(Machine machine, int version)
        {
            if (_version != version) return 0;
            if (_holder is not null && _holder != machine.Holder) Taken++;
            _holder = machine.Holder;
            return ++_version;
        }

        /// <summary>A request reaches the server after a while, or never, and so does its answer.</summary>
        private void Ask(Machine machine, int now, Func<int> serve, Action<int, int> answered)
        {
            var (life, there) = (machine.Life, now + 1 + _random.Next(4));
            machine.Asking = true;
            _coming.Add((there, at =>
            {
                var isThere = machine.CutUntil <= at && _random.Next(20) > 0;
                var answer = isThere ? serve() : -1;
                if (isThere && answer > 0) Alone(machine, at);
                _coming.Add((at + 1 + _random.Next(4), back =>
                {
                    if (machine.Life != life) return;
                    machine.Asking = false;
                    if (answer < 0 || machine.CutUntil > back || _random.Next(20) == 0) machine.NextAt = back + 2;
                    else answered(now, answer);
                }
                ));
            }
            ));
        }

        /// <summary>When one has it, all others have stopped, and have had the time to take back what they were at.</summary>
        private void Alone(Machine machine, int at)
        {
            foreach (var other in _machines.Where(other => other != machine && other.Holds && other.RenewedAt + LeaseRules.StopAfter.TotalSeconds + TidyUp > at))
                Fault ??= $"{machine.Name} got it at {at}, while {other.Name} had renewed it at {other.RenewedAt}";
        }
    }

    private sealed class Machine(string name)
    {
        public string Name { get; } = name;

        public string Holder { get; private set; } = $"{name}@there/1/0";

        public bool Wants { get; set; } = true;

        public bool Holds { get; set; }

        public bool Asking { get; set; }

        public int Version { get; set; }

        public int Since { get; set; }

        public int RenewedAt { get; set; }

        public int NextAt { get; set; }

        public int CutUntil { get; set; }

        public int FrozenUntil { get; set; }

        public int Life { get; private set; }

        /// <summary>Killed. What comes back is another process.</summary>
        public void Die()
        {
            (Holds, Wants, Asking) = (false, false, false);
            Holder = $"{Name}@there/1/{++Life}";
        }
    }
}
