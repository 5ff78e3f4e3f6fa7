namespace MeshRoll.Core.Rollouts;

/// <summary>A rollout's pods from one moment on, until the next sample.</summary>
/// <param name="Time">Since when, UTC.</param>
/// <param name="Old">Pods of an older template.</param>
/// <param name="New">Pods of the current template.</param>
/// <param name="Ready">Pods ready, old and new together.</param>
public sealed record RolloutSample(DateTimeOffset Time, int Old, int New, int Ready);
