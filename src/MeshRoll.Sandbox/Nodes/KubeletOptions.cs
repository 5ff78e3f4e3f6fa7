namespace MeshRoll.Sandbox.Nodes;

/// <summary>How the nodes behave where a pod says nothing else (see <see cref="Pods.PodBehaviour"/>).</summary>
internal sealed record KubeletOptions
{
    /// <summary>From binding to the start of the first container, when the images are there.</summary>
    public TimeSpan StartDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long an init container works.</summary>
    public TimeSpan InitTime { get; init; } = TimeSpan.Zero;

    /// <summary>How long a container needs after its start before its probes find it well. Without probes it is ready at its start, as anywhere.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.Zero;

    /// <summary>How long a node pulls an image that it does not have.</summary>
    public TimeSpan PullTime { get; init; } = TimeSpan.Zero;

    /// <summary>From SIGTERM to the end of the last container; a pod's grace period may be shorter.</summary>
    public TimeSpan StopTime { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>The first pause of a back-off; it doubles with every failure.</summary>
    public TimeSpan BackOff { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest pause of a back-off; who runs twice as long without a crash begins anew.</summary>
    public TimeSpan LongestBackOff { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long it takes until the end of a container is noticed.</summary>
    public TimeSpan NoticeTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A start that is over within this time is reported once, at its end; a slower one step by step.</summary>
    public TimeSpan QuickStart { get; init; } = TimeSpan.FromSeconds(1);
}
