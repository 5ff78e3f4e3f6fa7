namespace MeshRoll.Sandbox.Store;

/// <summary>What a change did.</summary>
internal enum ChangeType
{
    /// <summary>The object is new.</summary>
    Added,

    /// <summary>It has a new version.</summary>
    Modified,

    /// <summary>It is gone.</summary>
    Deleted,
}

/// <summary>One change of one object.</summary>
/// <param name="Version">The store's version after it.</param>
/// <param name="Type">What happened.</param>
/// <param name="Object">The object after the change; for a deletion its last state, with the version of the deletion.</param>
/// <param name="Before">The object before; null for an addition.</param>
internal sealed record StoreChange(long Version, ChangeType Type, StoredObject Object, StoredObject? Before);
