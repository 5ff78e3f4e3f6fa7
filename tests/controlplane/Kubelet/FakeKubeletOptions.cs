namespace MeshRoll.TestControlPlane.Kubelet;

/// <summary>How the fake nodes behave unless a pod's annotations say otherwise (see <see cref="PodFaults"/>).</summary>
public sealed record FakeKubeletOptions
{
    /// <summary>How many nodes there are; they are named <c>node-1</c>, <c>node-2</c> and so on.</summary>
    public int Nodes { get; init; } = 1;

    /// <summary>How many pods fit on one node.</summary>
    public int PodsPerNode { get; init; } = 20_000;

    /// <summary>
    /// From binding to Ready. From one second on the steps between (creating, running but not ready) are reported too;
    /// a quicker start is reported as one change, as a real kubelet does when several come at once.
    /// </summary>
    public TimeSpan ReadyDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>From the request to delete a pod until it is gone; its own grace period may be shorter.</summary>
    public TimeSpan StopDelay { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>The first pause of a back-off; it doubles with every failure up to five minutes. A real kubelet starts with ten seconds.</summary>
    public TimeSpan BackOff { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How many requests may be under way at once.</summary>
    public int Parallelism { get; init; } = 16;
}
