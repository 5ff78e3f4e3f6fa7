using MeshRoll.Core.ControlPlane;
using MeshRoll.Core.Sidecars;

namespace MeshRoll.Core.Tests.Sidecars;

public sealed class SidecarVerdictTests
{
    private const string Rule = "namespace label istio.io/rev=1-11-8";

    /// <summary>One row per branch. Image, its revision; what a new pod gets; the verdict.</summary>
    [Theory]
    [InlineData("p:1.7.8", "default", "1.11.8", "1-11-8", true, $"runs 1.7.8, {Rule} gives 1.11.8")]
    [InlineData("p:1.7.8", null, "1.11.8", "1-11-8", true, $"runs 1.7.8, {Rule} gives 1.11.8")]
    [InlineData("p:1.11.8", "1-11-8", "1.11.8", "1-11-8", false, $"up to date: {Rule} gives 1.11.8")]
    [InlineData("p:1.11.8", null, "1.11.8", "1-11-8", false, $"up to date: {Rule} gives 1.11.8")]
    [InlineData("p:1.12.0", "1-11-8", "1.11.8", "1-11-8", true, $"runs 1.12.0, newer than the 1.11.8 that {Rule} gives: a new pod would get 1.11.8")]
    [InlineData("p:1.11.8", "canary", "1.11.8", "1-11-8", true, $"runs 1.11.8 of revision canary, {Rule} gives revision 1-11-8: the same version from another control plane")]
    [InlineData("p@sha256:1", "1-11-8", "1.11.8", "1-11-8", null, $"its image names no version; {Rule} gives 1.11.8")]
    [InlineData("p@sha256:1", "canary", "1.11.8", "1-11-8", true, $"runs an image without version of revision canary, {Rule} gives 1.11.8 of revision 1-11-8")]
    [InlineData("p:1.7.8", "1-11-8", null, "1-11-8", null, "runs 1.7.8; the version a new pod would get is unknown: no right")]
    [InlineData("p:1.7.8", "canary", null, "1-11-8", true, $"runs 1.7.8 of revision canary, {Rule} gives revision 1-11-8")]
    [InlineData("auto", "1-11-8", "1.11.8", "1-11-8", null, "its image is still 'auto': no injector has seen the pod")]
    public void What_runs_is_compared_with_what_a_new_pod_gets(string image, string? revision, string? version, string? desiredRevision, bool? outdated, string reason) => Assert.Equal(
        new SidecarVerdict(outdated, reason),
        SidecarVerdict.Of(Running(image, revision), Desired(version, desiredRevision) with { Unknown = "no right" }, new()));

    [Fact]
    public void Where_no_sidecar_would_be_injected_a_restart_removes_it() => Assert.Equal(
        new SidecarVerdict(false, "runs 1.7.8; a restart would remove the sidecar: namespace label istio-injection=disabled"),
        SidecarVerdict.Of(Running("p:1.7.8", null), new() { Injected = false, Rule = "namespace label istio-injection=disabled" }, new() { Version = "1.11.8" }));

    [Fact]
    public void What_cannot_be_told_is_not_judged() => Assert.Equal(
        new SidecarVerdict(null, "runs p@sha256:1; what a new pod would get is unknown: no right"),
        SidecarVerdict.Of(Running("p@sha256:1", null), new() { Unknown = "no right" }, new()));

    [Fact]
    public void How_a_name_leads_to_a_revision_stands_in_brackets() => Assert.Equal(
        $"runs 1.7.8, {Rule} (tag prod is revision 1-11-8) gives 1.11.8",
        SidecarVerdict.Of(Running("p:1.7.8", null), Desired("1.11.8", "1-11-8") with { Detail = "tag prod is revision 1-11-8" }, new()).Reason);

    [Theory]
    [InlineData("a.io/p:1", "r", false, "up to date: " + Rule + " gives a.io/p:1")]
    [InlineData("b.io/p:1", "r", true, "runs b.io/p:1, " + Rule + " gives a.io/p:1")]
    [InlineData("a.io/p:1", "s", true, "runs a.io/p:1 of revision s, " + Rule + " gives revision r")]
    public void Images_named_as_a_whole_are_compared_as_a_whole(string image, string revision, bool outdated, string reason) => Assert.Equal(
        new SidecarVerdict(outdated, reason),
        SidecarVerdict.Of(Running(image, revision), Desired("1", "r") with { ComparesImages = true, Image = ImageReference.Parse("a.io/p:1") }, new()));

    [Theory]
    [InlineData("p:1.7.8", "1.11.8", true, "runs 1.7.8, wanted 1.11.8")]
    [InlineData("p:1.11.8", "1.11.8", false, "up to date: runs 1.11.8 as wanted")]
    [InlineData("p:1.7.8", "1.12.0", true, $"runs 1.7.8, wanted 1.12.0; but a new pod would get 1.11.8: {Rule}")]
    [InlineData("p@sha256:1", "1.11.8", null, "its image names no version, wanted 1.11.8")]
    public void A_wanted_version_goes_before_the_meshs(string image, string wanted, bool? outdated, string reason) => Assert.Equal(
        new SidecarVerdict(outdated, reason),
        SidecarVerdict.Of(Running(image, "other"), Desired("1.11.8", "1-11-8"), new() { Version = wanted }));

    [Fact]
    public void A_wanted_version_needs_no_knowledge_of_the_mesh() =>
        Assert.True(SidecarVerdict.Of(Running("p:1", null), new() { Unknown = "no right" }, new() { Version = "2" }).Outdated);

    [Fact]
    public void A_wanted_version_of_another_than_the_wanted_revision_is_outdated() => Assert.Equal(
        new SidecarVerdict(true, "runs 1.11.8 of revision canary, wanted revision 1-11-8"),
        SidecarVerdict.Of(Running("p:1.11.8", "canary"), Desired("1.11.8", "1-11-8"), new() { Version = "1.11.8", Revision = "1-11-8" }));

    [Fact]
    public void A_note_comes_last() =>
        Assert.EndsWith("; but labels give another", SidecarVerdict.Of(Running("p:1", null), Desired("2", "r") with { Note = "but labels give another" }, new()).Reason, StringComparison.Ordinal);

    private static RunningSidecar Running(string image, string? revision) => new(ImageReference.Parse(image), ImageReference.Parse(image).Version, revision);

    private static DesiredSidecar Desired(string? version, string? revision) => new() { Injected = true, Version = version, Revision = revision, Rule = Rule };
}
