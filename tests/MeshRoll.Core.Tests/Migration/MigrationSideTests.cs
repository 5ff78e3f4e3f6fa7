using MeshRoll.Core.Migration;
using MeshRoll.Core.Workloads;

namespace MeshRoll.Core.Tests.Migration;

public sealed class MigrationSideTests
{
    [Theory]
    [InlineData("1-27-1", "1.27.1", true)]
    [InlineData("default", "1.27.1", false)]
    [InlineData(null, "1.27.1", null)]
    public void A_revision_holds_what_it_has_injected_whatever_the_version(string? revision, string version, bool? holds) =>
        Assert.Equal(holds, new MigrationSide("1-27-1", null).Holds(revision, version));

    [Theory]
    [InlineData("1.26", "1.26.4", true)]
    [InlineData("1.26", "1.26", true)]
    [InlineData("1.26", "1.260.1", false)]
    [InlineData("1.26.4", "1.26.4", true)]
    [InlineData("1.26.4", "1.26.4-rc.1", false)]
    [InlineData("1.26", null, null)]
    public void A_version_holds_those_that_begin_with_its_numbers(string wanted, string? version, bool? holds) =>
        Assert.Equal(holds, new MigrationSide(null, wanted).Holds("default", version));

    [Fact]
    public void A_side_is_told_in_words() => Assert.Equal(
        ["1-27-1: revision 1-27-1", "1.26: version 1.26"],
        new[] { new MigrationSide("1-27-1", null), new MigrationSide(null, "1.26") }.Select(side => $"{side.Name}: {side.InWords}"));

    [Theory]
    [InlineData("1-27-1", "Istio", MigrationPlace.Moved)]
    [InlineData("default", "Istio", MigrationPlace.Left)]
    [InlineData("1-25", "Istio", MigrationPlace.Other)]
    [InlineData(null, "Istio", MigrationPlace.Unknown)]
    [InlineData("default", "Linkerd", MigrationPlace.Other)]
    public void A_sidecar_has_moved_or_is_left_or_neither(string? revision, string mesh, MigrationPlace place) =>
        Assert.Equal(place, new MigrationSides(new("default", null), new("1-27-1", null)).PlaceOf(Moving.Sidecar(revision, mesh: mesh)));

    [Theory]
    [InlineData("1-27-1", MigrationPlace.Moved)]
    [InlineData("1-25", MigrationPlace.Left)]
    [InlineData(null, MigrationPlace.Unknown)]
    public void Without_an_origin_all_is_left_that_has_not_moved(string? revision, MigrationPlace place) =>
        Assert.Equal(place, new MigrationSides(null, new("1-27-1", null)).PlaceOf(Moving.Sidecar(revision)));

    [Fact]
    public void What_certainly_comes_from_there_is_left_though_its_goal_cannot_be_told() =>
        Assert.Equal(MigrationPlace.Left, new MigrationSides(new("default", null), new(null, "1.27")).PlaceOf(Moving.Sidecar("default", version: null)));

    [Theory]
    [InlineData("1-27-1", "1-27-1", null)]
    [InlineData("default", "default", null)]
    [InlineData("stable", "1-27-1", null)]
    [InlineData("1.26", null, "1.26")]
    [InlineData("1.27.1", null, "1.27.1")]
    public void A_name_means_a_revision_before_a_tag_before_a_version(string name, string? revision, string? version) =>
        Assert.Equal(new MigrationSide(revision, version), Catalogue().Find(name));

    [Fact]
    public void A_name_that_is_nothing_is_refused_with_those_there_are()
    {
        var refused = Assert.Throws<NotFoundException>(() => Catalogue().Find("1-28"));

        Assert.Equal("MeshRoll.RevisionNotFound", refused.Id);
        Assert.Equal("There is no revision, tag or version '1-28'. Revisions: 1-27-1, default; tags: default (1-27-1), stable (1-27-1); versions: 1.26.4, 1.27.1.", refused.Message);
        Assert.Contains("tags: none; versions: none", Assert.Throws<NotFoundException>(() => new RevisionCatalogue { Revisions = new HashSet<string>(), Tags = new Dictionary<string, string>(), Versions = new HashSet<string>() }.Find("x")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1-28", "1-28", null)]
    [InlineData("1.28", null, "1.28")]
    public void Where_something_is_hidden_a_name_is_taken_at_its_word(string name, string? revision, string? version) =>
        Assert.Equal(new MigrationSide(revision, version), (Catalogue() with { Complete = false }).Find(name));

    private static RevisionCatalogue Catalogue() => new()
    {
        Revisions = new HashSet<string> { "default", "1-27-1" },
        Tags = new Dictionary<string, string> { ["stable"] = "1-27-1", ["default"] = "1-27-1" },
        Versions = new HashSet<string> { "1.26.4", "1.27.1" },
    };
}
