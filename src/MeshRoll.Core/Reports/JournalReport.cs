using MeshRoll.Core.Plans.Journal;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Workloads;

namespace MeshRoll.Core.Reports;

/// <summary>The report of a run from its journal, also of one that still goes on: its waves, each workload's course as it was written down, and what happened between.</summary>
public static class JournalReport
{
    /// <summary>Makes the report.</summary>
    /// <param name="journal">What the journal holds. What was passed over in it becomes a remark of the report.</param>
    /// <param name="title">The headline.</param>
    /// <param name="writtenAt">The moment of writing, UTC.</param>
    /// <param name="zone">The zone that times are shown in.</param>
    public static RolloutReport Of(JournalReading journal, string title, DateTimeOffset writtenAt, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(journal);
        List<string> waves = [];
        Dictionary<WorkloadReference, Course> courses = [];
        List<ReportNote> notes = [];
        foreach (var entry in journal.Entries)
        {
            if (entry.Wave.Length > 0 && !waves.Contains(entry.Wave)) waves.Add(entry.Wave);
            if (entry.Workload is { } workload)
            {
                if (!courses.TryGetValue(workload, out var course)) courses[workload] = course = new(workload);
                course.Take(entry);
            }
            else if (NoteOf(entry) is { } note) notes.Add(new(entry.Time, note));
        }

        var told = courses.Values.Where(course => course.IsToldOf).ToList();
        List<ReportWave> grouped = [.. waves.Select(wave => new ReportWave(wave, [.. told.Where(course => course.Wave == wave).Select(course => course.Rollout)]))];
        if (told.Any(course => course.Wave.Length == 0)) grouped.Add(new("", [.. told.Where(course => course.Wave.Length == 0).Select(course => course.Rollout)]));
        return new() { Title = title, WrittenAt = writtenAt, Zone = zone, Waves = grouped, Notes = notes, Remarks = [.. journal.Remarks.Select(remark => $"Of the journal: {remark}.")] };
    }

    private static string? NoteOf(RunEntry entry)
    {
        var what = entry.Event switch
        {
            RunEvent.Begun => entry.By.Length > 0 ? $"Taken up by {entry.By}" : "Taken up",
            RunEvent.WaveBegun => $"Wave {entry.Wave} begins",
            RunEvent.WaveEnded => $"Wave {entry.Wave} has ended",
            RunEvent.Soaking => entry.Message.Length > 0 ? "" : $"Watching after wave {entry.Wave}",
            RunEvent.GateAsked => "Gate asked",
            RunEvent.GateOpened => "Gate open",
            RunEvent.Paused => "Paused",
            RunEvent.Continued => "Goes on",
            RunEvent.Suspended => "Suspended",
            RunEvent.Resumed => "Resumed",
            RunEvent.Stopped => "Stopped",
            RunEvent.Interrupted => "Interrupted",
            RunEvent.Completed => "Completed",
            RunEvent.Said => "",
            _ => null,
        };
        if (what is null) return null;
        return (what, entry.Message) switch
        {
            ("", var message) => message,
            (_, "") => what,
            var (happened, message) => $"{happened}: {message}",
        };
    }

    /// <summary>One workload's way through a journal.</summary>
    private sealed class Course(WorkloadReference workload)
    {
        private readonly RolloutTimeline _timeline = new();
        private MeshRollout _rollout = new() { Cluster = "", Namespace = workload.Namespace, Kind = workload.Kind, Name = workload.Name };

        /// <summary>The wave it belongs to.</summary>
        public string Wave { get; private set; } = "";

        /// <summary>Whether anything was decided of it; what was only looked at is not in a report.</summary>
        public bool IsToldOf { get; private set; }

        /// <summary>As it stands by the last entry.</summary>
        public MeshRollout Rollout => _rollout with { Timeline = _timeline.Samples };

        public void Take(RunEntry entry)
        {
            if (entry.Wave.Length > 0) Wave = entry.Wave;
            IsToldOf |= entry.Event != RunEvent.Known;
            var before = _rollout;
            _rollout = before with
            {
                Strategy = entry.Strategy.Length > 0 ? entry.Strategy : before.Strategy,
                Desired = entry.Desired ?? before.Desired,
                Updated = entry.Updated ?? before.Updated,
                Ready = entry.Ready ?? before.Ready,
                Old = entry.Old ?? before.Old,
                Message = entry.Message.Length > 0 ? entry.Message : before.Message,
                State = entry.State ?? before.State,
                Diagnosis = entry.Diagnosis.Count > 0 ? [.. entry.Diagnosis.Select(text => new MeshFinding { Id = "", Message = text, Severity = FindingSeverity.Error })] : before.Diagnosis,
            };
            switch (entry.Event)
            {
                case RunEvent.Known:
                    _rollout = _rollout with { PreviousVersion = string.Join(", ", entry.Sidecars), Message = before.Message, State = before.State };
                    break;
                case RunEvent.Starting or RunEvent.Started:
                    _rollout = _rollout with { StartTime = before.StartTime ?? entry.Time, State = entry.State ?? RolloutState.Progressing, PreviousVersion = before.PreviousVersion.Length > 0 ? before.PreviousVersion : string.Join(", ", entry.Sidecars) };
                    break;
                case RunEvent.Ended:
                    _rollout = _rollout with { EndTime = entry.Time, DesiredVersion = entry.Sidecars.Count > 0 ? string.Join(", ", entry.Sidecars) : before.DesiredVersion };
                    break;
                case RunEvent.Skipped or RunEvent.LeftAlone:
                    _rollout = _rollout with { State = RolloutState.Skipped, EndTime = entry.Time };
                    break;
                case RunEvent.Refused:
                    _rollout = _rollout with { State = RolloutState.Failed, EndTime = entry.Time };
                    break;
            }
            // With the patch the counts are still those of the template before.
            if (entry.Ready is not null) _timeline.Add(entry.Time, entry.Event == RunEvent.Started ? _rollout with { State = RolloutState.Pending } : _rollout);
        }
    }
}
