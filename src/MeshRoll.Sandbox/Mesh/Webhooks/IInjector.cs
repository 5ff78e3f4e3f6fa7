using MeshRoll.Sandbox.Admission;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Mesh.Webhooks;

/// <summary>What answers behind an injector's service.</summary>
internal interface IInjector
{
    /// <summary>Whether this pod is one of its.</summary>
    bool Is(StoredObject pod);

    /// <summary>Whether a caller that trusts this authority may talk to it.</summary>
    bool IsTrusted(StoredObject pod, string authority);

    /// <summary>Decides about a new pod, and changes it.</summary>
    /// <param name="injector">The pod that answers.</param>
    /// <param name="path">The path under which it was called.</param>
    /// <param name="request">The write it was asked about.</param>
    /// <exception cref="WebhookFailure">It cannot answer.</exception>
    void Inject(StoredObject injector, string path, AdmissionRequest request);
}
