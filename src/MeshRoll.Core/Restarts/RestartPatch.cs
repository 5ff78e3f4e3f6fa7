using System.Globalization;
using System.Text;
using MeshRoll.Kubernetes.Api;

namespace MeshRoll.Core.Restarts;

/// <summary>The change that restarts a workload: one value in its pod template, nothing else.</summary>
public static class RestartPatch
{
    /// <summary>The annotation that kubectl rollout restart sets.</summary>
    public const string Annotation = "kubectl.kubernetes.io/restartedAt";

    /// <summary>
    /// The patch for a workload of <paramref name="kind"/>. The same moment gives the same patch, so it may be sent again when its fate is unknown:
    /// choose the moment once, before any attempt.
    /// </summary>
    /// <param name="kind">The workload's kind.</param>
    /// <param name="moment">When, UTC.</param>
    /// <param name="plan">The plan that restarts, to be written on the workload in the same change; null for none.</param>
    /// <param name="resourceVersion">What it was decided on, so that the server refuses it (409) when anybody changed the workload since; null for restarting it all the same.</param>
    /// <exception cref="ArgumentException">A kind without a pod template that a controller rolls out.</exception>
    public static Patch For(string kind, DateTimeOffset moment, string? plan = null, string? resourceVersion = null) => kind switch
    {
        "Deployment" or "StatefulSet" or "DaemonSet" => Template(Value(moment), plan, resourceVersion),
        "Rollout" => ArgoRestartAt(moment, plan, resourceVersion),
        _ => throw new ArgumentException($"A {kind} cannot be restarted by a patch.", nameof(kind)),
    };

    /// <summary>
    /// The annotation's value, RFC 3339 in UTC. kubectl writes whole seconds, and a second restart within the same second is an empty patch that
    /// restarts nothing; RFC 3339 allows a fraction, and with seven digits two restarts differ.
    /// </summary>
    public static string Value(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);

    // A strategic merge of this one key: replacing the whole map would drop Istio's annotations.
    private static Patch Template(string value, string? plan, string? resourceVersion) =>
        new(PatchKind.StrategicMerge, Encoding.UTF8.GetBytes("{" + Metadata(plan, resourceVersion) + """ "spec":{"template":{"metadata":{"annotations":{ """.Trim() + $"\"{Annotation}\":\"{value}\"" + "}}}}}"));

    // Custom resources know no strategic merge. Whole seconds: the controller writes the time back as a metav1.Time, which has no fraction, and a
    // restart is done when both are equal.
    private static Patch ArgoRestartAt(DateTimeOffset moment, string? plan, string? resourceVersion)
    {
        var seconds = moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return new(PatchKind.Merge, Encoding.UTF8.GetBytes($$$"""{{{{Metadata(plan, resourceVersion)}}}"spec":{"restartAt":"{{{seconds}}}"}}"""));
    }

    // The mark stands on the workload, not on its template. Ids and versions need no escaping.
    private static string Metadata(string? plan, string? resourceVersion)
    {
        string?[] fields = [plan is null ? null : $"\"annotations\":{{\"{Plans.PlanMark.Annotation}\":\"{plan}\"}}", resourceVersion is null ? null : $"\"resourceVersion\":\"{resourceVersion}\""];
        var given = fields.OfType<string>().ToList();
        return given.Count == 0 ? "" : $"\"metadata\":{{{string.Join(',', given)}}},";
    }
}
