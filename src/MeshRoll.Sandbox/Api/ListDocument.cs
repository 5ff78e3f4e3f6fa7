using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using MeshRoll.Sandbox.Accepting;
using MeshRoll.Sandbox.Api.Versions;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Api;

/// <summary>
/// Writes a list as JSON out of the kept bytes of its objects, without reading them. As in the real server's lists of built-in kinds the objects
/// bear no apiVersion and kind: the list says them.
/// </summary>
internal static class ListDocument
{
    private const int ChunkSize = 128 * 1024;
    private static readonly ConcurrentDictionary<ApiResource, byte[]> Prefixes = new();

    /// <summary>Sends a page; a long one in chunks, so that no more than a chunk is held.</summary>
    public static async Task SendAsync(ApiCall call, ListPage page)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        WriteHead(buffer, call, page);
        Stream? stream = null;
        try
        {
            for (var i = 0; i < page.Items.Count; i++)
            {
                if (i > 0) buffer.Write(","u8);
                WriteItem(buffer, page.Items[i], call.Version);
                if (buffer.WrittenCount < ChunkSize) continue;
                stream ??= await call.Response.BeginAsync(200, AcceptHeader.Json, call.CancellationToken).ConfigureAwait(false);
                await stream.WriteAsync(buffer.WrittenMemory, call.CancellationToken).ConfigureAwait(false);
                buffer.ResetWrittenCount();
            }
            buffer.Write("]}"u8);
            if (stream is null) await call.Response.SendAsync(200, AcceptHeader.Json, buffer.WrittenMemory, call.CancellationToken).ConfigureAwait(false);
            else await stream.WriteAsync(buffer.WrittenMemory, call.CancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (stream is not null) await stream.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static void WriteHead(ArrayBufferWriter<byte> buffer, ApiCall call, ListPage page)
    {
        using var writer = new Utf8JsonWriter(buffer, PlainJson.WriterOptions);
        writer.WriteStartObject();
        writer.WriteString("kind", $"{call.Resource.Kind}List");
        writer.WriteString("apiVersion", call.ApiVersion);
        writer.WritePropertyName("metadata");
        page.Metadata.Write(writer);
        writer.WriteStartArray("items");
    }

    private static void WriteItem(ArrayBufferWriter<byte> buffer, StoredObject stored, string version)
    {
        if (version != stored.Resource.Version)
        {
            buffer.Write(ServedVersions.Json(stored, version).Span);
            return;
        }
        var prefix = Prefixes.GetOrAdd(stored.Resource, Prefix);
        if (prefix.Length > 0) buffer.Write("{"u8);
        stored.WriteTo(buffer, prefix.Length);
    }

    private static byte[] Prefix(ApiResource resource) =>
        resource == ApiResources.ArgoRollouts ? [] : Encoding.UTF8.GetBytes($$"""{"apiVersion":"{{resource.ApiVersion}}","kind":"{{resource.Kind}}",""");
}
