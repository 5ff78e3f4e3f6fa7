using System.Security.Cryptography.X509Certificates;
using MeshRoll.Sandbox.Mesh;

namespace MeshRoll.Sandbox.Tests.Mesh;

public sealed class MeshAuthorityTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 22, 3, 0, 0, TimeSpan.Zero);

    [Fact]
    public void It_can_be_read_as_the_certificate_of_an_authority()
    {
        using var certificate = X509Certificate2.CreateFromPem(MeshAuthority.New(new(1), s_now));

        Assert.Equal(("O=cluster.local", "O=cluster.local"), (certificate.Subject, certificate.Issuer));
        Assert.Equal((s_now.AddHours(-1), s_now.AddYears(10)), (certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime()));
        var constraints = Assert.Single(certificate.Extensions.OfType<X509BasicConstraintsExtension>());
        Assert.True(constraints is { CertificateAuthority: true, Critical: true, HasPathLengthConstraint: false });
        Assert.Equal(256, certificate.GetECDsaPublicKey()!.KeySize);
    }

    [Fact]
    public void The_same_seed_makes_the_same_and_another_another()
    {
        Assert.Equal(MeshAuthority.New(new(7), s_now), MeshAuthority.New(new(7), s_now));
        Assert.NotEqual(MeshAuthority.New(new(7), s_now), MeshAuthority.New(new(8), s_now));
    }

    [Fact]
    public void Any_serial_and_any_year_can_be_written()
    {
        for (var seed = 0; seed < 2000; seed++)
        {
            using var certificate = X509Certificate2.CreateFromPem(MeshAuthority.New(new(seed), s_now.AddYears(seed % 100)));
            Assert.Equal(s_now.AddYears(seed % 100).AddYears(10), certificate.NotAfter.ToUniversalTime());
        }
    }
}
