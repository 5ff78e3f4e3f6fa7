using System.Text.Json;
using MeshRoll.Kubernetes.Models.Protobuf;

namespace MeshRoll.Kubernetes.Api;

/// <summary>A Status object (meta/v1): how the server says no.</summary>
internal sealed record ServerStatus
{
    /// <summary>The HTTP status it stands for; 0 when it did not say.</summary>
    public int Code { get; init; }

    /// <summary>One word, such as NotFound.</summary>
    public string Reason { get; init; } = "";

    /// <summary>A sentence.</summary>
    public string Message { get; init; } = "";

    /// <summary>The object the details speak of; empty when there is none.</summary>
    public string DetailsName { get; init; } = "";

    /// <summary>Details.</summary>
    public IReadOnlyList<ApiCause> Causes { get; init; } = [];

    /// <summary>Wait this long before asking again; 0 when it did not say.</summary>
    public int RetryAfterSeconds { get; init; }

    /// <summary>Reads the protobuf message Status.</summary>
    public static ServerStatus Read(ProtobufReader reader)
    {
        var status = new ServerStatus();
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 3: status = status with { Message = reader.Text() }; break;
                case 4: status = status with { Reason = reader.Text() }; break;
                case 5: status = ReadDetails(reader.Message(), status); break;
                case 6: status = status with { Code = reader.Int32() }; break;
            }
        }
        return status;
    }

    /// <summary>Reads the JSON object Status; null when it is JSON of another kind.</summary>
    public static ServerStatus? Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object || Text(root, "kind") != "Status") return null;

        var details = root.TryGetProperty("details", out var found) && found.ValueKind == JsonValueKind.Object ? found : default;
        return new()
        {
            Code = Number(root, "code"),
            Reason = Text(root, "reason"),
            Message = Text(root, "message"),
            DetailsName = Text(details, "name"),
            Causes = ReadCauses(details),
            RetryAfterSeconds = Number(details, "retryAfterSeconds"),
        };
    }

    private static ServerStatus ReadDetails(ProtobufReader reader, ServerStatus status)
    {
        RepeatedField<ApiCause> causes = default;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: status = status with { DetailsName = reader.Text() }; break;
                case 4: causes.Add(ReadCause(reader.Message())); break;
                case 5: status = status with { RetryAfterSeconds = reader.Int32() }; break;
            }
        }
        return status with { Causes = causes.ToList() };
    }

    private static ApiCause ReadCause(ProtobufReader reader)
    {
        string reason = "", message = "", field = "";
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: reason = reader.Text(); break;
                case 2: message = reader.Text(); break;
                case 3: field = reader.Text(); break;
            }
        }
        return new(reason, message, field);
    }

    private static List<ApiCause> ReadCauses(JsonElement details)
    {
        var causes = new List<ApiCause>();
        if (details.ValueKind != JsonValueKind.Object || !details.TryGetProperty("causes", out var list) || list.ValueKind != JsonValueKind.Array) return causes;
        foreach (var cause in list.EnumerateArray())
        {
            if (cause.ValueKind == JsonValueKind.Object) causes.Add(new(Text(cause, "reason"), Text(cause, "message"), Text(cause, "field")));
        }
        return causes;
    }

    private static string Text(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static int Number(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : 0;
}
