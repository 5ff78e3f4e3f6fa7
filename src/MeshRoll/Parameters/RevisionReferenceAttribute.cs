using System.Management.Automation;
using MeshRoll.Core.Rollouts;

namespace MeshRoll.Parameters;

/// <summary>
/// Takes a revision as it is, or as the property bag that a job or remoting makes of it. Without this, such a bag would name its workload alone, and
/// another revision than the one in it would be brought back.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RevisionReferenceAttribute : ArgumentTransformationAttribute
{
    private static readonly string s_deserialized = "Deserialized." + typeof(MeshRevisionEntry).FullName;

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        inputData is PSObject bag && bag.TypeNames.Contains(s_deserialized) ? new[] { FromProperties(bag) } : inputData;

    private static MeshRevisionEntry FromProperties(PSObject bag) => new()
    {
        Cluster = Text(bag, nameof(MeshRevisionEntry.Cluster)),
        Namespace = Text(bag, nameof(MeshRevisionEntry.Namespace)),
        Kind = Text(bag, nameof(MeshRevisionEntry.Kind)),
        Name = Text(bag, nameof(MeshRevisionEntry.Name)),
        Revision = long.TryParse(Text(bag, nameof(MeshRevisionEntry.Revision)), out var number) ? number : throw new ArgumentTransformationMetadataException("The object that was piped in names no revision."),
    };

    private static string Text(PSObject bag, string name) => bag.Properties[name]?.Value?.ToString() ?? "";
}
