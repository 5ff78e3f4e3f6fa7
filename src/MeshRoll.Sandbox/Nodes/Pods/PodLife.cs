using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Time;

namespace MeshRoll.Sandbox.Nodes.Pods;

/// <summary>
/// The life of one pod from its binding to its end. It is looked at when something about it may have changed and when its next moment has come; then
/// its containers go on as far as they can, and what changed is reported. A healthy running pod waits for nothing.
/// </summary>
internal sealed class PodLife
{
    private readonly Kubelet _kubelet;
    private readonly PodPlan _plan;
    private readonly string _namespace;
    private readonly string _name;
    private DateTimeOffset _startsAt;
    private PendingWork? _next;
    private PendingWork? _nextInBackground;
    private DateTimeOffset? _stopsAt;
    private bool _isInitialized;
    private bool _isReported;
    private bool _isDirty = true;
    private bool _isGone;

    public PodLife(Kubelet kubelet, StoredObject pod, PodPlan plan, string node, string address)
    {
        (_kubelet, _plan, Uid, _namespace, _name) = (kubelet, plan, pod.Uid, pod.Namespace, pod.Name);
        (Node, Address, Bound, BehaviourSince) = (node, address, kubelet.Now, kubelet.Now);
        Init = [.. plan.Init.Select(container => new ContainerLife(this, container) { WaitingReason = "PodInitializing" })];
        Main = [.. plan.Main.Select(container => new ContainerLife(this, container) { WaitingReason = plan.Init.Count > 0 ? "PodInitializing" : "ContainerCreating" })];
        Own = plan.Behaviour;
        Behaviour = kubelet.BehaviourOf(pod, Own);
        _startsAt = Bound + (Behaviour.ReadyAfter / 2 ?? Options.StartDelay);
    }

    /// <summary>The pod's uid.</summary>
    public string Uid { get; }

    /// <summary>Its init containers, in their order.</summary>
    public IReadOnlyList<ContainerLife> Init { get; }

    /// <summary>Its containers.</summary>
    public IReadOnlyList<ContainerLife> Main { get; }

    /// <summary>The node it lives on.</summary>
    public string Node { get; }

    /// <summary>Its address.</summary>
    public string Address { get; private set; }

    /// <summary>When it came to its node.</summary>
    public DateTimeOffset Bound { get; private set; }

    /// <summary>What its annotations say shall happen to it.</summary>
    public PodBehaviour Own { get; private set; }

    /// <summary>What shall happen to it, faults included.</summary>
    public PodBehaviour Behaviour { get; private set; }

    /// <summary>Since when that is so.</summary>
    public DateTimeOffset BehaviourSince { get; private set; }

    /// <summary>Whether it is being run up at once, as part of a world that has long been running.</summary>
    public bool IsInstant { get; private set; }

    /// <summary>Whether its network is there.</summary>
    public bool HasNetwork => _kubelet.Now >= _startsAt;

    /// <summary>Whether it is on its way out.</summary>
    public bool IsStopping { get; private set; }

    /// <summary>Whether all its work is over.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Whether a next try will fail as the last ones did.</summary>
    public bool IsStuck => !IsOver && !IsStopping && (Init.Any(container => container.IsStuck) || Main.Any(container => container.IsStuck));

    public DateTimeOffset Now => _kubelet.Now;

    public KubeletOptions Options => _kubelet.Options;

    public string RestartPolicy => _plan.RestartPolicy;

    public IReadOnlyList<string> ReadinessGates => _plan.ReadinessGates;

    /// <summary>Whether events are written at all.</summary>
    public bool TellsEvents => _kubelet.TellsEvents;

    /// <summary>As messages name it.</summary>
    public string FullName => $"{_name}_{_namespace}({Uid})";

    /// <summary>Whether all init containers have done their work, and native sidecars run.</summary>
    public bool IsInitialized => Init.All(container => container.Plan.IsSidecar ? container.IsStarted : container.EndedWell);

    /// <summary>Pending, Running, Succeeded, Failed, by the rules of the pod lifecycle documentation.</summary>
    public string Phase
    {
        get
        {
            if (Main.All(container => container.IsOver)) return Main.All(container => container.EndedWell) ? "Succeeded" : "Failed";
            if (Init.Any(container => container is { IsOver: true, EndedWell: false })) return "Failed";
            return Main.Any(container => container.NeverRan) ? "Pending" : "Running";
        }
    }

    /// <summary>Begins with what somebody else has brought so far (its status), or from nothing.</summary>
    public void Begin(JsonObject? status)
    {
        if (status is not null && ContainerStatus.Adopt(status, Init, Main))
        {
            (Bound, _startsAt, _isReported, _isDirty) = (status.Time("startTime") ?? Now, Now, true, false);
            if (status.Text("podIP") is { Length: > 0 } address) Address = address;
            _isInitialized = IsInitialized;
        }
        if (Behaviour.Problem is { } problem) Warn("InvalidAnnotation", problem);
        Sync();
    }

    /// <summary>Runs up at once; returns how it is then.</summary>
    public PodReport RunUp()
    {
        _startsAt = Now;
        IsInstant = true;
        Advance();
        IsInstant = false;
        var report = Report();
        Plan();
        return report;
    }

    /// <summary>Goes on as far as possible and reports what changed.</summary>
    public void Sync()
    {
        if (IsOver || IsStopping) return;
        if (Now >= _startsAt) Advance();
        if (_isDirty && !HoldsBack()) WriteStatus(Report());
        Plan();
    }

    /// <summary>Takes notice of other annotations or other faults; null for the annotations it has.</summary>
    public void Reconsider(StoredObject pod, PodBehaviour? own)
    {
        Own = own ?? Own;
        var behaviour = _kubelet.BehaviourOf(pod, Own);
        if (behaviour == Behaviour || IsOver || IsStopping) return;
        if (behaviour.Problem is { } problem && problem != Behaviour.Problem) Warn("InvalidAnnotation", problem);
        (Behaviour, BehaviourSince) = (behaviour, Now);
        Sync();
    }

    /// <summary>A condition of somebody else may decide now whether it is ready.</summary>
    public void GatesChanged()
    {
        _isDirty = true;
        Sync();
    }

    /// <summary>Ends it within its grace period; asked again, the shorter one counts.</summary>
    public void Stop(TimeSpan grace)
    {
        if (_isGone) return;
        if (!IsStopping)
        {
            IsStopping = true;
            Forget();
            var hook = TimeSpan.Zero;
            var runs = false;
            foreach (var container in Main.Concat(Init).Where(container => container.RunningSince is not null))
            {
                runs = true;
                Tell("Killing", $"Stopping container {container.Plan.Name}", container.Plan);
                if (container.Plan.PreStop > hook) hook = container.Plan.PreStop;
            }
            _stopsAt = _kubelet.IsSettling ? Now : Now + (Behaviour.StopAfter ?? (runs ? hook + Options.StopTime : TimeSpan.Zero));
        }
        var killed = Now + grace < _stopsAt;
        if (killed) _stopsAt = Now + grace;
        else if (_next is not null) return;
        Forget();
        var slow = _stopsAt - Now >= Options.QuickStart;
        _next = _kubelet.After(_stopsAt!.Value - Now, () => End(slow, killed), inBackground: false);
    }

    /// <summary>Waits for nothing any more.</summary>
    public void Forget()
    {
        _next?.Cancel();
        _nextInBackground?.Cancel();
        (_next, _nextInBackground) = (null, null);
    }

    public bool IsFaulty(ContainerPlan container) => container.Name == (Behaviour.FaultyContainer ?? _plan.FaultyContainer);

    public bool IsFaultyInit(ContainerPlan container) =>
        container.Name == (Behaviour.FaultyContainer ?? (_plan.Init.FirstOrDefault(init => !init.IsSidecar) ?? _plan.Init[0]).Name);

    public bool LacksImage(ContainerPlan container) =>
        Behaviour.MissingImage == "*" || Behaviour.MissingImage == container.Name || _kubelet.Images.Lacks(container.Image);

    public bool HasImage(ContainerPlan container) => _kubelet.Images.IsOn(Node, container.Image);

    public void KeepImage(ContainerPlan container) => _kubelet.Images.Keep(Node, container.Image);

    public string? ProblemOf(NeededConfig need) => _kubelet.ProblemOf(need, _namespace);

    public void Tell(string reason, [InterpolatedStringHandlerArgument("")] EventText message, ContainerPlan? container = null)
    {
        if (TellsEvents) Tell(reason, message.Take(), container);
    }

    public void Warn(string reason, [InterpolatedStringHandlerArgument("")] EventText message, ContainerPlan? container = null)
    {
        if (TellsEvents) Warn(reason, message.Take(), container);
    }

    public void Tell(string reason, string message, ContainerPlan? container = null) => _kubelet.Tell(Uid, Node, "Normal", reason, message, container?.FieldPath ?? "");

    public void Warn(string reason, string message, ContainerPlan? container = null) => _kubelet.Tell(Uid, Node, "Warning", reason, message, container?.FieldPath ?? "");

    private void Advance()
    {
        foreach (var container in Init)
        {
            if (!container.Plan.IsSidecar && container.EndedWell) continue;
            _isDirty |= container.Advance();
            // A sidecar that falls down later does not hold up what has begun.
            if (!_isInitialized && !(container.Plan.IsSidecar ? container.IsStarted : container.EndedWell)) return;
        }
        _isInitialized = true;
        foreach (var container in Main) _isDirty |= container.Advance();
        if (Main.Any(container => !container.IsOver)) return;
        foreach (var sidecar in Init) _isDirty |= sidecar.Stop(0, "Completed");
    }

    /// <summary>A quick start is reported once, at its end.</summary>
    private bool HoldsBack()
    {
        if (_isReported || (Now >= _startsAt && IsStuck)) return false;
        return NextDue(inBackground: false) is { } due && due < Bound + Options.QuickStart;
    }

    private PodReport Report()
    {
        var report = Observe();
        (_isReported, _isDirty) = (true, false);
        if (report.Phase is not ("Succeeded" or "Failed")) return report;
        IsOver = true;
        Forget();
        return report;
    }

    private PodReport Observe() => new()
    {
        Uid = Uid,
        Phase = Phase,
        Address = HasNetwork ? Address : "",
        HostAddress = _kubelet.AddressOf(Node),
        StartTime = Bound,
        Quality = _plan.Quality,
        ReadinessGates = _plan.ReadinessGates,
        Init = [.. Init.Select(Observe)],
        Main = [.. Main.Select(Observe)],
        Time = Now,
    };

    private ContainerReport Observe(ContainerLife container) => new(container, _kubelet.Images.IdentityOf(container.Plan.Image));

    private void WriteStatus(PodReport report) => _kubelet.WriteStatus(Uid, _namespace, _name, (before, writer) => PodStatus.Write(writer, before, report));

    private void End(bool slow, bool killed)
    {
        if (slow)
        {
            foreach (var container in Main.Concat(Init)) container.Stop(killed ? 137 : 0, killed ? "Error" : "Completed");
            WriteStatus(Observe());
        }
        // Finalizers may keep the object; its containers are gone all the same.
        _isGone = true;
        _kubelet.Finish(Uid, _namespace, _name);
    }

    private void Plan()
    {
        if (IsOver) return;
        _kubelet.NoteStuck(Uid, this, IsStuck);
        Plan(ref _next, inBackground: false);
        Plan(ref _nextInBackground, inBackground: true);
    }

    private void Plan(ref PendingWork? planned, bool inBackground)
    {
        var due = NextDue(inBackground);
        if (planned is { IsOver: false } && planned.Due == due) return;
        planned?.Cancel();
        planned = due is { } time ? _kubelet.After(time - Now, Sync, inBackground) : null;
    }

    private DateTimeOffset? NextDue(bool inBackground)
    {
        if (Now < _startsAt) return inBackground ? null : _startsAt;
        DateTimeOffset? next = null;
        foreach (var container in Init) Consider(container);
        foreach (var container in Main) Consider(container);
        return next;

        void Consider(ContainerLife container)
        {
            if (container.Due is { } due && container.IsStuck == inBackground && !(due >= next)) next = due;
            if (container.BadProbeDue is { } probe && inBackground && !(probe >= next)) next = probe;
        }
    }
}
