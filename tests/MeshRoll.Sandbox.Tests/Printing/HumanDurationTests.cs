using MeshRoll.Sandbox.Printing;

namespace MeshRoll.Sandbox.Tests.Printing;

public sealed class HumanDurationTests
{
    private const int Minute = 60, Hour = 3600, Day = 86400, Year = 365 * Day;

    [Theory]
    [InlineData(-5, "<invalid>")]
    [InlineData(-2, "<invalid>")]
    [InlineData(-1, "0s")]
    [InlineData(0, "0s")]
    [InlineData(119, "119s")]
    [InlineData(2 * Minute, "2m")]
    [InlineData((5 * Minute) + 12, "5m12s")]
    [InlineData((10 * Minute) + 1, "10m")]
    [InlineData((3 * Hour) - 1, "179m")]
    [InlineData(3 * Hour, "3h")]
    [InlineData((3 * Hour) + (7 * Minute), "3h7m")]
    [InlineData(8 * Hour, "8h")]
    [InlineData((48 * Hour) - 1, "47h")]
    [InlineData(2 * Day, "2d")]
    [InlineData((2 * Day) + (5 * Hour), "2d5h")]
    [InlineData(8 * Day, "8d")]
    [InlineData((2 * Year) - 1, "729d")]
    [InlineData(2L * Year, "2y")]
    [InlineData((3L * Year) + (4 * Day), "3y4d")]
    [InlineData(8L * Year, "8y")]
    [InlineData((9L * Year) + Day, "9y")]
    public void A_duration_has_two_or_three_figures(long seconds, string expected) => Assert.Equal(expected, HumanDuration.Of(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void What_has_no_moment_has_no_known_age() => Assert.Equal("<unknown>", HumanDuration.Since(null, DateTimeOffset.UnixEpoch));
}
