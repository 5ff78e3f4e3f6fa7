using System.Globalization;
using MeshRoll.Core.Rollouts;

namespace MeshRoll.Runner.Output;

/// <summary>
/// How a restart goes, while it goes: on a terminal a few lines that are drawn over, at most four times a second; elsewhere one plain line per fact.
/// </summary>
internal sealed class ProgressView(RunnerHost host)
{
    private const int MovingShown = 5;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);

    private readonly Dictionary<(string, string, string), MeshRollout> _moving = [];
    private int _total;
    private int _ended;
    private int _failed;
    private int _linesDrawn;
    private long? _lastDrawn;

    /// <summary>How many there are to be in all, as far as is known.</summary>
    internal void Expect(int total) => _total = total;

    internal void Started(MeshRollout rollout)
    {
        _moving[Key(rollout)] = rollout;
        Plain(rollout, "started");
        Draw(now: false);
    }

    internal void Changed(MeshRollout rollout)
    {
        if (!_moving.ContainsKey(Key(rollout))) return;
        _moving[Key(rollout)] = rollout;
        Draw(now: false);
    }

    internal void Ended(MeshRollout rollout)
    {
        _moving.Remove(Key(rollout));
        _ended++;
        if (rollout.State is RolloutState.Failed or RolloutState.TimedOut) _failed++;
        Line(rollout, Word(rollout.State));
        Draw(now: true);
    }

    /// <summary>Takes the drawn lines away: what follows is written on clean ground.</summary>
    internal void Clear()
    {
        if (_linesDrawn == 0) return;
        host.Error.Write($"\e[{_linesDrawn}A\e[J");
        _linesDrawn = 0;
    }

    private void Plain(MeshRollout rollout, string word)
    {
        if (host.TerminalWidth() is null) Line(rollout, word);
    }

    private void Line(MeshRollout rollout, string word)
    {
        Clear();
        var time = host.TimeProvider.GetLocalNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        // A message that begins with the word says it already: "done: all 2 pods are new".
        var message = SafeText.Of(rollout.Message);
        var said = message.Length == 0 ? word : message.StartsWith(word, StringComparison.Ordinal) ? message : $"{word}: {message}";
        host.Error.WriteLine($"{time} {SafeText.Of(rollout.Namespace)} {rollout.Kind.ToLowerInvariant()}/{SafeText.Of(rollout.Name)} {said}");
    }

    private void Draw(bool now)
    {
        if (host.TerminalWidth() is not { } width) return;
        if (!now && _lastDrawn is { } last && host.TimeProvider.GetElapsedTime(last) < Pace) return;
        _lastDrawn = host.TimeProvider.GetTimestamp();

        Clear();
        foreach (var rollout in _moving.Values.Take(MovingShown))
        {
            Write($"  {rollout.Namespace} {rollout.Kind.ToLowerInvariant()}/{rollout.Name}  {rollout.Updated}/{rollout.Desired} new, {rollout.Ready} ready, {rollout.Available} available, {rollout.Old} old{Leaving(rollout)}{Left(rollout)}", width);
        }
        if (_moving.Count > MovingShown) Write($"  and {_moving.Count - MovingShown} more moving", width);
        Write($"{_ended} of {Math.Max(_total, _ended)} done, {_moving.Count} moving, {_failed} failed", width);
    }

    private void Write(string text, int width)
    {
        var safe = SafeText.Of(text);
        host.Error.WriteLine(safe.Length < width ? safe : safe[..(width - 1)]);
        _linesDrawn++;
    }

    private static string Leaving(MeshRollout rollout) => rollout.Terminating > 0 ? $", {rollout.Terminating} terminating" : "";

    private static string Left(MeshRollout rollout) =>
        rollout.Remaining is { } left ? string.Create(CultureInfo.InvariantCulture, $", about {Math.Ceiling(left.TotalSeconds):0} s left") : "";

    private static string Word(RolloutState state) => state switch
    {
        RolloutState.Complete => "done",
        RolloutState.Skipped => "skipped",
        RolloutState.TimedOut => "timed out",
        _ => "failed",
    };

    private static (string, string, string) Key(MeshRollout rollout) => (rollout.Namespace, rollout.Kind, rollout.Name);
}
