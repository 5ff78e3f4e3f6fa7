namespace MeshRoll.TestControlPlane.Mesh;

/// <summary>The fake istiod was told to refuse; the server turns this into status 500.</summary>
internal sealed class InjectionRefusedException() : Exception("the injector refuses");
