using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Api;

/// <summary>One line that a container wrote.</summary>
/// <param name="Time">When, in the sandbox's time.</param>
/// <param name="Text">The line without its end.</param>
internal readonly record struct PodLogLine(DateTimeOffset Time, string Text);

/// <summary>What containers write; the kubelet has it.</summary>
internal interface IPodLogs
{
    /// <summary>All lines so far. Called inside the simulation.</summary>
    /// <param name="pod">The pod; it is on a node.</param>
    /// <param name="container">One of its containers, init containers included.</param>
    /// <param name="previous">The log of the run before the present one.</param>
    /// <exception cref="Writing.ApiStatusException">There is none, because the container has not started, or never ran before.</exception>
    IReadOnlyList<PodLogLine> Read(StoredObject pod, string container, bool previous);

    /// <summary>The lines after the first so many, as they are written, until the container ends. Called outside of the simulation.</summary>
    IAsyncEnumerable<PodLogLine> FollowAsync(StoredObject pod, string container, int after, CancellationToken cancellationToken);
}
