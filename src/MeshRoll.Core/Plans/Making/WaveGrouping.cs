namespace MeshRoll.Core.Plans.Making;

/// <summary>What makes workloads belong to one wave.</summary>
public enum WaveGrouping
{
    /// <summary>Nothing: all are one wave, but for what has to come after something else.</summary>
    None,

    /// <summary>Their namespace.</summary>
    Namespace,

    /// <summary>The value of a label.</summary>
    Label,
}
