using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MeshRoll.Kubernetes.Models;
using MeshRoll.Kubernetes.Models.Json;
using MeshRoll.Kubernetes.Models.Protobuf;

namespace MeshRoll.Kubernetes.Api;

/// <summary>One kind of object of the API: where it lives and, for those who read it, how.</summary>
public sealed class Resource<T> where T : class, IKubernetesObject
{
    /// <summary>The API group; empty for core.</summary>
    public required string Group { get; init; }

    /// <summary>The version, such as <c>v1</c>.</summary>
    public required string Version { get; init; }

    /// <summary>The plural in the URL, such as <c>deployments</c>.</summary>
    public required string Plural { get; init; }

    /// <summary>The kind, such as <c>Deployment</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Whether its objects live in namespaces.</summary>
    public bool Namespaced { get; init; } = true;

    /// <summary>The name RBAC and people use: <c>deployments.apps</c>, <c>pods</c>.</summary>
    public string FullName => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <summary>Group and version as discovery names them: <c>apps/v1</c>, <c>v1</c>.</summary>
    public string GroupVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>The same kind, read whole: JSON as the server writes it.</summary>
    public Resource<RawObject> Raw => field ??= new() { Group = Group, Version = Version, Plural = Plural, Kind = Kind, Namespaced = Namespaced };

    /// <summary>Reads the kind from protobuf; null for kinds the server has in JSON only, as all custom resources.</summary>
    internal ProtobufRead<T>? Protobuf { get; init; }

    /// <summary>Reads the kind from JSON. Made on first use: answers in protobuf never need it.</summary>
    internal static JsonTypeInfo<T> Json => ModelJson.Default.GetTypeInfo(typeof(T)) as JsonTypeInfo<T>
        ?? throw new NotSupportedException($"There is no reader for {typeof(T).Name}.");

    /// <summary>The same, with texts that repeat made once: for watches, whose objects stay. Null for the reader that makes each anew.</summary>
    internal static JsonTypeInfo<T> JsonWith(StringPool? pool)
    {
        if (pool is null) return Json;
        var options = new JsonSerializerOptions(Json.Options);
        // Before those that the models name: the first that fits is taken.
        options.Converters.Insert(0, new PooledTextConverter(pool));
        options.Converters.Insert(0, new StringMapConverter(pool));
        return (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
    }
}
