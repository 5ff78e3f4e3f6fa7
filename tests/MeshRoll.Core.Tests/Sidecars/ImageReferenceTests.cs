using MeshRoll.Core.Sidecars;

namespace MeshRoll.Core.Tests.Sidecars;

public sealed class ImageReferenceTests
{
    [Theory]
    [InlineData("docker.io/istio/proxyv2:1.27.0", "docker.io", "istio/proxyv2", "1.27.0", "")]
    [InlineData("istio/proxyv2:1.27.0", "", "istio/proxyv2", "1.27.0", "")]
    [InlineData("proxyv2", "", "proxyv2", "", "")]
    [InlineData("host:5000/istio/proxyv2:1.27.0", "host:5000", "istio/proxyv2", "1.27.0", "")]
    [InlineData("host:5000/istio/proxyv2", "host:5000", "istio/proxyv2", "", "")]
    [InlineData("localhost/proxyv2:1", "localhost", "proxyv2", "1", "")]
    [InlineData("Mirror/istio/proxyv2:1", "Mirror", "istio/proxyv2", "1", "")]
    [InlineData("gcr.io/a/b@sha256:0123", "gcr.io", "a/b", "", "sha256:0123")]
    [InlineData("gcr.io/a/b:1.2@sha256:0123", "gcr.io", "a/b", "1.2", "sha256:0123")]
    [InlineData("", "", "", "", "")]
    public void An_image_is_taken_apart(string image, string registry, string repository, string tag, string digest)
    {
        var parsed = ImageReference.Parse(image);

        Assert.Equal(new ImageReference(registry, repository, tag, digest), parsed);
        Assert.Equal(image, parsed.ToString());
    }

    [Theory]
    [InlineData("istio/proxyv2:1.27.0", "1.27.0")]
    [InlineData("istio/proxyv2:1.27.0-distroless", "1.27.0")]
    [InlineData("istio/proxyv2:1.27.0-debug", "1.27.0")]
    [InlineData("istio/proxyv2:1.27.0-debug-distroless", "1.27.0")]
    [InlineData("istio/proxyv2:1.27.0-DISTROLESS", "1.27.0")]
    [InlineData("istio/proxyv2:1.28.0-rc.1", "1.28.0-rc.1")]
    [InlineData("asm/proxyv2:1.11.2-asm.17-distroless", "1.11.2-asm.17")]
    [InlineData("istio/proxyv2:distroless", "distroless")]
    [InlineData("istio/proxyv2", null)]
    [InlineData("istio/proxyv2@sha256:0123", null)]
    [InlineData("host:5000/istio/proxyv2", null)]
    public void The_version_is_the_tag_without_variant(string image, string? version) => Assert.Equal(version, ImageReference.Parse(image).Version);

    [Fact]
    public void A_variant_of_ones_own_is_taken_off_when_it_is_named() =>
        Assert.Equal("1.27.0", ImageReference.Parse("istio/proxyv2:1.27.0-hardened").VersionWithout("hardened"));

    [Theory]
    [InlineData("auto", true)]
    [InlineData("AUTO", true)]
    [InlineData("auto:1", false)]
    [InlineData("shop/auto", false)]
    public void Only_the_bare_word_auto_is_the_placeholder(string image, bool isAuto) => Assert.Equal(isAuto, ImageReference.Parse(image).IsAuto);

    [Theory]
    [InlineData("docker.io/istio/proxyv2:1", "Docker.IO/istio/proxyv2:1", true)]
    [InlineData("docker.io/istio/proxyv2:1", "mirror.io/istio/proxyv2:1", false)]
    [InlineData("a.io/b:1", "a.io/c:1", false)]
    [InlineData("a.io/b:1", "a.io/b:2", false)]
    [InlineData("a.io/b:1@sha256:1", "a.io/b:2@sha256:1", true)]
    [InlineData("a.io/b:1@sha256:1", "a.io/b:1@sha256:2", false)]
    [InlineData("a.io/b:1", "a.io/b:1@sha256:1", false)]
    public void Images_are_the_same_by_digest_or_else_by_tag(string left, string right, bool same) =>
        Assert.Equal(same, ImageReference.Parse(left).IsSameAs(ImageReference.Parse(right)));

    [Theory]
    [InlineData("1.28.0", "1.27.1", true)]
    [InlineData("1.27.1", "1.28.0", false)]
    [InlineData("1.10.0", "1.9.9", true)]
    [InlineData("1.27", "1.27.0", false)]
    [InlineData("1.27.0.1", "1.27", true)]
    [InlineData("stable-2.14.1", "stable-2.13.0", true)]
    [InlineData("v2.0", "v1.0", true)]
    [InlineData("1.28.0-rc.1", "1.27.0", true)]
    [InlineData("latest", "1.27.0", false)]
    [InlineData("1.27.0", "latest", false)]
    [InlineData("99999999999.1", "1.0", false)]
    public void Newer_is_told_by_the_leading_numbers(string version, string other, bool newer) => Assert.Equal(newer, VersionOrder.IsNewer(version, other));
}
