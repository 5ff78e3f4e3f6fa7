namespace MeshRoll.Sandbox.Worlds.Building;

/// <summary>What the builder of worlds needs of the sandbox's components beside the cluster itself.</summary>
internal interface IWorldComponents
{
    /// <summary>Adds a machine.</summary>
    void AddNode(WorldNode node);

    /// <summary>
    /// Sets a control plane of the mesh up with all its objects, in this version; one that is there already is brought to this version, and to so many
    /// replicas, in place. Its namespace exists.
    /// </summary>
    void InstallMesh(WorldMesh mesh, WorldRevision revision, string version);

    /// <summary>Makes a tag of the mesh, as <c>istioctl tag set</c> does.</summary>
    void SetTag(WorldMesh mesh, string tag, WorldRevision revision);

    /// <summary>Has what goes wrong go wrong from now on.</summary>
    void AddFaults(SandboxWorld world);

    /// <summary>Whether pods start and stop without taking time: while the past is made up.</summary>
    bool IsInstant { set; }

    /// <summary>Whether events are written.</summary>
    bool RecordsEvents { set; }
}
