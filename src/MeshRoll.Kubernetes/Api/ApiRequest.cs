using System.Net.Http.Headers;
using System.Text;
using MeshRoll.Kubernetes.Models;
using MeshRoll.Kubernetes.Transport;

namespace MeshRoll.Kubernetes.Api;

/// <summary>One question to the API server.</summary>
internal sealed record ApiRequest(HttpMethod Method, string Path, ApiRequestInfo Info)
{
    /// <summary>Protobuf where the server has it, else JSON.</summary>
    public const string ProtobufOrJson = "application/vnd.kubernetes.protobuf,application/json";

    /// <summary>JSON alone.</summary>
    public const string JsonOnly = "application/json";

    /// <summary>Whatever there is; refusals in JSON.</summary>
    public const string TextOrJson = "application/json,*/*";

    /// <summary>The media types wanted, best first.</summary>
    public string Accept { get; init; } = JsonOnly;

    /// <summary>What is sent along; null for nothing.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }

    /// <summary>The media type of <see cref="Body"/>.</summary>
    public string BodyType { get; init; } = JsonOnly;

    /// <summary>Whether it may be sent twice.</summary>
    public Replay Replay { get; init; } = Replay.Safe;

    /// <summary>How often the transport may wait for Retry-After and ask again; null leaves it to its options.</summary>
    public int? MaxRetries { get; init; }

    /// <summary>Whether an answer of success is plain text rather than an object.</summary>
    public bool IsForText { get; init; }

    /// <summary>The selectors it carries, for the error when the server cannot read them.</summary>
    public ListQuery? Query { get; init; }

    /// <summary>Makes the HTTP request, anew for every attempt.</summary>
    public HttpRequestMessage ToMessage()
    {
        var message = new HttpRequestMessage(Method, new Uri(Path, UriKind.Relative));
        message.Headers.TryAddWithoutValidation("Accept", Accept);
        if (MaxRetries is { } retries) message.Options.Set(RequestOptions.MaxRetries, retries);
        if (Body is { } body)
        {
            message.Content = new ReadOnlyMemoryContent(body);
            message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(BodyType);
        }
        return message;
    }
}

/// <summary>The paths of a kind's objects.</summary>
internal static class ResourcePath
{
    /// <summary>The path of a collection, or of one object or its subresource.</summary>
    public static string Of<T>(Resource<T> resource, string? @namespace, string? name = null, string? subresource = null)
        where T : class, IKubernetesObject
    {
        var path = new StringBuilder(OfGroup(resource.GroupVersion));
        if (resource.Namespaced && !string.IsNullOrEmpty(@namespace)) path.Append("/namespaces/").Append(Uri.EscapeDataString(@namespace));
        path.Append('/').Append(resource.Plural);
        if (name is not null) path.Append('/').Append(Uri.EscapeDataString(name));
        if (subresource is not null) path.Append('/').Append(subresource);
        return path.ToString();
    }

    /// <summary>The path of a group and version, where discovery lives.</summary>
    public static string OfGroup(string groupVersion) => groupVersion.Contains('/') ? $"apis/{groupVersion}" : $"api/{groupVersion}";

    /// <summary>The words of a request about a kind.</summary>
    public static ApiRequestInfo Describe<T>(string verb, Resource<T> resource, string? @namespace, string? name = null, string? subresource = null)
        where T : class, IKubernetesObject =>
        new(verb, subresource is null ? resource.FullName : $"{resource.Plural}/{subresource}{(resource.Group.Length == 0 ? "" : $".{resource.Group}")}",
            resource.Namespaced && !string.IsNullOrEmpty(@namespace) ? @namespace : null, name);
}

/// <summary>Puts a query string together.</summary>
internal sealed class QueryString
{
    private readonly StringBuilder _text = new();

    /// <summary>Adds a parameter unless it has no value.</summary>
    public QueryString Add(string name, string? value)
    {
        if (string.IsNullOrEmpty(value)) return this;
        _text.Append(_text.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        return this;
    }

    /// <summary>Adds what a change says about itself.</summary>
    public QueryString Add(ChangeOptions? options) =>
        Add("fieldManager", (options ?? Defaults).FieldManager).Add("dryRun", options is { DryRun: true } ? "All" : null);

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    private static readonly ChangeOptions Defaults = new();
}
