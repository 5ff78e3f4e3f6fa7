using MeshRoll.Core.Plans;
using MeshRoll.Core.Plans.Gates;
using MeshRoll.Core.Plans.Journal;
using MeshRoll.Core.Plans.Runs;
using MeshRoll.Kubernetes;
using MeshRoll.Kubernetes.Configuration;

namespace MeshRoll.Core.Tests.Plans.Runs.Schedules;

/// <summary>A process on a machine that carries the plan out, until it ends by itself or is killed.</summary>
internal sealed class MachineProcess
{
    private readonly CancellationTokenSource _end = new();
    private readonly MemoryJournals _journals;
    private readonly Agenda _agenda;
    private Task _running = Task.CompletedTask;

    public MachineProcess(Machine machine, int id, ScheduleServer server, Agenda agenda, Trouble trouble, MemoryJournals journals, Random random, Action<MachineProcess, string>? writing = null)
    {
        (Machine, Id, _journals, _agenda) = (machine, id, journals, agenda);
        Wire = new(this, server, agenda, trouble, random) { Writing = writing };
        Session = new(new ClusterConnection { Name = "model", Server = new("http://model.invalid/"), Namespace = "shop" }, new() { PrimaryHandler = Wire, TimeProvider = machine.Clock })
        {
            Runs = new(machine.By, id, process => machine.Lives(process) ? DateTime.MinValue : null),
        };
    }

    public Machine Machine { get; }

    public int Id { get; }

    public MachineWire Wire { get; }

    public ClusterSession Session { get; }

    /// <summary>Killed: no word of it reaches anybody any more.</summary>
    public bool IsDead { get; private set; }

    /// <summary>Whether nothing of it goes on any more.</summary>
    public bool IsOver => _running.IsCompleted;

    /// <summary>Where the run stood when it ended by itself; null when it was killed or ended by an error.</summary>
    public RunStatus? Ended { get; private set; }

    /// <summary>The error it ended by.</summary>
    public Exception? Error { get; private set; }

    /// <summary>As the Lease names it.</summary>
    public string Holder => $"{Machine.By}/{Id}/";

    /// <summary>The journal it writes.</summary>
    public string Journal { get; private set; } = "";

    /// <summary>Takes the plan up.</summary>
    public void Begin(MeshRolloutPlan plan, string journal, IRunGate? gate, bool takesBackSuspension)
    {
        Journal = journal;
        _agenda.Stir();
        _running = Task.Run(() => RunAsync(plan, new() { Journal = journal, Gate = gate, GateInterval = TimeSpan.FromSeconds(10), GateTimeout = TimeSpan.FromMinutes(1), TakesBackSuspension = takesBackSuspension }));
    }

    /// <summary>kill -9.</summary>
    public void Kill(Random random)
    {
        IsDead = true;
        _journals.Killed(this, random);
        Wire.Kill();
        // What is left of it in the test's own process comes to an end, unheard.
        _end.Cancel();
    }

    /// <summary>Ctrl+C.</summary>
    public void Interrupt()
    {
        _agenda.Stir();
        _end.Cancel();
    }

    private async Task RunAsync(MeshRolloutPlan plan, PlanRunOptions options)
    {
        try
        {
            await foreach (var news in new PlanRunner(Session) { OpenJournal = path => _journals.Open(path, this) }.RunAsync(plan, options, _end.Token))
            {
                if (news is RunNews.Recorded { Run: var run } && !IsDead) Ended = run.Status;
            }
        }
        catch (Exception error) when (error is MeshRollException or OperationCanceledException)
        {
            (Error, Ended) = (error, null);
        }
        finally
        {
            await Session.DisposeAsync();
            _end.Dispose();
        }
    }
}
