namespace MeshRoll.Core.Tests.Plans.Runs.Schedules;

/// <summary>A machine with a clock of its own and the processes on it.</summary>
internal sealed class Machine(string name, Agenda agenda, DateTimeOffset start)
{
    private readonly List<MachineProcess> _processes = [];
    private long _haltedAt;

    /// <summary>Who works here.</summary>
    public string By { get; } = $"ops@{name}";

    public MachineClock Clock { get; } = new(agenda, start);

    /// <summary>All processes there ever were.</summary>
    public IReadOnlyList<MachineProcess> Processes => _processes;

    /// <summary>Those that are there.</summary>
    public IEnumerable<MachineProcess> Living => _processes.Where(process => !process.IsDead && !process.IsOver);

    public void Add(MachineProcess process) => _processes.Add(process);

    /// <summary>Whether a process is there, as the system tells.</summary>
    public bool Lives(int id) => _processes.Exists(process => process.Id == id && !process.IsDead && !process.IsOver);

    /// <summary>Its processes are stopped, or it sleeps.</summary>
    public void Halt()
    {
        _haltedAt = agenda.Now;
        Clock.Halt();
    }

    /// <summary>They go on.</summary>
    /// <param name="slept">Whether the machine slept, so that its monotonic clock did not go on.</param>
    /// <param name="random">The order of what waits for it.</param>
    public void Wake(bool slept, Random random)
    {
        if (!Clock.IsHalted) return;
        // What was sent and what was due come in any order.
        var answersFirst = random.Next(2) == 0;
        if (answersFirst) Answers();
        Clock.Wake(new(agenda.Now - _haltedAt), slept, random);
        if (!answersFirst) Answers();

        void Answers()
        {
            foreach (var process in _processes) process.Wire.Wake();
        }
    }
}
