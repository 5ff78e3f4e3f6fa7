using System.Collections;
using System.Management.Automation;
using MeshRoll.Connections;

namespace MeshRoll.Parameters;

/// <summary>Takes a cluster as it is, by name, or as the property bag that a job or remoting makes of it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ClusterReferenceAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => ToClusters(inputData).ToArray();

    private static IEnumerable<MeshCluster> ToClusters(object? input) => Unwrap(input) switch
    {
        null or "" => [],
        MeshCluster cluster => [cluster],
        string name => [MeshCluster.Named(name)],
        IEnumerable several => several.Cast<object?>().SelectMany(ToClusters),
        _ => [FromProperties(input!)],
    };

    private static object? Unwrap(object? input) => input is PSObject { BaseObject: not PSCustomObject and var inner } ? inner : input;

    private static MeshCluster FromProperties(object input) =>
        input is PSObject bag && bag.Properties["Name"]?.Value is string { Length: > 0 } name
            ? MeshCluster.Named(name, bag.Properties["Context"]?.Value as string ?? "")
            : throw new ArgumentTransformationMetadataException($"'{input}' is not a cluster: give an object of Connect-MeshCluster or Get-MeshCluster, or a connection's name.");
}
