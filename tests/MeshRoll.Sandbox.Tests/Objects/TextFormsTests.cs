using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Tests.Objects;

public sealed class TextFormsTests
{
    [Theory]
    [InlineData("1", 1)]
    [InlineData("250m", 0.25)]
    [InlineData("1.5", 1.5)]
    [InlineData("2Ki", 2048)]
    [InlineData("1e3", 1000)]
    [InlineData("3k", 3000)]
    [InlineData("-2", -2)]
    public void Quantities_are_read(string text, double amount) => Assert.Equal((decimal)amount, Quantity.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("much")]
    [InlineData("1 Gi")]
    [InlineData("1GiB")]
    public void What_is_no_quantity_is_none(string text) => Assert.Null(Quantity.Parse(text));

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(0.25, "250ms")]
    [InlineData(10, "10s")]
    [InlineData(80, "1m20s")]
    [InlineData(300, "5m0s")]
    [InlineData(3601.5, "1h0m1.5s")]
    public void Durations_are_written_and_read_as_Go_does(double seconds, string text)
    {
        Assert.Equal(text, GoDuration.Format(TimeSpan.FromSeconds(seconds)));
        if (seconds > 0) Assert.Equal(TimeSpan.FromSeconds(seconds), GoDuration.Parse(text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("soon")]
    [InlineData("3 s")]
    public void What_is_no_duration_is_none(string text) => Assert.Null(GoDuration.Parse(text));

    [Theory]
    [InlineData("*", "anything", true)]
    [InlineData("web-*", "web-1", true)]
    [InlineData("web-*", "shop-1", false)]
    [InlineData("web", "web", true)]
    [InlineData("web", "web-1", false)]
    public void Patterns_match(string pattern, string name, bool matches) => Assert.Equal(matches, Pattern.Matches(pattern, name));
}
