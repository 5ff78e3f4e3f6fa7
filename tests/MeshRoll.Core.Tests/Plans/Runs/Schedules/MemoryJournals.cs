using MeshRoll.Core.Plans.Journal;
using MeshRoll.Core.Workloads;

namespace MeshRoll.Core.Tests.Plans.Runs.Schedules;

/// <summary>A disk with journals: what was flushed stays when a process is killed, of the rest a part.</summary>
internal sealed class MemoryJournals(Agenda agenda)
{
    private readonly object _gate = new();
    private readonly Dictionary<string, Content> _files = [];

    /// <summary>Whether nothing fits on it any more.</summary>
    public bool IsFull { get; set; }

    /// <summary>The journals there are.</summary>
    public IReadOnlyCollection<string> Names
    {
        get
        {
            lock (_gate) return [.. _files.Keys];
        }
    }

    /// <summary>What is on the disk for certain.</summary>
    public JournalReading Durable(string name)
    {
        lock (_gate) return _files.TryGetValue(name, out var file) ? JournalReader.Read(file.Bytes.AsMemory(0, file.Flushed)) : new([], [], false);
    }

    /// <summary>All that was written.</summary>
    public JournalReading All(string name)
    {
        lock (_gate) return JournalReader.Read(_files[name].Bytes.AsMemory(0, _files[name].Length));
    }

    /// <summary>When a journal first told how a workload was found; null when it has not.</summary>
    public long? LearntAt(string name, WorkloadReference workload)
    {
        lock (_gate) return _files.TryGetValue(name, out var file) && file.Learnt.TryGetValue(workload, out var at) ? at : null;
    }

    /// <summary>Opens one for a process.</summary>
    public IJournalFile Open(string name, MachineProcess process)
    {
        lock (_gate)
        {
            if (process.IsDead) throw new IOException("the process is dead");
            if (IsFull) throw new IOException("No space left on device");
            if (!_files.TryGetValue(name, out var file)) _files[name] = file = new();
            if (file.Writer is not null) throw new IOException($"The file '{name}' is being used by another process");
            file.Writer = process;
            return new Handle(this, file, process);
        }
    }

    /// <summary>A process is gone: its files are closed, and what was not flushed may be lost, also in the middle of a line.</summary>
    public void Killed(MachineProcess process, Random random)
    {
        lock (_gate)
        {
            foreach (var file in _files.Values.Where(file => file.Writer == process))
            {
                file.Length = file.Flushed + random.Next(file.Length - file.Flushed + 1);
                file.Writer = null;
                var known = JournalReader.Read(file.Bytes.AsMemory(0, file.Length)).Entries.Where(entry => entry.Event == RunEvent.Known).Select(entry => entry.Workload!).ToHashSet();
                foreach (var lost in file.Learnt.Keys.Where(workload => !known.Contains(workload)).ToList()) file.Learnt.Remove(lost);
            }
        }
    }

    private sealed class Content
    {
        public byte[] Bytes = new byte[4096];
        public int Length;
        public int Flushed;
        public MachineProcess? Writer;

        public Dictionary<WorkloadReference, long> Learnt { get; } = [];
    }

    private sealed class Handle(MemoryJournals disk, Content file, MachineProcess process) : IJournalFile
    {
        private bool IsOpen => !process.IsDead && file.Writer == process;

        public JournalReading Read()
        {
            lock (disk._gate) return JournalReader.Read(file.Bytes.AsMemory(0, file.Length));
        }

        public void Append(ReadOnlySpan<byte> text)
        {
            lock (disk._gate)
            {
                if (!IsOpen) return;
                var fits = disk.IsFull ? text.Length / 2 : text.Length;
                if (file.Length + fits > file.Bytes.Length) Array.Resize(ref file.Bytes, Math.Max(2 * file.Bytes.Length, file.Length + fits));
                text[..fits].CopyTo(file.Bytes.AsSpan(file.Length));
                file.Length += fits;
                if (disk.IsFull) throw new IOException("No space left on device");
                if (EntryText.Read(text[..^1].ToArray()) is { Event: RunEvent.Known, Workload: { } workload }) file.Learnt.TryAdd(workload, disk.Now);
            }
        }

        public void Flush()
        {
            lock (disk._gate)
            {
                if (IsOpen) file.Flushed = file.Length;
            }
        }

        public void Dispose()
        {
            lock (disk._gate)
            {
                // What a process leaves behind when it ends by itself, the system writes in time.
                if (IsOpen) (file.Writer, file.Flushed) = (null, file.Length);
            }
        }
    }

    private long Now => agenda.Now;
}
