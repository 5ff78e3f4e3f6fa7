using MeshRoll.Kubernetes;

namespace MeshRoll.Core.ControlPlane.Injectors;

/// <summary>A change of injectors that is not made, because it would harm or cannot be understood; nothing was changed unless the message says so.</summary>
public sealed class InjectorRefusedException(string id, string message, Exception? inner = null) : MeshRollException(id, message, inner);
