using System.Net;
using MeshRoll.Kubernetes.Models.Protobuf;

namespace MeshRoll.Kubernetes.Api;

/// <summary>How an answer's body is written.</summary>
internal enum AnswerFormat
{
    /// <summary>Neither: a page, a text.</summary>
    Other,

    /// <summary>application/json.</summary>
    Json,

    /// <summary>application/vnd.kubernetes.protobuf.</summary>
    Protobuf,
}

/// <summary>An answer whose headers were read.</summary>
internal sealed class ApiAnswer(HttpResponseMessage response, BodyReader body) : IAsyncDisposable
{
    /// <summary>The HTTP status.</summary>
    public HttpStatusCode Code => response.StatusCode;

    /// <summary>The body.</summary>
    public BodyReader Body { get; } = body;

    /// <summary>The media type as the server sent it.</summary>
    public string ContentType => response.Content.Headers.ContentType?.MediaType ?? "";

    /// <summary>How the body is written.</summary>
    public AnswerFormat Format { get; } = response.Content.Headers.ContentType?.MediaType switch
    {
        "application/vnd.kubernetes.protobuf" => AnswerFormat.Protobuf,
        "application/json" => AnswerFormat.Json,
        _ => AnswerFormat.Other,
    };

    /// <summary>When the server wants to be asked again; null when it did not say.</summary>
    public TimeSpan? RetryAfter => response.Headers.RetryAfter?.Delta;

    /// <summary>Reads the body to its end: an object that does not fit into memory's bounds is refused.</summary>
    public async ValueTask ReadWholeAsync(CancellationToken cancellationToken)
    {
        while (!Body.Ended) await Body.ReadMoreAsync(cancellationToken);
    }

    /// <summary>The Status in a body that was read whole; null when it holds something else.</summary>
    public ServerStatus? ReadStatus() => ReadStatus(Body.Unread);

    /// <summary>The Status in these bytes of the answer; null when they hold something else.</summary>
    public ServerStatus? ReadStatus(ReadOnlySpan<byte> data)
    {
        try
        {
            if (Format == AnswerFormat.Json) return ServerStatus.Read(data.ToArray());
            if (Format != AnswerFormat.Protobuf) return null;
            var envelope = ProtobufEnvelope.Open(data);
            return envelope.Kind == "Status" ? ServerStatus.Read(new ProtobufReader(envelope.Raw)) : null;
        }
        catch (Exception failure) when (BrokenAnswer.IsMalformed(failure))
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Body.DisposeAsync();
        response.Dispose();
    }
}
