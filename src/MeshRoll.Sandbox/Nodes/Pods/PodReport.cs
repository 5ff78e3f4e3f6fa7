using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Objects.Views;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Nodes.Pods;

/// <summary>How a pod is at one time: what its kubelet has to report. The status follows from it, at once or when somebody reads it.</summary>
internal sealed record PodReport
{
    /// <summary>The pod's uid.</summary>
    public required string Uid { get; init; }

    /// <summary>Pending, Running, Succeeded, Failed.</summary>
    public required string Phase { get; init; }

    /// <summary>Its address; empty while its network is not there.</summary>
    public required string Address { get; init; }

    /// <summary>Its node's address; may be empty.</summary>
    public required string HostAddress { get; init; }

    /// <summary>When it came to its node.</summary>
    public required DateTimeOffset StartTime { get; init; }

    /// <summary>Its quality of service.</summary>
    public required string Quality { get; init; }

    /// <summary>Conditions of others that must hold before it is ready.</summary>
    public required IReadOnlyList<string> ReadinessGates { get; init; }

    /// <summary>Its init containers.</summary>
    public required IReadOnlyList<ContainerReport> Init { get; init; }

    /// <summary>Its containers.</summary>
    public required IReadOnlyList<ContainerReport> Main { get; init; }

    /// <summary>The time.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The status as JSON.</summary>
    /// <param name="before">The status before.</param>
    public byte[] Write(JsonObject before)
    {
        var buffer = new ArrayBufferWriter<byte>(3072);
        using var writer = new Utf8JsonWriter(buffer, PlainJson.WriterOptions);
        PodStatus.Write(writer, before, this);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>What a reader of the pod will find, where that can be told without reading: of a pod that has just become ready.</summary>
    public PodView? View(StoredObject draft, string nodeName)
    {
        if (Phase != "Running" || ReadinessGates.Count > 0 || Main.Any(container => !container.IsReady) || Init.Any(container => container.IsSidecar && !container.IsReady)) return null;
        var restarts = 0;
        foreach (var container in Main) restarts = Math.Max(restarts, container.Restarts);
        // As it is written.
        var since = Time.AddTicks(-(Time.UtcTicks % TimeSpan.TicksPerSecond));
        return PodView.Of(draft, nodeName, Phase, isReady: true, since, restarts, Address);
    }
}

/// <summary>How a container is at one time.</summary>
internal sealed record ContainerReport
{
    private readonly ContainerPlan _plan;

    public ContainerReport(ContainerLife life, string imageId)
    {
        (_plan, RunningSince, Ended, EndedBefore) = (life.Plan, life.RunningSince, life.Ended, life.EndedBefore);
        (IsReady, IsStarted, Restarts, WaitingReason, WaitingMessage) = (life.IsReady, life.IsStarted, life.Restarts, life.WaitingReason, life.WaitingMessage);
        ImageId = life.NeverRan ? "" : imageId;
    }

    /// <inheritdoc cref="ContainerPlan.Name"/>
    public string Name => _plan.Name;

    /// <inheritdoc cref="ContainerPlan.Image"/>
    public string Image => _plan.Image;

    /// <inheritdoc cref="ContainerPlan.IsSidecar"/>
    public bool IsSidecar => _plan.IsSidecar;

    /// <summary>The image with its digest; empty while it has not run.</summary>
    public string ImageId { get; }

    /// <inheritdoc cref="ContainerLife.RunningSince"/>
    public DateTimeOffset? RunningSince { get; }

    /// <inheritdoc cref="ContainerLife.Ended"/>
    public Termination? Ended { get; }

    /// <inheritdoc cref="ContainerLife.EndedBefore"/>
    public Termination? EndedBefore { get; }

    /// <inheritdoc cref="ContainerLife.IsReady"/>
    public bool IsReady { get; }

    /// <inheritdoc cref="ContainerLife.IsStarted"/>
    public bool IsStarted { get; }

    /// <inheritdoc cref="ContainerLife.Restarts"/>
    public int Restarts { get; }

    /// <inheritdoc cref="ContainerLife.WaitingReason"/>
    public string WaitingReason { get; }

    /// <inheritdoc cref="ContainerLife.WaitingMessage"/>
    public string WaitingMessage { get; }

    /// <inheritdoc cref="ContainerLife.EndedWell"/>
    public bool EndedWell => Ended is { ExitCode: 0 };

    /// <inheritdoc cref="ContainerLife.NeverRan"/>
    public bool NeverRan => RunningSince is null && Ended is null && EndedBefore is null;
}
