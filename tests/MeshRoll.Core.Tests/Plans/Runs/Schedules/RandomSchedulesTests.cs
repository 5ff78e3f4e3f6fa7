using System.Globalization;

namespace MeshRoll.Core.Tests.Plans.Runs.Schedules;

/// <summary>Virtual time waits for the threads of the pool to come to rest: nothing else may keep them busy meanwhile.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

/// <summary>
/// Whole runs in virtual time, by the real runner, Lease and journal, on up to three machines that are killed, paused, put to sleep, cut off, and told this
/// and that. MESHROLL_RUN_SCHEDULES says how many schedules (10000 take some minutes), MESHROLL_RUN_SEED with which to begin.
/// </summary>
[Collection(nameof(Alone))]
public sealed class RandomSchedulesTests(ITestOutputHelper output)
{
    private static readonly int Schedules = Number("MESHROLL_RUN_SCHEDULES", 200);
    private static readonly int FirstSeed = Number("MESHROLL_RUN_SEED", 1);

    [Fact]
    public async Task Whatever_comes_between_each_workload_is_restarted_once_by_one_machine_at_a_time()
    {
        var (happened, faults, steps, began) = (new Dictionary<string, int>(), new List<string>(), 0L, Environment.TickCount64);
        // A thread of its own: none of the pool's.
        await Task.Factory.StartNew(() =>
        {
            for (var seed = FirstSeed; seed < FirstSeed + Schedules && faults.Count < 20; seed++)
            {
                var schedule = new RandomSchedule(seed);
                schedule.Run();
                faults.AddRange(schedule.Faults.Select(fault => $"schedule {seed}: {fault}"));
                if (schedule.Faults.Count > 0) output.WriteLine($"schedule {seed}:{Environment.NewLine}{schedule.Tell()}");
                steps += schedule.Steps;
                foreach (var (what, count) in schedule.Disturbances) happened[what] = happened.GetValueOrDefault(what) + count;
            }
        }, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        output.WriteLine($"{Schedules} schedules, {steps} steps, {(Environment.TickCount64 - began) / 1000.0:0.0} s; {string.Join(", ", happened.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key} {pair.Value}"))}");
        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
    }

    private static int Number(string variable, int otherwise) => int.Parse(Environment.GetEnvironmentVariable(variable) ?? $"{otherwise}", CultureInfo.InvariantCulture);
}
