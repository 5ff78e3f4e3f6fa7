namespace MeshRoll.Sandbox.Accepting;

/// <summary>In which form a client wants its answer.</summary>
/// <param name="Shape">The object itself, or what is made of it.</param>
/// <param name="Version">The version of the shape (v1 or v1beta1, for discovery v2 or v2beta1); empty for objects as they are.</param>
/// <param name="IsProtobuf">Whether it is written as protobuf rather than JSON.</param>
/// <param name="IsPretty">Whether JSON is to be indented.</param>
internal sealed record AcceptedForm(AnswerShape Shape, string Version = "", bool IsProtobuf = false, bool IsPretty = false)
{
    /// <summary>The object as JSON.</summary>
    public static AcceptedForm Json { get; } = new(AnswerShape.Object);

    /// <summary>The Content-Type of the answer.</summary>
    public string ContentType => (IsProtobuf, Shape) switch
    {
        (true, _) => AcceptHeader.Protobuf,
        (_, AnswerShape.AggregatedDiscovery) => $"{AcceptHeader.Json};g=apidiscovery.k8s.io;v={Version};as=APIGroupDiscoveryList",
        _ => AcceptHeader.Json,
    };

    /// <summary>The apiVersion of a Table or PartialObjectMetadata.</summary>
    public string ApiVersion => $"meta.k8s.io/{Version}";
}

/// <summary>What an answer is made of.</summary>
internal enum AnswerShape
{
    /// <summary>Objects as they are.</summary>
    Object,

    /// <summary>A table for people (meta.k8s.io Table).</summary>
    Table,

    /// <summary>Nothing but the metadata (meta.k8s.io PartialObjectMetadata, in lists PartialObjectMetadataList).</summary>
    Metadata,

    /// <summary>All groups, versions and resources in one document (apidiscovery.k8s.io).</summary>
    AggregatedDiscovery,
}
