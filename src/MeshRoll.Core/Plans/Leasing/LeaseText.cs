using System.Globalization;
using System.Text.Json;
using MeshRoll.Kubernetes.Api;

namespace MeshRoll.Core.Plans.Leasing;

/// <summary>The changes of a plan's Lease. Each but a wish carries the resource version it was decided on: the server refuses it when anybody was quicker.</summary>
internal static class LeaseText
{
    /// <summary>A new Lease.</summary>
    public static ReadOnlyMemory<byte> Create(string @namespace, string name, string plan, string holder, DateTimeOffset now) => Json(json =>
    {
        json.WriteString("apiVersion", "coordination.k8s.io/v1");
        json.WriteString("kind", "Lease");
        json.WriteStartObject("metadata");
        json.WriteString("namespace", @namespace);
        json.WriteString("name", name);
        json.WriteStartObject("labels");
        json.WriteString("app.kubernetes.io/managed-by", "meshroll");
        json.WriteString(PlanMark.Annotation, plan);
        json.WriteEndObject();
        json.WriteEndObject();
        Spec(json, holder, now, now, 0);
    });

    /// <summary>Takes it over.</summary>
    public static Patch Take(string resourceVersion, string holder, DateTimeOffset now, int transitions) => Merge(json =>
    {
        Version(json, resourceVersion);
        Spec(json, holder, now, now, transitions);
    });

    /// <summary>Renews it.</summary>
    public static Patch Renew(string resourceVersion, string holder, DateTimeOffset now) => Merge(json =>
    {
        Version(json, resourceVersion);
        json.WriteStartObject("spec");
        json.WriteString("holderIdentity", holder);
        json.WriteNumber("leaseDurationSeconds", (int)LeaseRules.Duration.TotalSeconds);
        json.WriteString("renewTime", Time(now));
        json.WriteEndObject();
    });

    /// <summary>Gives it back where it cannot be deleted.</summary>
    public static Patch Release(string resourceVersion) => Merge(json =>
    {
        Version(json, resourceVersion);
        json.WriteStartObject("spec");
        json.WriteNull("holderIdentity");
        json.WriteEndObject();
    });

    /// <summary>Asks its holder for something.</summary>
    public static Patch Wish(RunWish wish) => Merge(json =>
    {
        json.WriteStartObject("metadata");
        Annotation(json, wish.ToString());
        json.WriteEndObject();
    });

    /// <summary>Takes off what its holder was asked for.</summary>
    public static Patch Unwish(string resourceVersion) => Merge(json =>
    {
        json.WriteStartObject("metadata");
        json.WriteString("resourceVersion", resourceVersion);
        Annotation(json, null);
        json.WriteEndObject();
    });

    private static void Annotation(Utf8JsonWriter json, string? wish)
    {
        json.WriteStartObject("annotations");
        json.WriteString(RunWish.Annotation, wish);
        json.WriteEndObject();
    }

    private static void Version(Utf8JsonWriter json, string resourceVersion)
    {
        json.WriteStartObject("metadata");
        json.WriteString("resourceVersion", resourceVersion);
        json.WriteEndObject();
    }

    private static void Spec(Utf8JsonWriter json, string holder, DateTimeOffset acquired, DateTimeOffset renewed, int transitions)
    {
        json.WriteStartObject("spec");
        json.WriteString("holderIdentity", holder);
        json.WriteNumber("leaseDurationSeconds", (int)LeaseRules.Duration.TotalSeconds);
        json.WriteString("acquireTime", Time(acquired));
        json.WriteString("renewTime", Time(renewed));
        json.WriteNumber("leaseTransitions", transitions);
        json.WriteEndObject();
    }

    private static Patch Merge(Action<Utf8JsonWriter> fields) => new(PatchKind.Merge, Json(fields));

    private static ReadOnlyMemory<byte> Json(Action<Utf8JsonWriter> fields)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            fields(json);
            json.WriteEndObject();
        }
        return text.ToArray();
    }

    // metav1.MicroTime: exactly six digits.
    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
