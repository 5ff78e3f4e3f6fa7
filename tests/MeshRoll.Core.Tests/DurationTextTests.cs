namespace MeshRoll.Core.Tests;

public class DurationTextTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("10", 10)]
    [InlineData("1.5", 1.5)]
    [InlineData(" 10 ", 10)]
    [InlineData("500ms", 0.5)]
    [InlineData("30s", 30)]
    [InlineData("10m", 600)]
    [InlineData("1h30m", 5400)]
    [InlineData("1h30m15s", 5415)]
    [InlineData("2d", 172800)]
    [InlineData("1.5h", 5400)]
    [InlineData("00:10:00", 600)]
    [InlineData("1.02:00:00", 93600)]
    [InlineData("366d", 31622400)]
    public void Durations_are_read_as_people_write_them(string text, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), DurationText.Parse(text));

    [Theory]
    [InlineData("", "write seconds")]
    [InlineData("ten", "write seconds")]
    [InlineData("10x", "write seconds")]
    [InlineData("10m5", "write seconds")]
    [InlineData("m", "write seconds")]
    [InlineData("1..5m", "write seconds")]
    [InlineData("1:x", "write seconds")]
    [InlineData("-10", "negative")]
    [InlineData("-00:10:00", "negative")]
    [InlineData("367d", "366 days")]
    [InlineData("366d1s", "366 days")]
    [InlineData("99999999999999999999", "366 days")]
    [InlineData("99999999999999999999h5m", "366 days")]
    [InlineData("400.00:00:00", "366 days")]
    public void What_is_no_usable_duration_is_refused_with_the_reason(string text, string why)
    {
        var error = Assert.Throws<InvalidRequestException>(() => DurationText.Parse(text));
        Assert.Equal("MeshRoll.DurationInvalid", error.Id);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }
}
