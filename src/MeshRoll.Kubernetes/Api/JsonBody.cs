using System.Text.Json;

namespace MeshRoll.Kubernetes.Api;

/// <summary>The JSON of requests: written by hand, because what is sent are a few small objects.</summary>
internal static class JsonBody
{
    /// <summary>One JSON object.</summary>
    public static ReadOnlyMemory<byte> Of(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream(256);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }
        return buffer.ToArray();
    }

    /// <summary>The eviction of a pod, or only of the pod with this uid.</summary>
    public static ReadOnlyMemory<byte> Eviction(string policyVersion, string @namespace, string pod, string? uid) => Of(json =>
    {
        json.WriteString("apiVersion", policyVersion);
        json.WriteString("kind", "Eviction");
        json.WriteStartObject("metadata");
        json.WriteString("name", pod);
        json.WriteString("namespace", @namespace);
        json.WriteEndObject();
        if (uid is null) return;
        json.WriteStartObject("deleteOptions");
        json.WriteStartObject("preconditions");
        json.WriteString("uid", uid);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    /// <summary>A scale with another count.</summary>
    public static ReadOnlyMemory<byte> Scale(Models.ObjectMeta metadata, int replicas) => Of(json =>
    {
        json.WriteString("apiVersion", "autoscaling/v1");
        json.WriteString("kind", "Scale");
        json.WriteStartObject("metadata");
        json.WriteString("name", metadata.Name);
        json.WriteString("namespace", metadata.Namespace);
        json.WriteString("resourceVersion", metadata.ResourceVersion);
        json.WriteEndObject();
        json.WriteStartObject("spec");
        json.WriteNumber("replicas", replicas);
        json.WriteEndObject();
    });

    /// <summary>How something is to be deleted.</summary>
    public static ReadOnlyMemory<byte> Delete(DeleteOptions options) => Of(json =>
    {
        json.WriteString("apiVersion", "v1");
        json.WriteString("kind", "DeleteOptions");
        if (options.GracePeriodSeconds is { } seconds) json.WriteNumber("gracePeriodSeconds", seconds);
        if (options.DryRun)
        {
            // Where there is a body, the server reads options from nowhere else.
            json.WriteStartArray("dryRun");
            json.WriteStringValue("All");
            json.WriteEndArray();
        }
        if (options.Uid is null && options.ResourceVersion is null) return;
        json.WriteStartObject("preconditions");
        if (options.Uid is { } uid) json.WriteString("uid", uid);
        if (options.ResourceVersion is { } version) json.WriteString("resourceVersion", version);
        json.WriteEndObject();
    });

    /// <summary>A question about the caller's own rights.</summary>
    public static ReadOnlyMemory<byte> AccessReview(AccessQuestion question) => Of(json =>
    {
        json.WriteString("apiVersion", "authorization.k8s.io/v1");
        json.WriteString("kind", "SelfSubjectAccessReview");
        json.WriteStartObject("spec");
        if (question.Path is { } path)
        {
            json.WriteStartObject("nonResourceAttributes");
            json.WriteString("verb", question.Verb);
            json.WriteString("path", path);
        }
        else
        {
            json.WriteStartObject("resourceAttributes");
            json.WriteString("verb", question.Verb);
            json.WriteString("group", question.Group);
            json.WriteString("resource", question.Resource);
            if (question.Namespace is not null) json.WriteString("namespace", question.Namespace);
            if (question.Name is not null) json.WriteString("name", question.Name);
            if (question.Subresource is not null) json.WriteString("subresource", question.Subresource);
        }
        json.WriteEndObject();
        json.WriteEndObject();
    });
}
