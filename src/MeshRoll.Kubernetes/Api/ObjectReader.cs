using System.Text.Json;
using MeshRoll.Kubernetes.Models;
using MeshRoll.Kubernetes.Models.Protobuf;

namespace MeshRoll.Kubernetes.Api;

/// <summary>Reads an answer that is one object.</summary>
internal static class ObjectReader
{
    /// <summary>The object.</summary>
    /// <exception cref="InvalidDataException">It is of another kind. Many things that are no Kubernetes objects are valid JSON.</exception>
    public static T Read<T>(ApiAnswer answer, Resource<T> resource) where T : class, IKubernetesObject
    {
        if (answer.Format == AnswerFormat.Json) return ReadJson<T>(answer.Body.Unread, resource.Kind);

        var read = resource.Protobuf ?? throw new InvalidDataException($"There is no protobuf of {resource.Kind}.");
        var envelope = ProtobufEnvelope.Open(answer.Body.Unread);
        CheckKind(envelope.Kind, resource.Kind);
        var reader = new ProtobufReader(envelope.Raw);
        return read(ref reader);
    }

    /// <summary>The object out of JSON.</summary>
    public static T ReadJson<T>(ReadOnlySpan<byte> json, string kind) where T : class, IKubernetesObject
    {
        CheckKind(KindOf(json), kind);
        return JsonSerializer.Deserialize(json, Resource<T>.Json) ?? throw new InvalidDataException("The answer is null.");
    }

    /// <summary>The kind an object's JSON claims; empty when it claims none.</summary>
    public static string KindOf(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new JsonException("The answer is not an object.");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isKind = reader.ValueTextEquals("kind"u8);
            reader.Read();
            if (isKind && reader.TokenType == JsonTokenType.String) return reader.GetString()!;
            reader.Skip();
        }
        return "";
    }

    private static void CheckKind(string kind, string expected)
    {
        if (kind != expected) throw new InvalidDataException($"The answer is a \"{kind}\" and not a {expected}.");
    }
}
