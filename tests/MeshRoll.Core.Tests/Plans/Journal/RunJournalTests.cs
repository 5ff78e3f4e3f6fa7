using System.Text;
using FsCheck;
using FsCheck.Fluent;
using MeshRoll.Core.Plans.Journal;
using MeshRoll.Core.Rollouts;

namespace MeshRoll.Core.Tests.Plans.Journal;

/// <summary>The journal: what is written is read, whatever is cut, foreign or doubled; and a state replayed from any part is that of the whole.</summary>
public sealed class RunJournalTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 22, 0, 0, TimeSpan.Zero);

    private static readonly Gen<string> Words = Gen.Elements("", "plain", "with \"quotes\"", "two\nlines", "émoji 🙂", "\u001b[31mred", "null", "{\"n\":1}");

    private static readonly Arbitrary<RunEntry[]> Entries = Gen.ArrayOf(
        from happened in Gen.Elements(Enum.GetValues<RunEvent>())
        from wave in Gen.Elements("canary", "rest")
        from name in Gen.Elements("web", "cart", "db")
        from words in Words
        from state in Gen.Elements<RolloutState?>(null, RolloutState.Complete, RolloutState.Failed, RolloutState.TimedOut)
        from number in Gen.Choose(-1, 5)
        select new RunEntry
        {
            Time = Start,
            Plan = "p",
            Event = happened,
            Wave = wave,
            Workload = happened is RunEvent.Known or RunEvent.Starting or RunEvent.Started or RunEvent.Moved or RunEvent.Ended or RunEvent.Skipped or RunEvent.Refused or RunEvent.LeftAlone ? new("shop", "Deployment", name) : null,
            Message = words,
            By = words,
            State = state,
            Old = number < 0 ? null : number,
            Generation = number < 0 ? null : number,
            Until = number < 0 ? null : Start.AddMinutes(number),
            Sidecars = number > 3 ? ["1.20", words] : [],
        }).Select(entries => entries.Select((entry, i) => entry with { Number = i + 1, Time = Start.AddSeconds(i) }).ToArray()).ToArbitrary();

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory();

    private string File => Path.Combine(_directory.FullName, "run.jsonl");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void An_entry_is_read_as_it_was_written() => Prop.ForAll(Entries, entries => entries.All(entry =>
    {
        var line = EntryText.Write(entry);
        var read = EntryText.Read(line[..^1])!;
        return line.Span.IndexOf((byte)'\n') == line.Length - 1 && read.Sidecars.SequenceEqual(entry.Sidecars) && read with { Sidecars = entry.Sidecars, Diagnosis = entry.Diagnosis } == entry;
    })).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void A_journal_cut_anywhere_is_read_up_to_its_last_whole_entry() => Prop.ForAll(
        (from entries in Entries.Generator.Where(entries => entries.Length > 0) from cut in Gen.Choose(0, 1_000_000) select (entries, cut)).ToArbitrary(),
        c =>
        {
            var content = Content(c.entries);
            var at = c.cut % (content.Length + 1);
            var whole = content[..at].Count(value => value == (byte)'\n');
            var read = JournalReader.Read(content.AsMemory(0, at));
            var ends = at > 0 && content[at - 1] != (byte)'\n';
            return read.Entries.Count == whole && read.EndsCut == ends && (read.Remarks.Count == 1) == ends;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void Foreign_lines_are_passed_over_and_told_of()
    {
        var content = Encoding.UTF8.GetString(Content([Entry(RunEvent.Begun, 1), Entry(RunEvent.Said, 2), Entry(RunEvent.Said, 5)]));
        var lines = content.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var read = Read(lines[0], "hello", "{}", "[1]", "", lines[1], lines[1], """{"v":2,"n":3}""", lines[2]);
        Assert.Equal([1, 2, 5], read.Entries.Select(entry => entry.Number));
        Assert.Equal(["entries 3 to 4 are missing", "4 lines are no entries, or were cut short, and were passed over (the first is line 2)", "1 entries come a second time and were passed over"], read.Remarks);
    }

    [Fact]
    public void Going_on_with_a_journal_that_was_cut_off_begins_a_line_of_its_own()
    {
        using (var journal = RunJournal.Open(File, "p", TimeProvider.System).Journal) journal.Append(Entry(RunEvent.Begun, 0));
        System.IO.File.AppendAllText(File, "{\"v\":1,\"n\":2,\"ti");
        using (var journal = RunJournal.Open(File, "p", TimeProvider.System).Journal) Assert.Equal(2, journal.Append(Entry(RunEvent.Begun, 0)).Number);
        var read = JournalReader.Read(File);
        Assert.Equal([1, 2], read.Entries.Select(entry => entry.Number));
        Assert.Equal("line 2 is no entry, or was cut short, and was passed over", Assert.Single(read.Remarks));
        Assert.Single(_directory.GetFiles());
    }

    [Fact]
    public void It_may_be_read_while_it_grows_and_has_one_writer()
    {
        using var journal = RunJournal.Open(File, "p", TimeProvider.System).Journal;
        journal.Append(Entry(RunEvent.Begun, 0));
        Assert.Single(JournalReader.Read(File).Entries);
        Assert.Equal(JournalException.Unwritable, Assert.Throws<JournalException>(() => RunJournal.Open(File, "p", TimeProvider.System)).Id);
        journal.Append(Entry(RunEvent.Said, 0));
        Assert.Equal(2, JournalReader.Read(File).Entries.Count);
    }

    [Fact]
    public async Task Several_may_read_it_at_any_moment_while_it_grows_and_see_nothing_but_whole_entries()
    {
        const int Entries = 400;
        using var journal = RunJournal.Open(File, "p", TimeProvider.System).Journal;
        var isOver = false;
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            var (seen, looks) = (0, 0);
            while (!Volatile.Read(ref isOver) || looks == 0)
            {
                var read = JournalReader.Read(File);
                Assert.Equal(Enumerable.Range(1, read.Entries.Count).Select(number => (long)number), read.Entries.Select(entry => entry.Number));
                Assert.InRange(read.Entries.Count, seen, Entries);
                (seen, looks) = (read.Entries.Count, looks + 1);
            }
            return JournalReader.Read(File).Entries.Count;
        })).ToList();
        for (var i = 0; i < Entries; i++) journal.Append(Entry(i % 2 == 0 ? RunEvent.Said : RunEvent.Starting, 0) with { Message = new string('x', i) });
        Volatile.Write(ref isOver, true);
        Assert.All(await Task.WhenAll(readers), count => Assert.Equal(Entries, count));
    }

    [Theory]
    [InlineData(FileShare.ReadWrite)]
    [InlineData(FileShare.ReadWrite | FileShare.Delete)]
    public void Whoever_has_it_open_for_reading_keeps_nobody_from_writing(FileShare share)
    {
        using var journal = RunJournal.Open(File, "p", TimeProvider.System).Journal;
        // An editor, a virus scanner, tail -f.
        using var reader = new FileStream(File, FileMode.Open, FileAccess.Read, share);
        journal.Append(Entry(RunEvent.Begun, 0));
        Assert.Single(JournalReader.Read(File).Entries);
        Assert.NotEqual(-1, reader.ReadByte());
        // And nobody else may write: where the system knows of sharing, it keeps them away; elsewhere they are asked to keep to it.
        Assert.Throws<IOException>(() => new FileStream(File, FileMode.Open, FileAccess.Write, FileShare.Read).Dispose());
    }

    [Fact]
    public void A_journal_that_was_removed_under_its_run_is_noticed_at_the_next_decision()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows does not let it be removed.");
        using var journal = RunJournal.Open(File, "p", TimeProvider.System).Journal;
        journal.Append(Entry(RunEvent.Begun, 0));
        System.IO.File.Delete(File);
        var error = Assert.Throws<JournalException>(() => journal.Append(Entry(RunEvent.Starting, 0)));
        Assert.Equal((JournalException.Unwritable, File), (error.Id, error.File));
        Assert.Contains("it was removed. Nothing is started without it", error.Message, StringComparison.Ordinal);
        Assert.Same(error, Assert.Throws<JournalException>(() => journal.Append(Entry(RunEvent.Said, 0))));
    }

    [Fact]
    public void The_journal_of_another_plan_is_left_as_it_is()
    {
        using (var journal = RunJournal.Open(File, "p", TimeProvider.System).Journal) journal.Append(Entry(RunEvent.Begun, 0));
        Assert.Contains("is the journal of the plan p, not of q", Assert.Throws<JournalException>(() => RunJournal.Open(File, "q", TimeProvider.System)).Message, StringComparison.Ordinal);
        Assert.Single(JournalReader.Read(File).Entries);
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_an_error_that_names_it() =>
        Assert.Contains("Nothing is started without it", Assert.Throws<JournalException>(() => RunJournal.Open(Path.Combine(_directory.FullName, "no", "run.jsonl"), "p", TimeProvider.System)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_journal_that_is_not_there_is_empty() => Assert.Empty(JournalReader.Read(File).Entries);

    [Fact]
    public void A_state_replayed_in_parts_is_that_of_the_whole_and_repetition_changes_nothing() => Prop.ForAll(
        (from entries in Entries.Generator from cut in Gen.Choose(0, 100) select (entries, cut)).ToArbitrary(),
        c =>
        {
            var (first, whole) = (c.entries.Take(c.cut), RunState.Of(c.entries));
            var again = c.entries.Aggregate(RunState.Of(first), (state, entry) => state.After(entry));
            return Tell(again) == Tell(whole) && Tell(RunState.Of([.. c.entries, .. c.entries])) == Tell(whole);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void A_suspension_lasts_until_it_is_taken_back_whoever_goes_on()
    {
        var state = Replay(RunEvent.Begun, RunEvent.Suspended, RunEvent.Begun, RunEvent.WaveBegun, RunEvent.Continued);
        Assert.Equal((RunStatus.Suspended, true), (state.Status, state.IsSuspended));
        Assert.Equal(RunStatus.Running, Replay(RunEvent.Begun, RunEvent.Suspended, RunEvent.Resumed).Status);
    }

    [Fact]
    public void A_run_that_was_taken_up_again_has_no_end()
    {
        var state = Replay(RunEvent.Begun, RunEvent.Interrupted, RunEvent.Begun);
        Assert.Equal((RunStatus.Running, null, 2), (state.Status, state.EndTime, state.Beginnings));
        Assert.NotNull(Replay(RunEvent.Begun, RunEvent.Completed).EndTime);
    }

    private static RunState Replay(params RunEvent[] events) => RunState.Of(events.Select((happened, i) => Entry(happened, i + 1)));

    private static JournalReading Read(params string[] lines) => JournalReader.Read(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));

    private static RunEntry Entry(RunEvent happened, long number) => new() { Number = number, Time = Start, Plan = "p", Event = happened };

    private static byte[] Content(IEnumerable<RunEntry> entries) => [.. entries.SelectMany(entry => EntryText.Write(entry).ToArray())];

    // Records hold collections, which are compared by what they hold.
    private static string Tell(RunState state) => string.Join('|', state with { Workloads = state.Workloads.Clear(), WavesOver = [], GatesOpened = [], SoakUntil = state.SoakUntil.Clear() },
        string.Join(',', state.Workloads.OrderBy(pair => pair.Key.Name, StringComparer.Ordinal).Select(pair => pair.Value with { Known = pair.Value.Known is null ? null : pair.Value.Known with { Sidecars = [], Diagnosis = [] } })),
        string.Join(',', state.WavesOver.Order()), string.Join(',', state.GatesOpened.Order()), string.Join(',', state.SoakUntil.OrderBy(pair => pair.Key)));
}
