using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Authorizing;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Admission;

/// <summary>What is about to be written, before it is.</summary>
/// <param name="Operation">CREATE, UPDATE or DELETE.</param>
/// <param name="Resource">The kind of object.</param>
/// <param name="Namespace">Its namespace; empty for cluster-wide objects.</param>
/// <param name="Object">The object; an admission may change it.</param>
/// <param name="Before">The object before an update.</param>
internal sealed record AdmissionRequest(string Operation, ApiResource Resource, string Namespace, JsonObject Object, StoredObject? Before)
{
    /// <summary>Who asked for it; null for the sandbox's own components, which may do anything.</summary>
    public Identity? By { get; init; }
}

/// <summary>Changes or refuses what is about to be written: quotas, the service account's marks, the injectors of the mesh.</summary>
internal interface IAdmission
{
    /// <summary>Looks at one write; inside the simulation.</summary>
    /// <exception cref="Writing.ApiStatusException">It is refused.</exception>
    void Admit(AdmissionRequest request);

    /// <summary>Whether it has anything to do with such writes of objects of this kind.</summary>
    bool Concerns(string operation, ApiResource resource) => true;

    /// <summary>Whether of new objects that are alike it may let one pass and not the next.</summary>
    bool JudgesEach(ApiResource resource, string @namespace) => false;
}
