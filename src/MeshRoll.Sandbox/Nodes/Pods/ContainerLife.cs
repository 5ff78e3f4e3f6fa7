using MeshRoll.Sandbox.Nodes.Images;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Nodes.Pods;

/// <summary>
/// The life of one container: pulled, created, running, well, ended, tried again. It goes on when it is looked at and its time has come; when that is,
/// <see cref="Due"/> tells.
/// </summary>
internal sealed class ContainerLife(PodLife pod, ContainerPlan plan)
{
    private Stage _stage;
    private TimeSpan _pullPause;
    private TimeSpan _crashPause;
    private bool _isLooping;

    /// <summary>What the pod asks for.</summary>
    public ContainerPlan Plan { get; } = plan;

    /// <summary>Why it does not run yet, in one word; means something only while it neither runs nor has ended.</summary>
    public string WaitingReason { get; set; } = "ContainerCreating";

    /// <summary>Why it does not run yet, in a sentence; may be empty.</summary>
    public string WaitingMessage { get; private set; } = "";

    /// <summary>Since when it runs; null when it does not.</summary>
    public DateTimeOffset? RunningSince { get; private set; }

    /// <summary>How it ended; null while it runs or waits.</summary>
    public Termination? Ended { get; private set; }

    /// <summary>How it ended the time before.</summary>
    public Termination? EndedBefore { get; private set; }

    /// <summary>Whether it is well; an init container is when its work is done.</summary>
    public bool IsReady { get; private set; }

    /// <summary>Whether its startup probe has been answered well, or it has none and runs.</summary>
    public bool IsStarted { get; private set; }

    /// <summary>How often it was started again.</summary>
    public int Restarts { get; private set; }

    /// <summary>When something happens to it next.</summary>
    public DateTimeOffset? Due { get; private set; }

    /// <summary>When a question about its health is answered badly next.</summary>
    public DateTimeOffset? BadProbeDue { get; private set; }

    /// <summary>It has not run at all yet, so the whole pod is still Pending.</summary>
    public bool NeverRan => RunningSince is null && Ended is null && EndedBefore is null;

    /// <summary>It ended, and for good.</summary>
    public bool IsOver => Ended is { } ended && !ComesBack(ended.ExitCode);

    /// <summary>It has done its work.</summary>
    public bool EndedWell => Ended is { ExitCode: 0 };

    /// <summary>The next try will fail as the last ones did, so nobody needs to wait for it.</summary>
    public bool IsStuck => _stage switch
    {
        Stage.PullBackOff => pod.LacksImage(Plan),
        Stage.NotCreated => CreationProblem() is not null,
        Stage.Running or Stage.Ended or Stage.CrashBackOff => _isLooping && EndsAt(pod.Now) is { } end && ComesBack(end.ExitCode),
        _ => false,
    };

    private bool IsDue => Due <= pod.Now;

    private bool IsFaulty => pod.IsFaulty(Plan);

    /// <summary>Goes on as far as it can at this moment; says whether anything changed.</summary>
    public bool Advance()
    {
        var changed = false;
        while (Step()) changed = true;
        return changed;
    }

    /// <summary>Ends it from outside; says whether it ran.</summary>
    public bool Stop(int exitCode, string reason)
    {
        if (RunningSince is not { } since) return false;
        End(new(exitCode, since, pod.Now, reason));
        Due = null;
        return true;
    }

    /// <summary>Takes over a container that somebody else has brought so far.</summary>
    public void Adopt(int restarts, DateTimeOffset? runningSince, bool isReady, bool isStarted, Termination? ended, Termination? endedBefore)
    {
        (Restarts, EndedBefore) = (restarts, endedBefore);
        if (runningSince is { } since) (_stage, RunningSince, IsReady, IsStarted) = (Stage.Running, since, isReady, isStarted);
        if (ended is not null) (_stage, Ended, IsReady, Due) = (Stage.Ended, ended, isReady, ComesBack(ended.ExitCode) ? pod.Now : null);
    }

    private bool Step() => _stage switch
    {
        Stage.Waiting => Begin(),
        Stage.Pulling => IsDue && FinishPull(),
        Stage.PullFailed => IsDue && BackOffPull(),
        Stage.PullBackOff => IsDue && Pull(),
        Stage.NotCreated => IsDue && Begin(),
        Stage.Running => Run(),
        Stage.Ended => IsDue && Recover(),
        _ => IsDue && Restart(),
    };

    private bool Begin()
    {
        if (!Plan.IsImageValid)
            return Refuse("InvalidImageName", $"Failed to apply default image tag \"{Plan.Image}\": couldn't parse image name \"{Plan.Image}\": invalid reference format", "InspectFailed");
        if (pod.LacksImage(Plan)) return Pull();
        if (!pod.HasImage(Plan)) return Plan.PullPolicy == "Never" ? Refuse("ErrImageNeverPull", $"Container image \"{Plan.Image}\" is not present with pull policy of Never", "ErrImageNeverPull") : Pull();
        if (Plan.PullPolicy == "Always") return Pull();
        pod.Tell("Pulled", $"Container image \"{Plan.Image}\" already present on machine", Plan);
        return Create();
    }

    private bool Pull()
    {
        pod.Tell("Pulling", $"Pulling image \"{Plan.Image}\"", Plan);
        return Enter(Stage.Pulling, pod.IsInstant || pod.HasImage(Plan) ? TimeSpan.Zero : pod.Options.PullTime);
    }

    private bool FinishPull()
    {
        if (!pod.LacksImage(Plan))
        {
            var time = GoDuration.Format(pod.HasImage(Plan) ? TimeSpan.Zero : pod.Options.PullTime);
            pod.KeepImage(Plan);
            _pullPause = TimeSpan.Zero;
            pod.Tell("Pulled", $"Successfully pulled image \"{Plan.Image}\" in {time} ({time} including waiting). Image size: {ImageNames.Size(Plan.Image)} bytes.", Plan);
            return Create();
        }
        var error = ImageNames.NotFound(Plan.Image);
        _pullPause = Longer(_pullPause);
        pod.Warn("Failed", $"Failed to pull image \"{Plan.Image}\": {error}", Plan);
        pod.Warn("Failed", "Error: ErrImagePull", Plan);
        Wait("ErrImagePull", error);
        return Enter(Stage.PullFailed, FailedPullShown);
    }

    private bool BackOffPull()
    {
        var message = $"Back-off pulling image \"{Plan.Image}\"";
        pod.Tell("BackOff", message, Plan);
        pod.Warn("Failed", "Error: ImagePullBackOff", Plan);
        Wait("ImagePullBackOff", message);
        return Enter(Stage.PullBackOff, _pullPause - FailedPullShown);
    }

    private bool Create()
    {
        if (CreationProblem() is { } problem) return Refuse("CreateContainerConfigError", problem, "Failed");
        pod.Tell("Created", $"Created container {Plan.Name}", Plan);
        pod.Tell("Started", $"Started container {Plan.Name}", Plan);
        (_stage, RunningSince, Due) = (Stage.Running, pod.Now, null);
        (EndedBefore, Ended) = (Ended ?? EndedBefore, null);
        (IsReady, IsStarted) = (false, Plan.Startup is null);
        WaitingMessage = "";
        return true;
    }

    private bool Refuse(string reason, string message, string @event)
    {
        pod.Warn(@event, @event == "Failed" ? $"Error: {message}" : message, Plan);
        if (@event != "Failed") pod.Warn("Failed", $"Error: {reason}", Plan);
        Wait(reason, message);
        return Enter(Stage.NotCreated, pod.Options.BackOff);
    }

    private string? CreationProblem()
    {
        if (!Plan.IsImageValid) return "";
        if (Plan.PullPolicy == "Never" && !pod.HasImage(Plan)) return "";
        if (pod.Behaviour.ConfigMissing is { } missing && IsFaulty) return $"configmap \"{missing}\" not found";
        foreach (var need in Plan.Needs)
        {
            if (pod.ProblemOf(need) is { } problem) return problem;
        }
        return null;
    }

    private bool Run()
    {
        var since = RunningSince!.Value;
        var ends = EndsAt(since);
        if (ends is { } end && end.At <= pod.Now)
        {
            End(Termination.Of(end.ExitCode, since, pod.Now));
            return true;
        }

        var (wasStarted, wasReady) = (IsStarted, IsReady);
        var startsUp = Health.StartsUpAt(pod, Plan, since);
        if (startsUp <= pod.Now) IsStarted = true;
        var isIll = pod.Behaviour.NeverReady && IsFaulty;
        var getsReady = isIll || (Plan.IsInit && !Plan.IsSidecar) ? null : Health.ReadyAt(pod, Plan, since, startsUp);
        // Who is well stays well until something happens to it.
        IsReady = !isIll && (IsReady || (IsStarted && getsReady <= pod.Now));
        ProbeBadly(isIll, since);

        Due = Earliest(ends?.At, IsStarted ? null : startsUp, IsReady ? null : getsReady);
        return (wasStarted, wasReady) != (IsStarted, IsReady);
    }

    private void ProbeBadly(bool isIll, DateTimeOffset since)
    {
        if (!isIll)
        {
            BadProbeDue = null;
            return;
        }
        var period = Plan.Readiness?.Period ?? TimeSpan.FromSeconds(10);
        if (BadProbeDue is null)
        {
            var first = since + (Plan.Readiness?.InitialDelay ?? TimeSpan.Zero);
            BadProbeDue = first > pod.Now ? first : pod.Now;
        }
        if (BadProbeDue > pod.Now) return;
        var failure = Plan.Readiness?.Failure ?? "HTTP probe failed with statuscode: 503";
        pod.Warn("Unhealthy", $"Readiness probe failed: {failure.Replace("{0}", pod.Address, StringComparison.Ordinal)}", Plan);
        BadProbeDue = pod.Now + period;
    }

    /// <summary>When and how it ends by itself; null when it runs for ever.</summary>
    private (DateTimeOffset At, int ExitCode)? EndsAt(DateTimeOffset since)
    {
        var behaviour = pod.Behaviour;
        if (Plan.IsInit && !Plan.IsSidecar)
        {
            var fails = (behaviour.InitFails && pod.IsFaultyInit(Plan)) || (behaviour.CrashesAfter is not null && IsFaulty);
            return (since + (pod.IsInstant ? TimeSpan.Zero : behaviour.CrashesAfter is { } work && IsFaulty ? work : pod.Options.InitTime), fails ? behaviour.ExitCode : 0);
        }
        // A fault that comes over a running container counts from then on.
        if (behaviour.CrashesAfter is { } life && IsFaulty) return ((since > pod.BehaviourSince ? since : pod.BehaviourSince) + life, behaviour.ExitCode);
        return behaviour.CompletesAfter is { } time && !Plan.IsInit && !Plan.IsMeshProxy ? (since + time, 0) : null;
    }

    private void End(Termination ended)
    {
        (_stage, Ended, RunningSince, IsStarted, BadProbeDue) = (Stage.Ended, ended, null, false, null);
        IsReady = Plan.IsInit && !Plan.IsSidecar && ended.ExitCode == 0;
        if (ended.FinishedAt - ended.StartedAt > pod.Options.LongestBackOff * 2) (_crashPause, _isLooping) = (TimeSpan.Zero, false);
        Due = ComesBack(ended.ExitCode) ? pod.Now + pod.Options.NoticeTime : null;
    }

    private bool ComesBack(int exitCode) => Plan.IsSidecar || pod.RestartPolicy switch
    {
        "Never" => false,
        "OnFailure" => exitCode != 0,
        _ => exitCode != 0 || !Plan.IsInit,
    };

    /// <summary>The first restart comes at once; those that follow wait.</summary>
    private bool Recover()
    {
        if (_crashPause == TimeSpan.Zero) return Restart();
        _isLooping = true;
        pod.Warn("BackOff", $"Back-off restarting failed container {Plan.Name} in pod {pod.FullName}", Plan);
        var finished = Ended!.FinishedAt;
        Wait("CrashLoopBackOff", $"back-off {GoDuration.Format(_crashPause)} restarting failed container={Plan.Name} pod={pod.FullName}");
        return Enter(Stage.CrashBackOff, finished + _crashPause - pod.Now);
    }

    private bool Restart()
    {
        Restarts++;
        _crashPause = Longer(_crashPause);
        return Begin();
    }

    private void Wait(string reason, string message)
    {
        (WaitingReason, WaitingMessage, RunningSince, IsReady, IsStarted) = (reason, message, null, false, false);
        (EndedBefore, Ended) = (Ended ?? EndedBefore, null);
    }

    private bool Enter(Stage stage, TimeSpan delay)
    {
        (_stage, Due) = (stage, pod.Now + delay);
        return true;
    }

    // However long the pause is, the kubelet looks at the pod again soon.
    private TimeSpan FailedPullShown => _pullPause / 2 < pod.Options.BackOff ? _pullPause / 2 : pod.Options.BackOff;

    private TimeSpan Longer(TimeSpan pause)
    {
        if (pause == TimeSpan.Zero) return pod.Options.BackOff;
        return pause * 2 < pod.Options.LongestBackOff ? pause * 2 : pod.Options.LongestBackOff;
    }

    private static DateTimeOffset? Earliest(params ReadOnlySpan<DateTimeOffset?> times)
    {
        DateTimeOffset? earliest = null;
        foreach (var time in times)
        {
            if (time is { } one && !(one >= earliest)) earliest = one;
        }
        return earliest;
    }

    private enum Stage : byte
    {
        Waiting,
        Pulling,
        PullFailed,
        PullBackOff,
        NotCreated,
        Running,
        Ended,
        CrashBackOff,
    }
}
