using MeshRoll.Core.ControlPlane;

namespace MeshRoll.Core.Sidecars;

/// <summary>Whether a sidecar is outdated, and why, in words.</summary>
/// <param name="Outdated">Whether a new pod would get another; null when that cannot be told.</param>
/// <param name="Reason">Why, why not, or why that cannot be told.</param>
public sealed record SidecarVerdict(bool? Outdated, string Reason)
{
    /// <summary>
    /// Compares what runs with what a new pod would get, or with what the user wants. Outdated means different: a newer sidecar than
    /// a new pod would get is outdated too, since a restart changes it. The order of the guards is the rule.
    /// </summary>
    public static SidecarVerdict Of(RunningSidecar running, DesiredSidecar desired, SidecarTarget target)
    {
        ArgumentNullException.ThrowIfNull(running);
        ArgumentNullException.ThrowIfNull(desired);
        ArgumentNullException.ThrowIfNull(target);
        var verdict = Compare(running, desired, target);
        return desired.Note.Length == 0 ? verdict : verdict with { Reason = Join(verdict.Reason, desired.Note) };
    }

    private static SidecarVerdict Compare(RunningSidecar running, DesiredSidecar desired, SidecarTarget target)
    {
        if (running.Image.IsAuto) return new(null, "its image is still 'auto': no injector has seen the pod");

        if (desired.Injected == false) return new(false, $"{Runs(running)}; a restart would remove the sidecar: {Rule(desired)}");

        if (target.Version is { } wanted) return AgainstWanted(running, desired, wanted, target.Revision is null ? null : desired.Revision);

        if (desired.Injected is null) return new(null, $"{Runs(running)}; what a new pod would get is unknown: {desired.Unknown}");

        // Another control plane makes another sidecar, even of the same version.
        var otherRevision = running.Revision is not null && desired.Revision is not null && running.Revision != desired.Revision;

        if (desired.ComparesImages && desired.Image is { } whole) return AgainstImage(running, desired, whole, otherRevision);

        if (desired.Version is null)
        {
            return otherRevision
                ? new(true, $"{Runs(running)} of revision {running.Revision}, {Rule(desired)} gives revision {desired.Revision}")
                : new(null, $"{Runs(running)}; the version a new pod would get is unknown: {desired.Unknown}");
        }

        if (running.Version is null)
        {
            if (otherRevision) return new(true, $"runs an image without version of revision {running.Revision}, {Rule(desired)} gives {desired.Version} of revision {desired.Revision}");
            return new(null, $"its image names no version; {Rule(desired)} gives {desired.Version}");
        }

        if (running.Version != desired.Version) return new(true, Differs(running.Version, desired));

        if (otherRevision)
        {
            return new(true, $"runs {running.Version} of revision {running.Revision}, {Rule(desired)} gives revision {desired.Revision}: the same version from another control plane");
        }

        return new(false, $"up to date: {Rule(desired)} gives {desired.Version}");
    }

    private static SidecarVerdict AgainstWanted(RunningSidecar running, DesiredSidecar desired, string wanted, string? wantedRevision)
    {
        // Restarting for a version that the mesh does not give would go on forever: that has to be said.
        var warning = desired.Version is { } given && given != wanted ? $"but a new pod would get {given}: {Rule(desired)}" : "";
        if (running.Version is null) return new(null, Join($"its image names no version, wanted {wanted}", warning));
        if (running.Version != wanted) return new(true, Join($"runs {running.Version}, wanted {wanted}", warning));
        if (wantedRevision is not null && running.Revision is not null && running.Revision != wantedRevision)
        {
            return new(true, Join($"runs {running.Version} of revision {running.Revision}, wanted revision {wantedRevision}", warning));
        }
        return new(false, Join($"up to date: runs {wanted} as wanted", warning));
    }

    private static SidecarVerdict AgainstImage(RunningSidecar running, DesiredSidecar desired, ImageReference whole, bool otherRevision)
    {
        if (!running.Image.IsSameAs(whole)) return new(true, $"runs {running.Image}, {Rule(desired)} gives {whole}");
        if (otherRevision) return new(true, $"runs {running.Image} of revision {running.Revision}, {Rule(desired)} gives revision {desired.Revision}");
        return new(false, $"up to date: {Rule(desired)} gives {whole}");
    }

    private static string Differs(string version, DesiredSidecar desired) => VersionOrder.IsNewer(version, desired.Version!)
        ? $"runs {version}, newer than the {desired.Version} that {Rule(desired)} gives: a new pod would get {desired.Version}"
        : $"runs {version}, {Rule(desired)} gives {desired.Version}";

    private static string Runs(RunningSidecar running) => running.Version is { } version ? $"runs {version}" : $"runs {running.Image}";

    private static string Rule(DesiredSidecar desired) => desired.Detail.Length == 0 ? desired.Rule : $"{desired.Rule} ({desired.Detail})";

    private static string Join(string sentence, string more) => more.Length == 0 ? sentence : $"{sentence}; {more}";
}
