using System.Text.Json;
using MeshRoll.Kubernetes.Api;

namespace MeshRoll.Core.Restarts.Marks;

/// <summary>
/// Writes and takes away marks. Each is one merge patch that carries the resource version it was decided on, so that the server refuses it (409) when
/// anybody changed the workload since; and a count changes in the same write as the mark that explains it, so that no crash can part them.
/// </summary>
internal static class MarkPatch
{
    /// <summary>Sets the mark, and with it the count where <paramref name="replicas"/> is given.</summary>
    public static Patch Set(string resourceVersion, RestartMark mark, int? replicas) => Of(resourceVersion, mark, replicas, null);

    /// <summary>Takes the mark away, and restores the count where <paramref name="replicas"/> is given.</summary>
    /// <param name="resourceVersion">What it was decided on.</param>
    /// <param name="replicas">The count to restore; null for none.</param>
    /// <param name="plan">The plan whose restart is done with that, to be written in its place; null for none.</param>
    public static Patch Remove(string resourceVersion, int? replicas, string? plan = null) => Of(resourceVersion, null, replicas, plan);

    private static Patch Of(string resourceVersion, RestartMark? mark, int? replicas, string? plan)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            json.WriteStartObject("metadata");
            json.WriteString("resourceVersion", resourceVersion);
            json.WriteStartObject("annotations");
            json.WriteString(RestartMark.Key, mark is null ? null : MarkText.Write(mark));
            if (plan is not null) json.WriteString(Plans.PlanMark.Annotation, plan);
            json.WriteEndObject();
            json.WriteStartObject("labels");
            json.WriteString(RestartMark.Key, mark?.Run);
            json.WriteEndObject();
            json.WriteEndObject();
            if (replicas is { } count)
            {
                json.WriteStartObject("spec");
                json.WriteNumber("replicas", count);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        return new(PatchKind.Merge, text.ToArray());
    }
}
