using MeshRoll.Kubernetes;

namespace MeshRoll.Sandbox;

/// <summary>The sandbox cannot do what was asked for a reason a person can act on: a port in use, a scenario that makes no sense.</summary>
/// <param name="id">For example <c>MeshRoll.SandboxPortInUse</c>.</param>
/// <param name="message">What, where, what to do.</param>
/// <param name="inner">What the system said, where it said something.</param>
public sealed class SandboxException(string id, string message, Exception? inner = null) : MeshRollException(id, message, inner);
