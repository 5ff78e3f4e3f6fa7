using MeshRoll.Core;
using MeshRoll.Parameters;

namespace MeshRoll.Tests.Parameters;

public class DurationAttributeTests
{
    public static TheoryData<object, double> Durations => new()
    {
        { 10, 10 },
        { 10L, 10 },
        { 1.5, 1.5 },
        { 0.25f, 0.25 },
        { 2.5m, 2.5 },
        { "10", 10 },
        { "10m", 600 },
        { "1h30m", 5400 },
        { "500ms", 0.5 },
        { TimeSpan.FromMinutes(3), 180 },
        { TimeSpan.FromDays(2), 172800 },
        { TimeSpan.FromMilliseconds(1500), 1.5 },
        { 0, 0 },
    };

    public static TheoryData<object?, string> Nonsense => new()
    {
        { -1, "negative" },
        { -0.5, "negative" },
        { TimeSpan.FromSeconds(-1), "negative" },
        { "-10m", "negative" },
        { "soon", "write seconds" },
        { "", "write seconds" },
        { null, "write seconds" },
        { double.NaN, "366 days" },
        { double.PositiveInfinity, "366 days" },
        { double.MaxValue, "366 days" },
        { long.MaxValue, "366 days" },
        { TimeSpan.MaxValue, "366 days" },
        { TimeSpan.FromDays(400), "366 days" },
    };

    [Theory]
    [MemberData(nameof(Durations))]
    public void Numbers_are_seconds_and_texts_and_spans_are_what_they_say(object value, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), new DurationAttribute().Read(value));

    [Theory]
    [MemberData(nameof(Nonsense))]
    public void What_makes_no_sense_is_refused_with_the_reason(object? value, string why) =>
        Assert.Contains(why, Assert.Throws<InvalidRequestException>(() => new DurationAttribute().Read(value)).Message, StringComparison.Ordinal);

    [Fact]
    public void Zero_is_refused_where_it_makes_no_sense() =>
        Assert.Throws<InvalidRequestException>(() => new DurationAttribute { AllowZero = false }.Read("0s"));
}
