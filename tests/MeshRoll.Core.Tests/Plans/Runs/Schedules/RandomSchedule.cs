using System.Text.Json.Nodes;
using MeshRoll.Core.Plans;
using MeshRoll.Core.Plans.Gates;
using MeshRoll.Core.Plans.Journal;
using MeshRoll.Core.Plans.Leasing;
using MeshRoll.Core.Plans.Windows;
using MeshRoll.Core.Restarts;
using MeshRoll.Core.Restarts.Strategies;
using MeshRoll.Core.Tests.Builders;
using MeshRoll.Core.Workloads;

namespace MeshRoll.Core.Tests.Plans.Runs.Schedules;

/// <summary>
/// One random schedule: a plan, machines that carry it out, and for some minutes all that may come between. Then calm, in which the plan must come to its end.
/// What must never be is checked where it would show: at the server when a workload is restarted, and in the journals afterwards.
/// </summary>
internal sealed class RandomSchedule
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 22, 0, 0, TimeSpan.Zero);

    private readonly Agenda _agenda = new();
    private readonly Trouble _trouble = new();
    private readonly Random _random;
    private readonly ScheduleServer _server;
    private readonly MemoryJournals _journals;
    private readonly List<Machine> _machines;
    private readonly MeshRolloutPlan _plan;
    private readonly bool _isShared;
    private readonly bool _hasGate;
    private readonly List<string> _faults = [];
    private readonly List<string> _robbed = [];
    private int _processes;
    private bool _isCalm;

    public RandomSchedule(int seed)
    {
        _random = new(seed);
        _journals = new(_agenda);
        string[] names = [.. Enumerable.Range(1, _random.Next(2, 7)).Select(number => $"web-{number}")];
        _server = new(_agenda, _random, names) { Restarting = Restarting };
        _machines = [.. Enumerable.Range(1, _random.Next(1, 4)).Select(number => new Machine($"m{number}", _agenda, Start))];
        _isShared = _random.Next(2) == 0;
        _hasGate = _random.Next(4) == 0;
        _plan = Plan(names);
    }

    /// <summary>What must not be and was.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>Things that came between.</summary>
    public Dictionary<string, int> Disturbances { get; } = [];

    /// <summary>How often another machine took the Lease though its holder had not given it back.</summary>
    public int Taken { get; private set; }

    /// <summary>Things that happened.</summary>
    public long Steps => _agenda.Happened;

    /// <summary>Lets it happen.</summary>
    public void Run()
    {
        foreach (var machine in _machines) _agenda.After(TimeSpan.FromSeconds(_random.Next(0, 40)), () => Begin(machine));
        var disturbed = TimeSpan.FromSeconds(_random.Next(60, 400));
        for (var count = _random.Next(2, 14); count > 0; count--) _agenda.After(_random.NextDouble() * disturbed, Disturb);
        _agenda.Run(() => false, disturbed);
        Calm();
        Check();
    }

    private MeshRolloutPlan Plan(string[] names)
    {
        var waves = _random.Next(1, Math.Min(3, names.Length) + 1);
        return new()
        {
            Name = "night",
            Id = "night",
            LeaseNamespace = "shop",
            Settings = new()
            {
                Strategy = RestartStrategy.Rolling,
                MaxConcurrent = _random.Next(0, 4),
                Delay = TimeSpan.FromSeconds(_random.Next(2) * 5),
                StopAfterFailures = _random.Next(0, 3),
                MaxPodsInTransition = _random.Next(3),
                Soak = TimeSpan.FromSeconds(_random.Next(2) * 20),
            },
            Windows = _random.Next(4) > 0 ? [] : [MaintenanceWindow.Parse("22:00-22:02 UTC"), MaintenanceWindow.Parse("22:03-22:30 UTC")],
            Waves =
            [
                .. names.Chunk((names.Length + waves - 1) / waves).Select((part, i) => new PlanWave
                {
                    Name = $"wave-{i + 1}",
                    Workloads = [.. part.Select(name => new PlannedWorkload { Namespace = "shop", Kind = "Deployment", Name = name, Pods = 1, DesiredVersion = "1.11.8" })],
                }),
            ],
        };
    }

    private void Begin(Machine machine, bool takesBackSuspension = false)
    {
        if (machine.Clock.IsHalted) return;
        var process = new MachineProcess(machine, ++_processes, _server, _agenda, _trouble, _journals, _random, Writing);
        machine.Add(process);
        process.Begin(_plan, _isShared ? "shared" : machine.By, _hasGate ? new Gate(new(_random.Next()), this) : null, takesBackSuspension);
    }

    private void Disturb()
    {
        var machine = _machines[_random.Next(_machines.Count)];
        var (name, after) = (_server.Names[_random.Next(_server.Names.Count)], TimeSpan.FromSeconds(_random.Next(1, 120)));
        switch (_random.Next(18))
        {
            case 0 or 1 or 2 when machine.Living.FirstOrDefault() is { } process && !machine.Clock.IsHalted:
                AtAnyTime(process, () => Kill(process, after));
                break;
            case 3 when machine.Living.FirstOrDefault() is { } process && !machine.Clock.IsHalted:
                Note("interrupted");
                process.Interrupt();
                _agenda.After(after, () => TakeUp(machine));
                break;
            case 4 or 5 when machine.Living.FirstOrDefault() is { } process:
                AtAnyTime(process, () => Halt(machine, after));
                break;
            case 6 or 7 when machine.Living.FirstOrDefault() is { } process:
                AtAnyTime(process, () => Cut(process, after));
                break;
            case 8:
                Note("server in trouble");
                _trouble.OneOf = _random.Next(2, 12);
                _agenda.After(after, () => _trouble.OneOf = 0);
                break;
            case 9:
                Meanwhile(machine, () => Edit(name, "restarted by somebody", item => LiveApiServer.Merge(item, RestartedBySomebody())));
                break;
            case 10:
                Meanwhile(machine, () => Edit(name, "scaled by somebody", item => item["spec"]!["replicas"] = _random.Next(2, 5)));
                break;
            // Nobody sets the clock of a machine that sleeps.
            case 11 when !machine.Clock.IsHalted:
                Note("clock set");
                machine.Clock.Offset += TimeSpan.FromSeconds(_random.Next(-300, 300));
                break;
            case 12 or 13:
                Wish();
                break;
            case 14 when !_journals.IsFull:
                Note("disk full");
                _journals.IsFull = true;
                _agenda.After(after, () => _journals.IsFull = false);
                break;
            case 16 or 17 when machine.Living.FirstOrDefault() is { } process:
                Note("Lease out of reach");
                process.Wire.AreLeasesCut = true;
                _agenda.After(after, () => process.Wire.AreLeasesCut = false);
                break;
            case 15 when _random.Next(3) == 0:
                Note("Lease deleted");
                // Whoever held it learns of that with its next renewal only.
                if (_server.Holder is { } holder) _robbed.Add(holder);
                _server.DropLease();
                break;
        }
    }

    /// <summary>At this moment, or at one of those that matter most: while a request about a workload or the Lease is on its way, or its answer.</summary>
    private void AtAnyTime(MachineProcess process, Action happens)
    {
        if (_random.Next(3) == 0) happens();
        else process.Wire.Ambush = (_random.Next(2) == 0, _random.Next(3) > 0 ? "deployments" : "leases", happens);
    }

    private void Meanwhile(Machine machine, Action happens)
    {
        if (machine.Living.FirstOrDefault() is { } process) AtAnyTime(process, happens);
        else happens();
    }

    private void Edit(string name, string what, Action<JsonObject> change)
    {
        if (_isCalm) return;
        Note(what);
        _server.Edit(name, change);
    }

    private void Kill(MachineProcess process, TimeSpan after)
    {
        if (_isCalm || process.IsOver || process.Machine.Clock.IsHalted) return;
        Note("killed");
        process.Kill(_random);
        _agenda.After(after, () => TakeUp(process.Machine));
    }

    private void Halt(Machine machine, TimeSpan after)
    {
        if (_isCalm || machine.Clock.IsHalted) return;
        var slept = _random.Next(2) == 0;
        // Long enough for another machine to take over.
        if (_random.Next(2) == 0) after += LeaseRules.Duration;
        Note(slept ? "asleep" : "paused");
        machine.Halt();
        _agenda.After(after, () => machine.Wake(slept, _random));
    }

    private void Cut(MachineProcess process, TimeSpan after)
    {
        if (_isCalm) return;
        Note("cut off");
        process.Wire.Cut();
        _agenda.After(after, process.Wire.Mend);
    }

    /// <summary>Somebody elsewhere wants something of whoever carries the plan out.</summary>
    private void Wish()
    {
        var (control, kind) = (new RunControl(Desk().Session), _random.Next(3));
        _agenda.Stir();
        Note(kind switch { 0 => "suspended", 1 => "resumed", _ => "stopped" });
        _ = kind switch
        {
            0 => control.SuspendAsync(_plan),
            1 => control.ResumeAsync(_plan),
            _ => control.StopAsync(_plan),
        };
    }

    private void TakeUp(Machine machine)
    {
        if (!_isCalm && !machine.Living.Any()) Begin(machine);
    }

    /// <summary>Nothing comes between any more: whoever is at it goes on, and when nobody is, somebody takes the plan up.</summary>
    private void Calm()
    {
        _isCalm = true;
        (_trouble.OneOf, _journals.IsFull) = (0, false);
        foreach (var machine in _machines)
        {
            machine.Wake(slept: false, _random);
            foreach (var process in machine.Living) process.Wire.Mend();
        }
        OpenWindow();
        for (var attempt = 0; attempt < 8; attempt++)
        {
            if (!_agenda.Run(() => _machines.TrueForAll(machine => !machine.Living.Any()), TimeSpan.FromMinutes(25)))
            {
                _agenda.Stir();
                _ = new RunControl(Desk().Session).ResumeAsync(_plan);
            }
            else if (LastJournal.Length > 0 && _machines[0].Processes[^1].Ended == RunStatus.Completed) return;
            else
            {
                LastJournal = _isShared ? "shared" : _machines[0].By;
                Begin(_machines[0], takesBackSuspension: true);
            }
            OpenWindow();
        }
        Fault($"the plan does not come to its end: {Processes()}");
    }

    private string Processes() =>
        string.Join("; ", _machines.SelectMany(machine => machine.Processes.Select(process => $"{process.Holder} {(process.IsDead ? "killed" : process.IsOver ? $"{process.Ended} {process.Error?.Message}" : "goes on")}")));

    /// <summary>All journals, for whoever looks for a fault.</summary>
    public string Tell() => string.Join(Environment.NewLine, _journals.Names.Select(journal => $"{journal}:{Environment.NewLine}{string.Join(Environment.NewLine, _journals.All(journal).Entries.Select(entry => $"  {entry.Number} {entry.Time:HH:mm:ss.f} {entry.Event} {entry.Workload?.Name} {entry.Wave} {entry.By} {entry.Message}"))}"));

    private string LastJournal { get; set; } = "";

    private void OpenWindow()
    {
        foreach (var machine in _machines.Where(_ => _plan.Windows.Count > 0)) machine.Clock.Offset = TimeSpan.FromMinutes(5) - new TimeSpan(_agenda.Now);
    }

    private MachineProcess Desk() => new(new("desk", _agenda, Start), ++_processes, _server, _agenda, new(), _journals, _random);

    /// <summary>What holds at the moment in which a process sends a change of a workload: it may arrive later, when it does not hold any more.</summary>
    private void Writing(MachineProcess process, string change)
    {
        if (process.IsDead || (_server.Holder ?? "").StartsWith(process.Holder, StringComparison.Ordinal)) return;
        lock (_robbed)
        {
            if (!_robbed.Exists(robbed => robbed.StartsWith(process.Holder, StringComparison.Ordinal))) Fault($"{process.Holder} writes {change} while the Lease is held by {_server.Holder ?? "nobody"}");
        }
    }

    /// <summary>What holds at the moment in which a plan's restart takes effect.</summary>
    private void Restarting(MachineProcess process, string name)
    {
        var reference = new WorkloadReference("shop", "Deployment", name);
        if (_server.Restarts.ContainsKey(name)) Fault($"{name} is restarted a second time, by {process.Holder}");
        var state = RunState.Of(_journals.Durable(process.Journal).Entries);
        if (state.Workloads.GetValueOrDefault(reference)?.State != RunWorkloadState.Starting && !process.IsDead) Fault($"{name} is restarted by {process.Holder} and its journal says {state.Workloads.GetValueOrDefault(reference)?.State.ToString() ?? "nothing"}");
        if (_server.Touched.TryGetValue(name, out var touched) && _journals.LearntAt(process.Journal, reference) < touched) Fault($"{name} is restarted by {process.Holder} though somebody else touched it");
    }

    private void Check()
    {
        if (_server.HasLease) Fault($"the Lease of {_server.Holder} is still there: {Processes()}");
        foreach (var journal in _journals.Names)
        {
            var entries = _journals.All(journal).Entries;
            for (var i = 0; i < entries.Count; i++)
            {
                if (entries[i].Number != i + 1) Fault($"the journal {journal} has the number {entries[i].Number} in the place of {i + 1}");
            }
            CheckHolds(journal, entries);
        }
        if (!_journals.Names.Contains(LastJournal)) return;
        var last = RunState.Of(_journals.All(LastJournal).Entries);
        foreach (var name in _server.Names)
        {
            var (restarts, touched) = (_server.Restarts.GetValueOrDefault(name), _server.Touched.ContainsKey(name));
            if (restarts > 1 || (restarts == 0 && !touched)) Fault($"{name} was restarted {restarts} times");
            if (last.Workloads.GetValueOrDefault(new("shop", "Deployment", name)) is not { IsOver: true } found) Fault($"{name} is not over by the journal");
            else if (found.State != RunWorkloadState.Done && found.Message.Length == 0) Fault($"{name} is {found.State} without a word why");
        }
    }

    /// <summary>Nothing is begun while the journal says that nothing is to be, or outside of a window.</summary>
    private void CheckHolds(string journal, IReadOnlyList<RunEntry> entries)
    {
        var state = RunState.Nothing;
        foreach (var entry in entries)
        {
            if (entry.Event == RunEvent.Starting)
            {
                if (state.Status is not RunStatus.Running) Fault($"{entry.Workload} is begun by {journal} while the run is {state.Status}");
                if (!_plan.Calendar.IsOpen(entry.Time)) Fault($"{entry.Workload} is begun by {journal} at {entry.Time:HH:mm:ss}, outside of the windows");
                if (entry.Wave != state.Wave) Fault($"{entry.Workload} of {entry.Wave} is begun by {journal} in {state.Wave}");
            }
            state = state.After(entry);
        }
    }

    private void Fault(string fault) => _faults.Add($"{new TimeSpan(_agenda.Now):hh\\:mm\\:ss\\.f} {fault}");

    private void Note(string disturbance) => Disturbances[disturbance] = Disturbances.GetValueOrDefault(disturbance) + 1;

    private JsonObject RestartedBySomebody() => new()
    {
        ["spec"] = new JsonObject { ["template"] = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [RestartPatch.Annotation] = $"2026-11-23T22:00:{_random.Next(10, 60)}Z" } } } },
    };

    /// <summary>Opens sooner or later; while it is calm, at once.</summary>
    private sealed class Gate(Random random, RandomSchedule schedule) : IRunGate
    {
        public Task<GateAnswer> AskAsync(GateQuestion question, CancellationToken cancellationToken)
        {
            var isOpen = schedule._isCalm || random.Next(3) == 0;
            return Task.FromResult(new GateAnswer(isOpen, isOpen ? "quiet" : "errors: 2 %"));
        }
    }
}
