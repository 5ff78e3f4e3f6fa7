using MeshRoll.Sandbox.Authorizing;

namespace MeshRoll.Sandbox.Api;

/// <summary>What the API server hands on to others.</summary>
internal sealed record ApiServerParts
{
    /// <summary>The clock by which watches end and the pages of lists grow old: real time, not the sandbox's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Answers who asks what he may do, and gives tokens; null where nobody is asked for a name.</summary>
    public AccessControl? Access { get; init; }

    /// <summary>What containers write; null where they write nothing.</summary>
    public IPodLogs? Logs { get; init; }

    /// <summary>What listens on the ports of pods; null where nothing does.</summary>
    public IPodPorts? Ports { get; init; }
}
