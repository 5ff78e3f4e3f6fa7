using System.Globalization;
using MeshRoll.Core.Restarts.Marks;
using MeshRoll.Core.Restarts.Replacing;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Workloads;

namespace MeshRoll.Core.Tests.Restarts.Replacing;

/// <summary>
/// Whatever goes wrong, and wherever a run is killed: as many pods serve as the strategy promises, no pod is replaced twice, and in the end the count is what
/// it was and no mark is left. MESHROLL_SCHEDULES sets how many worlds are played for each strategy (2,000).
/// </summary>
public sealed class RandomReplacementsTests
{
    private static readonly int Schedules = int.Parse(Environment.GetEnvironmentVariable("MESHROLL_SCHEDULES") ?? "2000", CultureInfo.InvariantCulture);

    public static TheoryData<string> Strategies => ["Surge", "Evict", "Evict several", "Evict with downtime"];

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Every_schedule_of_faults_and_kills_ends_whole(string strategy)
    {
        var outcomes = new Dictionary<RolloutState, int>();
        for (var seed = 0; seed < Schedules; seed++)
        {
            var play = new Play(strategy, seed, isKind: false);
            play.Run();
            if (play.Outcome is { } outcome) outcomes[outcome.State] = outcomes.GetValueOrDefault(outcome.State) + 1;
        }

        // The schedules are worth something only if they end in all ways.
        Assert.True(outcomes.GetValueOrDefault(RolloutState.Complete) > Schedules / 4, string.Join(", ", outcomes));
        Assert.True(outcomes.GetValueOrDefault(RolloutState.Failed) > Schedules / 20, string.Join(", ", outcomes));
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Where_nothing_goes_wrong_all_pods_are_replaced(string strategy)
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var play = new Play(strategy, seed, isKind: true);
            play.Run();
            Assert.True(play.Outcome is { State: RolloutState.Complete } && play.World.OldLeft == 0, $"{strategy} {seed}: {play.Outcome}");
        }
    }

    /// <summary>One world, and the runs that work in it one after the other: each may be killed before or after any of its writes.</summary>
    private sealed class Play
    {
        private readonly Random _random;
        private readonly string _strategy;
        private readonly int _seed;
        private readonly bool _mayBeKilled;
        private readonly HashSet<string> _evicted = [];
        private int _runs;

        public Play(string strategy, int seed, bool isKind)
        {
            (_strategy, _seed, _random, World) = (strategy, seed, new(seed * 31 + 7), new(seed, isKind));
            // Robbed of the mark and killed as well, nobody is left who knows.
            _mayBeKilled = !isKind && !World.Disruptions.MarkThief && _random.Next(2) == 0;
        }

        public ReplacementWorld World { get; }

        public Outcome? Outcome { get; private set; }

        public void Run()
        {
            for (var attempt = 0; attempt < 6 && Outcome is null; attempt++) Outcome = RunOnce();
            // Whoever was killed to the last leaves it to Repair-MeshWorkload.
            if (Outcome is null) Repair();
            Check(World.Mark.Mark is null || World.IsDeleted, "a mark is left");
            Check(World.IsDeleted || World.WasScaled || World.Replicas == World.OriginalReplicas, $"{World.Replicas} pods are wanted, it was {World.OriginalReplicas}");
            if (Outcome is { State: RolloutState.Complete } && !World.WasScaled) Check(World.OldLeft == 0, "complete, but old pods are left");
        }

        private Outcome? RunOnce()
        {
            var machine = Machine($"run{++_runs}");
            var memory = new ReplacementMemory { TakesOver = World.Mark.Mark?.Run };
            for (var step = 0; step < 5000; step++)
            {
                World.Advance();
                var sight = World.Look();
                var version = World.Version;
                memory = memory.Seeing(sight, World.Now);
                var next = machine.Next(sight, memory, World.Now);
                if (next is ReplacementStep.End end) return end.Outcome;
                if (next is ReplacementStep.Wait) continue;

                if (_mayBeKilled && _random.Next(12) == 0) return Killed(null);
                // Somebody may be quicker.
                if (_random.Next(10) == 0) World.Advance();
                memory = Do(next, version, memory);
                if (_mayBeKilled && _random.Next(12) == 0) return Killed(next);
            }
            Check(false, $"does not end: {machine.Next(World.Look(), memory, World.Now)}");
            return null;
        }

        // Whoever was killed after the last write was not: it is over.
        private Outcome? Killed(ReplacementStep? after) => after is ReplacementStep.Release release && World.Mark.Mark is null ? release.Outcome : null;

        private ReplacementMemory Do(ReplacementStep step, long version, ReplacementMemory memory)
        {
            switch (step)
            {
                case ReplacementStep.Set(var mark, var replicas):
                    return World.Write(version, new(mark, null), replicas) ? memory with { Mark = mark } : memory;
                case ReplacementStep.Release(var outcome, var replicas):
                    return World.Write(version, default, replicas) ? memory with { Released = outcome, MovedAt = World.Now } : memory;
                case ReplacementStep.Evict(var pod):
                    return Evict(pod, memory);
                default:
                    throw new InvalidOperationException(step.ToString());
            }
        }

        private ReplacementMemory Evict(SeenPod pod, ReplacementMemory memory)
        {
            var model = World.Pods.FirstOrDefault(model => model.Uid == pod.Uid);
            var served = model is not null && World.IsAvailable(model);
            // What happened between the look and the eviction is nobody's promise; what is seen at the eviction is.
            var (floor, before) = (Floor(), World.Available);
            var isQuick = pod.IsAvailable == served && World.Look().Available == before;
            if (!World.Evict(pod.Uid)) return memory with { Blocked = ("the budget", World.Now + TimeSpan.FromSeconds(5)), MovedAt = World.Now };

            Check(pod.IsOld, $"{pod.Name} is a replacement and was evicted");
            Check(_evicted.Add(pod.Uid), $"{pod.Name} was evicted twice");
            if (served && isQuick && World.Mark.Mark is not null && !_raced) Check(World.Available >= floor, $"{World.Available} serve after an eviction, {floor} were promised");
            return memory with { EvictedAt = World.Now, CalmSince = null, MovedAt = World.Now, Blocked = null };
        }

        private bool _raced => World.Disruptions.Flapping || World.WasScaled;

        private int Floor() => _strategy switch
        {
            "Surge" => World.OriginalReplicas,
            "Evict several" => Math.Max(AllowsDowntime ? 0 : 1, World.Replicas - 2),
            _ => Math.Max(AllowsDowntime ? 0 : 1, World.Replicas - 1),
        };

        private bool AllowsDowntime => _strategy == "Evict with downtime" || World.OriginalReplicas == 1;

        private ReplacementMachine Machine(string run)
        {
            var order = new ReplacementOrder
            {
                Workload = new("shop", WorkloadKinds.Deployment, "web"),
                Mark = new() { Run = run, Strategy = _strategy == "Surge" ? "Surge" : "Evict", By = "ann@build", Process = 1, Since = World.Now, Beat = World.Now },
                MaxUnavailable = _strategy == "Evict several" ? 2 : 1,
                AllowDowntime = AllowsDowntime,
                PodDelay = _seed % 4 == 0 ? TimeSpan.FromMinutes(1) : TimeSpan.Zero,
                Patience = TimeSpan.FromMinutes(5),
                Deadline = World.Now + TimeSpan.FromMinutes(45),
            };
            return _strategy == "Surge" ? new SurgeMachine(order, _seed % 3 == 0 ? 2 : 1) : new EvictMachine(order);
        }

        private void Repair()
        {
            while (!World.IsDeleted && World.Mark.Mark is { } mark) World.Write(World.Version, default, MarkRules.ReplicasToRestore(mark, World.Replicas));
        }

        private void Check(bool holds, string otherwise) => Assert.True(holds, $"{_strategy}, seed {_seed}, run {_runs}, {World.Disruptions}: {otherwise}");
    }
}
