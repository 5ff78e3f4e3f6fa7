using System.Management.Automation;
using MeshRoll.Core.Rollouts;
using MeshRoll.Formatting;

namespace MeshRoll.Parameters;

/// <summary>Takes a rollout as it is, or as the property bag that a job or remoting makes of it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RolloutReferenceAttribute : ArgumentTransformationAttribute
{
    private static readonly string s_deserialized = "Deserialized." + typeof(MeshRollout).FullName;

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        inputData is PSObject bag && bag.TypeNames.Contains(s_deserialized) ? new[] { FromProperties(bag) } : inputData;

    private static MeshRollout FromProperties(PSObject bag) => new()
    {
        Cluster = Text(bag, nameof(MeshRollout.Cluster)),
        Namespace = Text(bag, nameof(MeshRollout.Namespace)),
        Kind = Text(bag, nameof(MeshRollout.Kind)),
        Name = Text(bag, nameof(MeshRollout.Name)),
        Strategy = Text(bag, nameof(MeshRollout.Strategy)),
        State = Enum.TryParse<RolloutState>(Text(bag, nameof(MeshRollout.State)), out var state) ? state : RolloutState.Pending,
        Desired = Number(bag, nameof(MeshRollout.Desired)),
        Updated = Number(bag, nameof(MeshRollout.Updated)),
        Ready = Number(bag, nameof(MeshRollout.Ready)),
        Available = Number(bag, nameof(MeshRollout.Available)),
        Old = Number(bag, nameof(MeshRollout.Old)),
        Terminating = Number(bag, nameof(MeshRollout.Terminating)),
        Revision = Text(bag, nameof(MeshRollout.Revision)),
        StartTime = Time(bag, nameof(MeshRollout.StartTime)),
        EndTime = Time(bag, nameof(MeshRollout.EndTime)),
        Message = Text(bag, nameof(MeshRollout.Message)),
        Generation = Value(bag, nameof(MeshRollout.Generation)) as long?,
        Uid = Text(bag, nameof(MeshRollout.Uid)),
        DesiredVersion = Value(bag, nameof(MeshRollout.DesiredVersion)) as string,
        DesiredRevision = Value(bag, nameof(MeshRollout.DesiredRevision)) as string,
        PreviousVersion = Text(bag, nameof(MeshRollout.PreviousVersion)),
        Timeline = [.. List(bag, nameof(MeshRollout.Timeline)).Select(Sample).OfType<RolloutSample>()],
    };

    private static RolloutSample? Sample(PSObject bag) => Time(bag, nameof(RolloutSample.Time)) is { } time
        ? new(time, Number(bag, nameof(RolloutSample.Old)), Number(bag, nameof(RolloutSample.New)), Number(bag, nameof(RolloutSample.Ready)))
        : null;

    private static IEnumerable<PSObject> List(PSObject bag, string name) => Value(bag, name) is System.Collections.IEnumerable items and not string ? items.OfType<PSObject>() : [];

    private static object? Value(PSObject bag, string name) => bag.Properties[name]?.Value is PSObject wrapped ? wrapped.BaseObject : bag.Properties[name]?.Value;

    // An enumeration's value arrives as a number that prints as its name.
    private static string Text(PSObject bag, string name) => bag.Properties[name]?.Value?.ToString() ?? "";

    private static int Number(PSObject bag, string name) => Value(bag, name) as int? ?? 0;

    private static DateTimeOffset? Time(PSObject bag, string name) => Moments.Read(bag.Properties[name]?.Value)?.ToUniversalTime();
}
