using MeshRoll.Core;
using MeshRoll.Parameters;

namespace MeshRoll.Tests.Parameters;

public class SinceAttributeTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<object, DateTimeOffset> Times => new()
    {
        { "14d", s_now.AddDays(-14) },
        { "36h", s_now.AddHours(-36) },
        { TimeSpan.FromDays(2), s_now.AddDays(-2) },
        { s_now.AddDays(-3), s_now.AddDays(-3) },
        { s_now.AddDays(-3).UtcDateTime, s_now.AddDays(-3) },
        { "2026-11-01T08:00Z", new(2026, 11, 1, 8, 0, 0, TimeSpan.Zero) },
        { "2026-11-01T08:00+01:00", new(2026, 11, 1, 7, 0, 0, TimeSpan.Zero) },
        { new DateTime(2026, 11, 1, 8, 0, 0, DateTimeKind.Local), new DateTimeOffset(new DateTime(2026, 11, 1, 8, 0, 0, DateTimeKind.Local)).ToUniversalTime() },
        { "2026-11-01", new DateTimeOffset(new DateTime(2026, 11, 1, 0, 0, 0, DateTimeKind.Local)).ToUniversalTime() },
    };

    public static TheoryData<object?, string> Nonsense => new()
    {
        { "tomorrow", "neither a date nor a duration" },
        { "2026-13-45", "neither a date nor a duration" },
        { "", "neither a date nor a duration" },
        { null, "neither a date nor a duration" },
        { s_now.AddSeconds(1), "in the future" },
        { "2026-11-23", "in the future" },
    };

    [Theory]
    [MemberData(nameof(Times))]
    public void A_date_or_how_long_ago_is_a_time_to_look_back_to(object value, DateTimeOffset time) => Assert.Equal(time, SinceAttribute.Read(value, new At(s_now)));

    [Theory]
    [MemberData(nameof(Nonsense))]
    public void Anything_else_is_refused(object? value, string why)
    {
        var refused = Assert.Throws<InvalidRequestException>(() => SinceAttribute.Read(value, new At(s_now)));
        Assert.Equal("MeshRoll.SinceInvalid", refused.Id);
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }

    private sealed class At(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
