using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Admission;
using MeshRoll.Sandbox.Kinds;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Time;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox;

/// <summary>
/// The cluster: its objects, its time, and the one way to write objects that requests and controllers share. What the real API server does between
/// a request and etcd happens here: names, defaults, validation, admission, generations, conflicts, graceful deletion.
/// </summary>
/// <remarks>All members are for use inside the simulation only.</remarks>
internal sealed class Cluster
{
    /// <summary>What the server says of a write that was based on an older version.</summary>
    public const string ModifiedMeanwhile = "the object has been modified; please apply your changes to the latest version and try again";

    private readonly List<IAdmission> _admissions;

    /// <param name="simulation">The order of what happens.</param>
    /// <param name="previousVersion">The last resource version of a cluster in whose place this one comes.</param>
    public Cluster(Simulation simulation, long previousVersion = 0)
    {
        Simulation = simulation;
        Store = new(previousVersion);
        _admissions = [new ServiceAddresses(Store), new TemplateGenerations()];
    }

    /// <summary>The order of what happens.</summary>
    public Simulation Simulation { get; }

    /// <summary>All objects.</summary>
    public ObjectStore Store { get; }

    /// <summary>The time in the sandbox, UTC.</summary>
    public DateTimeOffset Now => Simulation.Now;

    /// <summary>Has a say about every new object that nothing can refuse any more, and may hand it back further on, such as a pod that runs already; null for nobody.</summary>
    public Func<StoredObject, StoredObject>? Arrival { get; set; }

    /// <summary>Has every write looked at from now on, after those that were added before.</summary>
    public void Add(IAdmission admission) => _admissions.Add(admission);

    /// <summary>Makes a new object.</summary>
    /// <param name="resource">The kind of object.</param>
    /// <param name="namespace">The namespace; empty for cluster-wide objects.</param>
    /// <param name="body">The object; becomes the cluster's own.</param>
    /// <param name="options">How to write.</param>
    /// <returns>The object as kept (with <see cref="WriteOptions.DryRun"/>: as it would be).</returns>
    /// <exception cref="ApiStatusException">It is refused.</exception>
    public StoredObject Create(ApiResource resource, string @namespace, JsonObject body, WriteOptions? options = null)
    {
        options ??= WriteOptions.Default;
        var draft = Draft(resource, @namespace, body, options);
        return options.DryRun ? draft : Keep(draft);
    }

    /// <summary>
    /// Makes so many objects of one making with generated names at one instant, each when it is asked for. The others are copies of the first: whoever
    /// has a say in one would say the same of the next, unless he counts them.
    /// </summary>
    /// <inheritdoc cref="Create(ApiResource, string, JsonObject, WriteOptions?)"/>
    public IEnumerable<StoredObject> CreateSeveral(ApiResource resource, string @namespace, Func<JsonObject> body, int count)
    {
        var mayCopy = MayCopy(resource, @namespace);
        StoredObject? model = null;
        for (var i = 0; i < count; i++)
        {
            var draft = (mayCopy && model is not null ? Copy(model) : null) ?? Draft(resource, @namespace, body(), WriteOptions.Default);
            model ??= draft;
            yield return Keep(draft);
        }
    }

    /// <summary>Makes an object which, while a world is run up, may be a copy of one that was made before.</summary>
    /// <param name="resource">The kind of object.</param>
    /// <param name="namespace">The namespace.</param>
    /// <param name="body">Makes it anew.</param>
    /// <param name="copy">Makes it from an earlier draft; null where it cannot be a copy.</param>
    /// <param name="draft">As it was before anybody else had a say, for later copies; null where there may be none.</param>
    /// <exception cref="ApiStatusException">It is refused.</exception>
    public StoredObject CreateLike(ApiResource resource, string @namespace, Func<JsonObject> body, Func<StoredObject?> copy, out StoredObject? draft)
    {
        var mayCopy = Arrival is not null && MayCopy(resource, @namespace);
        var made = (mayCopy ? copy() : null) ?? Draft(resource, @namespace, body(), WriteOptions.Default);
        draft = mayCopy ? made : null;
        return Keep(made);
    }

    private bool MayCopy(ApiResource resource, string @namespace) => !_admissions.Exists(admission => admission.JudgesEach(resource, @namespace));

    private StoredObject? Copy(StoredObject model)
    {
        var name = NewNames.Generate(model.Name[..^NewNames.SuffixLength], () => NewNames.Suffix(Simulation.Random), taken: name => Store.Find(model.Resource, model.Namespace, name) is not null);
        return model.For(name, NewUid());
    }

    /// <summary>Makes a new object of one of the sandbox's own components, which is complete and valid; it is looked at by those who have a say in its kind only.</summary>
    /// <exception cref="ApiStatusException">It is refused.</exception>
    public StoredObject Create(StoredObject draft)
    {
        foreach (var admission in _admissions)
        {
            if (admission.Concerns("CREATE", draft.Resource)) return Create(draft.Resource, draft.Namespace, draft.ToJson());
        }
        return Keep(draft);
    }

    /// <summary>An object as it is by now.</summary>
    private StoredObject Present(StoredObject known) => Store.Find(known.Resource, known.Namespace, known.Name) ?? throw ApiStatusException.NotFound(known.Resource, known.Name);

    private StoredObject Keep(StoredObject draft) => Store.Add(Arrival?.Invoke(draft) ?? draft);

    /// <summary>A new object as it is about to be kept.</summary>
    private StoredObject Draft(ApiResource resource, string @namespace, JsonObject body, WriteOptions options)
    {
        var metadata = body.Object("metadata");
        body = Typed(resource, body);
        NewNames.Complete(resource, @namespace, metadata, () => NewNames.Suffix(Simulation.Random), taken: name => Store.Find(resource, @namespace, name) is not null);
        var name = metadata.Text("name") ?? "";
        if (resource.Namespaced) RequireNamespace(resource, @namespace, name);

        if (resource.HasStatus && resource != ApiResources.Pods && resource != ApiResources.Nodes && resource != ApiResources.Namespaces) body.Remove("status");
        metadata.Remove("deletionTimestamp");
        metadata.Remove("deletionGracePeriodSeconds");
        metadata.Remove("resourceVersion");
        metadata.Remove("selfLink");
        metadata["uid"] = NewUid();
        metadata["creationTimestamp"] = JsonAccess.Timestamp(Now);
        if (resource.HasGeneration) metadata["generation"] = 1;
        else metadata.Remove("generation");

        if (!options.IsKnownToBeRight) resource.Default?.Invoke(body);
        Admit(new("CREATE", resource, @namespace, body, null) { By = options.By });
        if (!options.IsKnownToBeRight) Check(resource, name, body, null);
        if (Store.Find(resource, @namespace, name) is not null) throw ApiStatusException.AlreadyExists(resource, name);
        ManagedFields.Mark(body, resource, options.FieldManager, Now, "Update");
        return Store.Draft(resource, body);
    }

    /// <summary>Writes a changed object.</summary>
    /// <param name="current">The object that was read and changed.</param>
    /// <param name="changed">The whole object after the change; becomes the cluster's own. Its resourceVersion, where there is one, must be the present one.</param>
    /// <param name="part">Which part is written; the other stays as it is.</param>
    /// <param name="options">How to write.</param>
    /// <returns>The object as kept: the same one when nothing changed.</returns>
    /// <exception cref="ApiStatusException">It is refused, or gone, or there is a newer version.</exception>
    public StoredObject Update(StoredObject current, JsonObject changed, UpdatePart part = UpdatePart.Main, WriteOptions? options = null)
    {
        options ??= WriteOptions.Default;
        var resource = current.Resource;
        var present = Present(current);
        var expected = changed.Text("metadata", "resourceVersion");
        if (present.Uid != current.Uid
            || (!string.IsNullOrEmpty(expected) && expected != present.Version.ToString(System.Globalization.CultureInfo.InvariantCulture)))
        {
            throw ApiStatusException.Conflict(resource, current.Name, ModifiedMeanwhile);
        }

        var before = present.ToJson();
        changed = Typed(resource, changed);
        Identity(present, changed.Object("metadata"));
        Preserve(resource, before, changed, part);
        if (part == UpdatePart.Main)
        {
            resource.Default?.Invoke(changed);
            Admit(new("UPDATE", resource, current.Namespace, changed, present) { By = options.By });
            if (resource.HasGeneration && !SameWish(resource, before, changed)) changed.Object("metadata")["generation"] = present.Generation + 1;
            Check(resource, current.Name, changed, before);
        }
        if (JsonNode.DeepEquals(before, changed)) return present;

        ManagedFields.Mark(changed, resource, options.FieldManager, Now, "Update");
        var draft = Store.Draft(resource, changed, present);
        if (options.DryRun) return draft.At(present.Version);
        var after = Store.Replace(present, draft);
        return after.IsDeleting && !after.HasFinalizers && !IsEndingGracefully(after) ? Store.Remove(after) : after;
    }

    /// <summary>Changes an object as it is now; the change sees a fresh copy.</summary>
    /// <inheritdoc cref="Update(StoredObject, JsonObject, UpdatePart, WriteOptions?)"/>
    public StoredObject Change(StoredObject current, Action<JsonObject> change, UpdatePart part = UpdatePart.Main)
    {
        var present = Present(current);
        var changed = present.ToJson();
        change(changed);
        return Update(present, changed, part);
    }

    /// <summary>Sets an object's whole status, for controllers; nothing is written when it is the same, letter by letter: a controller writes it as it did before.</summary>
    public StoredObject SetStatus(StoredObject current, JsonObject status)
    {
        var present = Present(current);
        var draft = Store.DraftStatus(present, status);
        return draft.SaysTheSameAs(present) ? present : Store.Replace(present, draft);
    }

    /// <summary>
    /// Changes an object without looking whether it may be so, and without comparing: for the sandbox's own components where they write what no spec
    /// says and the change is known to be one, such as a pod's node and state. Several times faster than <see cref="Change"/>.
    /// </summary>
    public StoredObject Write(StoredObject current, Action<JsonObject> change)
    {
        var present = Present(current);
        var json = present.ToJson();
        change(json);
        return Store.Replace(present, json);
    }

    /// <summary>Changes an object's metadata, likewise, and sets its status at the same time where one is given.</summary>
    public StoredObject WriteMetadata(StoredObject current, Action<JsonObject> change, JsonObject? status)
    {
        var present = Present(current);
        var metadata = present.Metadata.ToJson();
        change(metadata);
        var draft = Store.DraftMetadata(present, metadata);
        return Store.Replace(present, status is null ? draft : Store.DraftStatus(draft, status));
    }

    /// <summary>Writes all of an object but its metadata and status, likewise.</summary>
    public StoredObject Write(StoredObject current, JsonPart wish)
    {
        var present = Present(current);
        return Store.Replace(present, present.Wishing(wish));
    }

    /// <summary>Writes an object's status, likewise, and for a pod that comes to its node at the same time the node; it is written anew, with a copy of what it was.</summary>
    public StoredObject WriteStatus(StoredObject current, Action<JsonObject, Utf8JsonWriter> write, string? nodeName = null)
    {
        var present = Present(current);
        return Store.Replace(present, Store.DraftStatus(present, write, nodeName));
    }

    /// <summary>Deletes an object, at once or, where somebody must have time to end, by marking it.</summary>
    /// <returns>The object as it is now (marked) or was last (gone), and whether it is gone.</returns>
    /// <exception cref="ApiStatusException">It is gone already, or a precondition does not hold.</exception>
    public (StoredObject Object, bool Gone) Delete(StoredObject current, DeleteOptions? options = null)
    {
        options ??= DeleteOptions.Default;
        var resource = current.Resource;
        var present = Present(current);
        Deletion.CheckAllowed(present);
        Deletion.CheckPreconditions(present, options);
        if (_admissions.Any(admission => admission.Concerns("DELETE", resource))) Admit(new("DELETE", resource, current.Namespace, present.ToJson(), present));
        var marked = present.Metadata.ToJson();
        var waits = Deletion.Mark(present, marked, options, Now);
        if (options.DryRun) return (present, !waits);
        if (!waits) return (Store.Remove(present), true);
        var draft = Store.DraftMetadata(present, marked);
        if (resource == ApiResources.Namespaces) draft = Store.DraftStatus(draft, Deletion.Terminating(present.StatusToJson()));
        return (draft.SaysTheSameAs(present) ? present : Store.Replace(present, draft), false);
    }

    /// <summary>Ends a pod for good: its kubelet has stopped everything.</summary>
    public void Finish(StoredObject pod)
    {
        if (Store.Find(pod.Resource, pod.Namespace, pod.Name) is not { } present || present.Uid != pod.Uid) return;
        if (!present.HasFinalizers)
        {
            Store.Remove(present);
            return;
        }
        var json = present.ToJson();
        json.Object("metadata")["deletionGracePeriodSeconds"] = 0;
        Store.Replace(present, json);
    }

    /// <summary>A random but reproducible uid.</summary>
    public string NewUid() => NewUid(Simulation.Random);

    /// <summary>A uid out of a source of chance of one's own.</summary>
    public static string NewUid(Random random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        bytes[7] = (byte)((bytes[7] & 0x0f) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes).ToString();
    }

    private static JsonObject Typed(ApiResource resource, JsonObject body)
    {
        // apiVersion and kind come first, as every reader of the API expects them.
        using var members = body.GetEnumerator();
        if (IsNext("apiVersion", resource.ApiVersion) && IsNext("kind", resource.Kind)) return body;
        var typed = new JsonObject { ["apiVersion"] = resource.ApiVersion, ["kind"] = resource.Kind };
        foreach (var (name, value) in body.ToList())
        {
            body.Remove(name);
            if (name is not ("apiVersion" or "kind")) typed[name] = value;
        }
        return typed;

        bool IsNext(string name, string value) => members.MoveNext() && members.Current.Key == name && members.Current.Value.Text() == value;
    }

    private void RequireNamespace(ApiResource resource, string @namespace, string name)
    {
        var home = Store.Find(ApiResources.Namespaces, "", @namespace) ?? throw ApiStatusException.NotFound(ApiResources.Namespaces, @namespace);
        if (home.IsDeleting) throw ApiStatusException.NamespaceTerminating(resource, name, @namespace);
    }

    private void Admit(AdmissionRequest request)
    {
        var asked = false;
        foreach (var admission in _admissions)
        {
            if (!admission.Concerns(request.Operation, request.Resource)) continue;
            admission.Admit(request);
            asked = true;
        }
        // What was put into a pod, such as a sidecar, says no more than it must.
        if (asked && request.Operation != "DELETE" && request.Resource == ApiResources.Pods) request.Resource.Default?.Invoke(request.Object);
    }

    private static void Check(ApiResource resource, string name, JsonObject body, JsonObject? before)
    {
        var errors = MetadataRules.Check(body, before).ToList();
        if (resource.Validate is not null) errors.AddRange(resource.Validate(body, before));
        if (errors.Count > 0) throw ApiStatusException.Invalid(resource, name, errors);
    }

    /// <summary>A write is about the object that it names, or about none.</summary>
    private static void Identity(StoredObject present, JsonObject metadata)
    {
        if (metadata.Text("uid") is { Length: > 0 } uid && uid != present.Uid)
            throw ApiStatusException.Conflict(present.Resource, present.Name, $"Precondition failed: UID in precondition: {uid}, UID in object meta: {present.Uid}");
        if (metadata.Text("name") is { } name && name != present.Name)
            throw ApiStatusException.Invalid(present.Resource, name, [FieldErrors.InvalidText("metadata.name", name, FieldErrors.Immutable)]);
        if (metadata.Text("namespace") is { } space && space != present.Namespace)
            throw ApiStatusException.Invalid(present.Resource, present.Name, [FieldErrors.InvalidText("metadata.namespace", space, FieldErrors.Immutable)]);
    }

    /// <summary>What a write may not touch stays: identity, and the part that is not written.</summary>
    private static void Preserve(ApiResource resource, JsonObject before, JsonObject changed, UpdatePart part)
    {
        var (old, metadata) = (before.Object("metadata"), changed.Object("metadata"));
        if (part == UpdatePart.Status)
        {
            var status = changed["status"]?.DeepClone();
            foreach (var name in changed.Select(property => property.Key).ToList()) changed.Remove(name);
            foreach (var (name, value) in before) changed[name] = value?.DeepClone();
            if (status is null) changed.Remove("status");
            else changed["status"] = status;
            return;
        }
        foreach (var name in (string[])["name", "namespace", "uid", "creationTimestamp", "generation", "resourceVersion", "deletionTimestamp", "deletionGracePeriodSeconds", "generateName"])
        {
            if (JsonNode.DeepEquals(old[name], metadata[name])) continue;
            if (old[name] is { } value) metadata[name] = value.DeepClone();
            else metadata.Remove(name);
        }
        if (!resource.HasStatus || JsonNode.DeepEquals(before["status"], changed["status"])) return;
        if (before["status"] is { } kept) changed["status"] = kept.DeepClone();
        else changed.Remove("status");
    }

    private static bool SameWish(ApiResource resource, JsonObject before, JsonObject changed)
    {
        // Deployments alone count their annotations, which were part of the wish once (the deployment strategy's PrepareForUpdate).
        if (resource == ApiResources.Deployments && !JsonNode.DeepEquals(before.At("metadata", "annotations"), changed.At("metadata", "annotations"))) return false;
        foreach (var name in before.Select(property => property.Key).Union(changed.Select(property => property.Key)))
        {
            if (name is not ("metadata" or "status") && !JsonNode.DeepEquals(before[name], changed[name])) return false;
        }
        return true;
    }

    // A pod under deletion stays until its kubelet is done; anything else only for its finalizers.
    private static bool IsEndingGracefully(StoredObject stored) =>
        stored.Resource == ApiResources.Namespaces || (stored.Resource == ApiResources.Pods && stored.Metadata.DeletionGrace is > 0);
}
