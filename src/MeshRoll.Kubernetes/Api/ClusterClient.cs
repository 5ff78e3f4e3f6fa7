using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using MeshRoll.Kubernetes.Configuration;
using MeshRoll.Kubernetes.Models;
using MeshRoll.Kubernetes.Models.Protobuf;
using MeshRoll.Kubernetes.PortForwarding;
using MeshRoll.Kubernetes.Transport;

namespace MeshRoll.Kubernetes.Api;

/// <summary>
/// The API of one cluster, as far as MeshRoll needs it. Safe to be used from several threads.
/// Every method throws <see cref="ApiException"/> when the server says no, <see cref="ApiProtocolException"/> when its answer is broken,
/// <see cref="ClusterUnreachableException"/> when it cannot be reached, <see cref="OperationCanceledException"/> when cancelled.
/// </summary>
public sealed class ClusterClient : IAsyncDisposable
{
    private readonly Discovery _discovery;

    /// <summary>A client of <paramref name="connection"/>. Opens nothing yet.</summary>
    public ClusterClient(ClusterConnection connection, TransportOptions? options = null)
    {
        Transport = new(connection, options);
        Sender = new(Transport);
        _discovery = new(Sender);
    }

    /// <summary>Whom this talks to.</summary>
    public ClusterConnection Connection => Transport.Connection;

    /// <summary>The HTTP side.</summary>
    public ClusterTransport Transport { get; }

    /// <summary>Sends requests and reads refusals.</summary>
    internal ApiSender Sender { get; }

    /// <summary>
    /// All objects of a kind, page by page as they arrive; namespace null means all namespaces.
    /// A continue token that expired leads to a new list, a page that breaks midway is asked for again; objects already given are not
    /// given again (by uid).
    /// </summary>
    public IAsyncEnumerable<T> ListAsync<T>(Resource<T> resource, string? @namespace, ListQuery? query = null, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject
    {
        ArgumentNullException.ThrowIfNull(resource);
        return OncePerUid(Lister<T>.Of(Sender, resource, @namespace, Checked(query), new StringPool()), cancellationToken);
    }

    /// <summary>Metadata alone of all objects of a kind: cheap even where the objects are big.</summary>
    public IAsyncEnumerable<PartialObject> ListMetadataAsync<T>(Resource<T> resource, string? @namespace, ListQuery? query = null, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject
    {
        ArgumentNullException.ThrowIfNull(resource);
        return OncePerUid(Lister<PartialObject>.OfMetadata(Sender, resource, @namespace, Checked(query), new StringPool()), cancellationToken);
    }

    /// <summary>One object.</summary>
    public Task<T> GetAsync<T>(Resource<T> resource, string? @namespace, string name, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject
    {
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentException.ThrowIfNullOrEmpty(name);
        var request = new ApiRequest(HttpMethod.Get, ResourcePath.Of(resource, @namespace, name), ResourcePath.Describe("get", resource, @namespace, name))
        {
            Accept = AcceptOf(resource),
        };
        return Sender.ReadAsync(request, answer => ObjectReader.Read(answer, resource), cancellationToken);
    }

    /// <summary>One object, or null when there is none of that name.</summary>
    public async Task<T?> FindAsync<T>(Resource<T> resource, string? @namespace, string name, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject
    {
        try
        {
            return await GetAsync(resource, @namespace, name, cancellationToken);
        }
        catch (ApiException failure) when (failure.Code == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>Changes an object; returns it as it is afterwards.</summary>
    /// <param name="resource">Its kind.</param>
    /// <param name="namespace">Its namespace.</param>
    /// <param name="name">Its name.</param>
    /// <param name="patch">The change.</param>
    /// <param name="replay">Whether the patch gives the same result when sent twice.</param>
    /// <param name="options">Field manager and dry run.</param>
    /// <param name="cancellationToken">The caller's deadline.</param>
    public Task<T> PatchAsync<T>(Resource<T> resource, string? @namespace, string name, Patch patch, Replay replay, ChangeOptions? options = null, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject
    {
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(patch);
        var request = new ApiRequest(HttpMethod.Patch, ResourcePath.Of(resource, @namespace, name) + new QueryString().Add(options), ResourcePath.Describe("patch", resource, @namespace, name))
        {
            Accept = AcceptOf(resource),
            Body = patch.Json,
            BodyType = patch.Kind switch
            {
                PatchKind.StrategicMerge => "application/strategic-merge-patch+json",
                PatchKind.Merge => "application/merge-patch+json",
                _ => "application/json-patch+json",
            },
            Replay = replay,
        };
        return Sender.ReadAsync(request, answer => ObjectReader.Read(answer, resource), cancellationToken);
    }

    /// <summary>Makes an object from its JSON; returns it as the server stored it.</summary>
    /// <param name="resource">Its kind.</param>
    /// <param name="namespace">Its namespace.</param>
    /// <param name="json">UTF-8 JSON, with apiVersion, kind and metadata.</param>
    /// <param name="options">Field manager and dry run.</param>
    /// <param name="cancellationToken">The caller's deadline.</param>
    public Task<T> CreateAsync<T>(Resource<T> resource, string? @namespace, ReadOnlyMemory<byte> json, ChangeOptions? options = null, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject
    {
        ArgumentNullException.ThrowIfNull(resource);
        var request = new ApiRequest(HttpMethod.Post, ResourcePath.Of(resource, @namespace) + new QueryString().Add(options), ResourcePath.Describe("create", resource, @namespace))
        {
            Accept = AcceptOf(resource),
            Body = json,
            Replay = Replay.Never,
        };
        return Sender.ReadAsync(request, answer => ObjectReader.Read(answer, resource), cancellationToken);
    }

    /// <summary>Asks for an object's deletion. It may go on living for its grace period, or until its finalizers are done.</summary>
    /// <param name="resource">Its kind.</param>
    /// <param name="namespace">Its namespace.</param>
    /// <param name="name">Its name.</param>
    /// <param name="options">Conditions and grace period; null for none.</param>
    /// <param name="cancellationToken">The caller's deadline.</param>
    public Task DeleteAsync<T>(Resource<T> resource, string? @namespace, string name, DeleteOptions? options = null, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject
    {
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentException.ThrowIfNullOrEmpty(name);
        options ??= new();
        var query = new QueryString().Add("dryRun", options.DryRun ? "All" : null);
        var request = new ApiRequest(HttpMethod.Delete, ResourcePath.Of(resource, @namespace, name) + query, ResourcePath.Describe("delete", resource, @namespace, name))
        {
            Body = JsonBody.Delete(options),
            Replay = Replay.Never,
        };
        return Sender.ReadAsync(request, static _ => true, cancellationToken);
    }

    /// <summary>The scale subresource of a workload.</summary>
    public Task<Scale> GetScaleAsync<T>(Resource<T> resource, string @namespace, string name, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject
    {
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentException.ThrowIfNullOrEmpty(name);
        var request = new ApiRequest(HttpMethod.Get, ResourcePath.Of(resource, @namespace, name, "scale"), ResourcePath.Describe("get", resource, @namespace, name, "scale"));
        return Sender.ReadAsync(request, answer => ObjectReader.ReadJson<Scale>(answer.Body.Unread, "Scale"), cancellationToken);
    }

    /// <summary>Sets the wanted count, on condition that the scale is still of <see cref="ObjectMeta.ResourceVersion"/> of <paramref name="current"/>; a conflict is an <see cref="ApiException"/>.</summary>
    public Task<Scale> SetScaleAsync<T>(Resource<T> resource, Scale current, int replicas, ChangeOptions? options = null, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject
    {
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentNullException.ThrowIfNull(current);
        ArgumentOutOfRangeException.ThrowIfNegative(replicas);
        var (@namespace, name) = (current.Metadata.Namespace, current.Metadata.Name);
        var request = new ApiRequest(HttpMethod.Put, ResourcePath.Of(resource, @namespace, name, "scale") + new QueryString().Add(options), ResourcePath.Describe("update", resource, @namespace, name, "scale"))
        {
            Body = JsonBody.Scale(current.Metadata, replicas),
            Replay = Replay.Never,
        };
        return Sender.ReadAsync(request, answer => ObjectReader.ReadJson<Scale>(answer.Body.Unread, "Scale"), cancellationToken);
    }

    /// <summary>
    /// Asks for a pod's eviction, which disruption budgets may refuse (429, cause DisruptionBudget): that is thrown at once, not waited for.
    /// Uses policy/v1, or v1beta1 where discovery names no other.
    /// </summary>
    /// <param name="namespace">The pod's namespace.</param>
    /// <param name="pod">Its name.</param>
    /// <param name="uid">Evict it only if it still is this very pod, not another of its name; else the server answers with a conflict. Null for any.</param>
    /// <param name="options">Field manager and dry run.</param>
    /// <param name="cancellationToken">The caller's deadline.</param>
    public async Task EvictAsync(string @namespace, string pod, string? uid = null, ChangeOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(@namespace);
        ArgumentException.ThrowIfNullOrEmpty(pod);
        var served = await _discovery.GetAsync("v1", cancellationToken);
        var policy = served.TryGetValue("pods/eviction", out var known) && known.StartsWith("policy/", StringComparison.Ordinal) ? known : "policy/v1";
        var request = new ApiRequest(HttpMethod.Post, ResourcePath.Of(Resources.Pods, @namespace, pod, "eviction") + new QueryString().Add(options), ResourcePath.Describe("create", Resources.Pods, @namespace, pod, "eviction"))
        {
            Body = JsonBody.Eviction(policy, @namespace, pod, uid),
            Replay = Replay.Never,
            // A budget's refusal is an answer to the caller, who knows what else could be done meanwhile.
            MaxRetries = 0,
        };
        await Sender.ReadAsync(request, static _ => true, cancellationToken);
    }

    /// <summary>The last lines that a container wrote, as it wrote them: foreign text, with whatever control characters and secrets are in it. Needs the right to get pods/log.</summary>
    public Task<string> ReadLogAsync(string @namespace, string pod, LogQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(@namespace);
        ArgumentException.ThrowIfNullOrEmpty(pod);
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(query.TailLines, nameof(query));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(query.MaximumBytes, nameof(query));
        var parameters = new QueryString().Add("container", query.Container).Add("tailLines", Number(query.TailLines)).Add("limitBytes", Number(query.MaximumBytes)).Add("previous", query.Previous ? "true" : null);
        var request = new ApiRequest(HttpMethod.Get, ResourcePath.Of(Resources.Pods, @namespace, pod, "log") + parameters, ResourcePath.Describe("get", Resources.Pods, @namespace, pod, "log"))
        {
            Accept = ApiRequest.TextOrJson,
            IsForText = true,
            // The kubelet is asked behind the server: who wants a log wants it now or not at all.
            MaxRetries = 0,
        };
        return Sender.ReadTextAsync(request, query.MaximumBytes, cancellationToken);

        static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// A connection to a port of a pod, as <c>kubectl port-forward</c> makes it; what listens there is called from the pod's own localhost. Reading fails
    /// with an <see cref="IOException"/> whose cause is a <see cref="PortForwardException"/>. Needs the right to get, on newer servers to create,
    /// pods/portforward.
    /// </summary>
    /// <exception cref="PortForwardException">The server, or something before it, has no WebSockets.</exception>
    public Task<Stream> ForwardPortAsync(string @namespace, string pod, int port, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(@namespace);
        ArgumentException.ThrowIfNullOrEmpty(pod);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(port);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, ushort.MaxValue);
        return PortForwarder.ConnectAsync(Sender, new(@namespace, pod, port), cancellationToken);
    }

    /// <summary>Changes of a kind's objects from <paramref name="resourceVersion"/> on, until the server ends the watch. For the reflector; others use the shared caches.</summary>
    public IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(Resource<T> resource, string? @namespace, ListQuery? query, string resourceVersion, TimeSpan serverTimeout, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject
    {
        ArgumentNullException.ThrowIfNull(resource);
        return Watcher<T>.RunAsync(Sender, resource, @namespace, query ?? new(), resourceVersion, serverTimeout, cancellationToken);
    }

    /// <summary>The server's version, such as <c>v1.33.1</c>.</summary>
    public Task<string> GetVersionAsync(CancellationToken cancellationToken = default)
    {
        var request = new ApiRequest(HttpMethod.Get, "version", new("get", "the server's version", null, null));
        return Sender.ReadAsync(request, static answer => Text(answer, "gitVersion"), cancellationToken);
    }

    /// <summary>Whether the server serves a resource, by discovery (asked once per group and version).</summary>
    public async Task<bool> ServesAsync<T>(Resource<T> resource, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject
    {
        ArgumentNullException.ThrowIfNull(resource);
        return (await _discovery.GetAsync(resource.GroupVersion, cancellationToken)).ContainsKey(resource.Plural);
    }

    /// <summary>Whether the caller has a right, by the server's own judgement (SelfSubjectAccessReview). Every user may ask this.</summary>
    /// <param name="verb">get, list, watch, patch, create, update, delete.</param>
    /// <param name="resource">The kind.</param>
    /// <param name="namespace">Where; null for all namespaces.</param>
    /// <param name="name">One object, or null for all.</param>
    /// <param name="subresource">Such as <c>eviction</c> or <c>scale</c>; null for the object itself.</param>
    /// <param name="cancellationToken">The caller's deadline.</param>
    public async Task<bool> CanIAsync<T>(string verb, Resource<T> resource, string? @namespace, string? name = null, string? subresource = null, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject
    {
        ArgumentException.ThrowIfNullOrEmpty(verb);
        ArgumentNullException.ThrowIfNull(resource);
        var question = new AccessQuestion(verb, resource.Plural) { Group = resource.Group, Namespace = resource.Namespaced ? @namespace : null, Name = name, Subresource = subresource };
        return (await ReviewAccessAsync(question, cancellationToken)).Allowed;
    }

    /// <summary>Whether the caller has a right, by the server's own judgement (SelfSubjectAccessReview), and what it says of it. Every user may ask this.</summary>
    public Task<AccessAnswer> ReviewAccessAsync(AccessQuestion question, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(question);
        var request = new ApiRequest(HttpMethod.Post, "apis/authorization.k8s.io/v1/selfsubjectaccessreviews", new("create", "selfsubjectaccessreviews.authorization.k8s.io", null, null))
        {
            Body = JsonBody.AccessReview(question),
        };
        return Sender.ReadAsync(request, static answer =>
        {
            using var review = JsonDocument.Parse(answer.Body.Unread.ToArray());
            return AccessAnswer.From(review.RootElement.GetProperty("status"));
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Transport.DisposeAsync();

    private static string AcceptOf<T>(Resource<T> resource) where T : class, IKubernetesObject =>
        resource.Protobuf is null ? ApiRequest.JsonOnly : ApiRequest.ProtobufOrJson;

    private static ListQuery Checked(ListQuery? query)
    {
        if (query?.PageSize is { } size) ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size, nameof(query));
        return query ?? new();
    }

    private static string Text(ApiAnswer answer, string property)
    {
        using var document = JsonDocument.Parse(answer.Body.Unread.ToArray());
        return document.RootElement.GetProperty(property).GetString() ?? "";
    }

    private static async IAsyncEnumerable<T> OncePerUid<T>(Lister<T> list, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class, IKubernetesObject
    {
        var given = new HashSet<string>();
        await foreach (var progress in list.RunAsync(cancellationToken))
        {
            if (progress.Item is { } item && (item.Metadata.Uid.Length == 0 || given.Add(item.Metadata.Uid))) yield return item;
        }
    }
}

/// <summary>One line of a watch.</summary>
/// <param name="Type">What happened.</param>
/// <param name="Item">The object after it; null for errors.</param>
/// <param name="ResourceVersion">Resume from here.</param>
/// <param name="Error">The server's error, for <see cref="WatchEventType.Error"/>.</param>
public sealed record WatchEvent<T>(WatchEventType Type, T? Item, string ResourceVersion, ApiException? Error) where T : class;

/// <summary>What a line of a watch says.</summary>
public enum WatchEventType
{
    /// <summary>An object came into the selection.</summary>
    Added,

    /// <summary>An object changed.</summary>
    Modified,

    /// <summary>An object left the selection.</summary>
    Deleted,

    /// <summary>Nothing happened up to this resource version.</summary>
    Bookmark,

    /// <summary>The watch failed, with code 410 when it has to begin anew.</summary>
    Error,
}
