using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using MeshRoll.Core.Plans.Windows;

namespace MeshRoll.Core.Tests.Plans.Windows;

/// <summary>Windows and freezes by the clocks of their zones: over midnight, over daylight saving both ways, and against a search minute by minute.</summary>
public sealed class PlanCalendarTests
{
    // Half an hour of daylight saving, one that begins at midnight, a day that did not exist, one with four changes a year, and none.
    private static readonly string[] Zones = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "Pacific/Apia", "Africa/Casablanca", "Asia/Kolkata", "UTC"];

    private static readonly string[] Starts = ["2026-03-26", "2026-10-22", "2026-03-06", "2026-10-29", "2026-09-03", "2026-04-02", "2011-12-27", "2027-02-05", "2026-06-01", "2026-12-29"];

    private static readonly Arbitrary<(MaintenanceWindow Window, DateTimeOffset Start)> Cases = (
        from days in Gen.Choose(1, WindowDays.All)
        from edges in Gen.ArrayOf(Gen.Choose(0, 24 * 12 - 1), 2).Where(edges => edges[0] != edges[1])
        from zone in Gen.Elements(Zones)
        from start in Gen.Elements(Starts)
        from minutes in Gen.Choose(0, 24 * 60)
        select (MaintenanceWindow.Parse($"{WindowDays.Text(days)} {Time(edges[0])}-{Time(edges[1])} {zone}"), At(start + "T00:00Z").AddMinutes(minutes))).ToArbitrary();

    [Theory]
    [InlineData("Mon-Fri 22:00-05:00 Europe/Berlin", "2026-11-23T21:00Z", true)]
    [InlineData("Mon-Fri 22:00-05:00 Europe/Berlin", "2026-11-23T20:59Z", false)]
    [InlineData("Mon-Fri 22:00-05:00 Europe/Berlin", "2026-11-28T03:59Z", true)]
    [InlineData("Mon-Fri 22:00-05:00 Europe/Berlin", "2026-11-28T04:00Z", false)]
    [InlineData("Mon-Fri 22:00-05:00 Europe/Berlin", "2026-11-23T03:00Z", false)]
    [InlineData("Mon-Fri 22:00-05:00 Europe/Berlin", "2026-07-20T20:00Z", true)]
    [InlineData("Sat,Sun", "2026-11-22T23:59Z", true)]
    [InlineData("Sat,Sun", "2026-11-23T00:00Z", false)]
    [InlineData("Fri-Mon 10:00-11:00", "2026-11-23T10:30Z", true)]
    [InlineData("Fri-Mon 10:00-11:00", "2026-11-25T10:30Z", false)]
    [InlineData("01:00-24:00 UTC", "2026-11-25T23:59Z", true)]
    public void A_window_is_open_when_the_clocks_of_its_zone_say_so(string window, string moment, bool open) => Assert.Equal(open, MaintenanceWindow.Parse(window).IsOpen(At(moment)));

    [Fact]
    public void A_window_in_the_hour_that_spring_leaves_out_waits_for_the_next_day()
    {
        var calendar = Calendar("daily 02:15-02:45 Europe/Berlin");
        Assert.Equal(At("2026-03-30T00:15Z"), calendar.NextOpening(At("2026-03-28T02:00Z")));
    }

    [Fact]
    public void A_window_in_the_hour_that_autumn_repeats_opens_twice()
    {
        var calendar = Calendar("daily 02:15-02:45 Europe/Berlin");
        Assert.Equal(At("2026-10-25T00:15Z"), calendar.NextOpening(At("2026-10-24T12:00Z")));
        Assert.Equal(At("2026-10-25T00:45Z"), calendar.NextChange(At("2026-10-25T00:15Z")));
        Assert.Equal(At("2026-10-25T01:15Z"), calendar.NextChange(At("2026-10-25T00:45Z")));
    }

    [Fact]
    public void A_night_keeps_its_hours_on_the_clock_though_it_is_longer_or_shorter()
    {
        var night = MaintenanceWindow.Parse("daily 22:00-05:00 Europe/Berlin");
        Assert.Equal(TimeSpan.FromHours(6), Length(night, "2026-03-28T12:00Z"));
        Assert.Equal(TimeSpan.FromHours(7), Length(night, "2026-06-01T12:00Z"));
        Assert.Equal(TimeSpan.FromHours(8), Length(night, "2026-10-24T12:00Z"));
    }

    [Fact]
    public void What_never_opens_again_says_so()
    {
        var calendar = new PlanCalendar([], [FreezePeriod.Parse("2026-01-01..9999-12-31")]);
        Assert.Null(calendar.NextChange(At("2026-06-01T00:00Z")));
        Assert.Null(calendar.NextOpening(DateTimeOffset.MaxValue - TimeSpan.FromDays(2)));
        Assert.Equal("frozen by 2026-01-01..9999-12-31 UTC; it never opens again", calendar.Because(At("2026-06-01T00:00Z")));
    }

    [Fact]
    public void A_freeze_without_windows_opens_by_the_clock_of_the_world() => Assert.Equal(
        "frozen by 2026-12-24 UTC; opens 2026-12-25 00:00 UTC", new PlanCalendar([], [FreezePeriod.Parse("2026-12-24")]).Because(At("2026-12-24T12:00Z")));

    [Fact]
    public void A_window_and_a_freeze_say_together_when_both_are_over() => Assert.Equal(
        "outside of its window daily 22:00-24:00 UTC; opens Fri 2026-12-25 22:00 UTC",
        new PlanCalendar([MaintenanceWindow.Parse("22:00-24:00 UTC")], [FreezePeriod.Parse("2026-12-24")]).Because(At("2026-12-25T12:00Z")));

    [Fact]
    public void Outside_of_several_windows_all_are_named() => Assert.Equal(
        "outside of its windows Mon 22:00-24:00 UTC; Fri 22:00-24:00 UTC; opens Fri 2026-11-27 22:00 UTC", Calendar("Mon 22:00-24:00", "Fri 22:00-24:00").Because(At("2026-11-24T12:00Z")));

    [Fact]
    public void Windows_and_freezes_are_the_same_when_they_mean_the_same()
    {
        var window = MaintenanceWindow.Parse("Mon-Fri 22:00-05:00 Europe/Berlin");
        Assert.Equal(window, MaintenanceWindow.Parse("mon,tue,wed,thu,fri 22:00-05:00 Europe/Berlin"));
        Assert.Equal(window.GetHashCode(), MaintenanceWindow.Parse("Mon-Fri 22:00-05:00 Europe/Berlin").GetHashCode());
        Assert.All((string[])["Mon-Thu 22:00-05:00 Europe/Berlin", "Mon-Fri 22:30-05:00 Europe/Berlin", "Mon-Fri 22:00-05:30 Europe/Berlin", "Mon-Fri 22:00-05:00 UTC"], other => Assert.NotEqual(window, MaintenanceWindow.Parse(other)));
        Assert.False(window.Equals(null));
        Assert.Equal((DayOfWeek.Monday, DayOfWeek.Friday, TimeSpan.FromHours(22), TimeSpan.FromHours(5)), (window.Days[0], window.Days[^1], window.From, window.To));
        var freeze = FreezePeriod.Parse("2026-12-24 Europe/Berlin (Christmas)");
        Assert.Equal(freeze, FreezePeriod.Parse("2026-12-24..2026-12-24 Europe/Berlin (Christmas)"));
        Assert.Equal(freeze.GetHashCode(), FreezePeriod.Parse("2026-12-24 Europe/Berlin (Christmas)").GetHashCode());
        Assert.All((string[])["2026-12-23..2026-12-24 Europe/Berlin (Christmas)", "2026-12-24..2026-12-25 Europe/Berlin (Christmas)", "2026-12-24 UTC (Christmas)", "2026-12-24 Europe/Berlin"], other => Assert.NotEqual(freeze, FreezePeriod.Parse(other)));
        Assert.False(freeze.Equals(null));
    }

    [Theory]
    [InlineData("2026-12-20..2026-12-24..2026-12-30")]
    [InlineData("2026-12-24 UTC again")]
    [InlineData("")]
    [InlineData("2026-12-24 (open")]
    [InlineData("2026-12-24..2026-12-20")]
    public void A_freeze_that_makes_no_sense_is_refused(string text) => Assert.Equal("MeshRoll.FreezeInvalid", Assert.Throws<InvalidRequestException>(() => FreezePeriod.Parse(text)).Id);

    [Fact]
    public void Windows_that_touch_are_one()
    {
        var calendar = Calendar("Fri 22:00-24:00 UTC", "Sat 00:00-06:00 UTC");
        Assert.Equal(At("2026-11-28T06:00Z"), calendar.NextChange(At("2026-11-27T22:00Z")));
    }

    [Fact]
    public void A_freeze_closes_all_windows_for_its_days_and_says_why()
    {
        var calendar = new PlanCalendar([MaintenanceWindow.Parse("Mon-Fri 22:00-05:00 Europe/Berlin")], [FreezePeriod.Parse("2026-12-20..2027-01-06 Europe/Berlin (Christmas)")]);
        Assert.False(calendar.IsOpen(At("2026-12-21T22:00Z")));
        Assert.Equal(At("2027-01-06T23:00Z"), calendar.NextOpening(At("2026-12-19T22:00Z")));
        Assert.Equal("frozen by 2026-12-20..2027-01-06 Europe/Berlin (Christmas); opens Thu 2027-01-07 00:00 Europe/Berlin", calendar.Because(At("2026-12-24T12:00Z")));
    }

    [Fact]
    public void Outside_of_a_window_it_says_when_it_opens() => Assert.Equal(
        "outside of its window Mon-Fri 22:00-05:00 Europe/Berlin; opens Mon 2026-11-23 22:00 Europe/Berlin",
        Calendar("Mon-Fri 22:00-05:00 Europe/Berlin").Because(At("2026-11-22T12:00Z")));

    [Fact]
    public void What_is_frozen_for_longer_than_anybody_waits_never_opens()
    {
        var calendar = new PlanCalendar([], [FreezePeriod.Parse("2020-01-01..9999-12-31")]);
        Assert.Null(calendar.NextOpening(At("2026-01-01T00:00Z")));
        Assert.Equal("frozen by 2020-01-01..9999-12-31 UTC; it never opens again", calendar.Because(At("2026-01-01T00:00Z")));
    }

    [Fact]
    public void Without_windows_it_is_always_open()
    {
        Assert.True(PlanCalendar.Always.IsOpen(At("2026-01-01T00:00Z")));
        Assert.Null(PlanCalendar.Always.NextChange(At("2026-01-01T00:00Z")));
        Assert.Equal("", PlanCalendar.Always.Because(At("2026-01-01T00:00Z")));
    }

    [Theory]
    [InlineData("Mon-Fri 22:00-22:00 Europe/Berlin", "never opens")]
    [InlineData("Mon-Fri 25:00-05:00 Europe/Berlin", "'25:00' is no time")]
    [InlineData("Mon-Fry 22:00-05:00", "'Mon-Fry' is neither days nor times")]
    [InlineData("Mon 24:00-05:00", "24:00 is an end only")]
    [InlineData("Mon 22:00-05:00 Europe/Berlin please", "'please' is too much")]
    [InlineData("", "it is empty")]
    [InlineData("Mon 22:00", "'22:00' is not a time from and a time to")]
    [InlineData("Mon 22:00-05:00 Europe/Berln", "Did you mean Europe/Berlin?")]
    [InlineData("Mon 22:00-05:00 europe/berlin", "Did you mean Europe/Berlin?")]
    [InlineData("Mon 22:00-05:00 ../etc/passwd", "is no time zone")]
    [InlineData("Mon 22:00-05:00 local", "another machine")]
    public void What_is_no_window_is_refused_with_the_way_out(string text, string says) =>
        Assert.Contains(says, Assert.Throws<InvalidRequestException>(() => MaintenanceWindow.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("2026-12-24..2026-12-20", "ends before it begins")]
    [InlineData("24.12.2026", "'24.12.2026' is no day")]
    [InlineData("2026-02-30", "'2026-02-30' is no day")]
    [InlineData("2026-12-24 Europe/Berlin (Christmas", "not closed")]
    [InlineData("", "it names no day")]
    public void What_is_no_freeze_is_refused_with_the_way_out(string text, string says) =>
        Assert.Contains(says, Assert.Throws<InvalidRequestException>(() => FreezePeriod.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("Mon,Tue,Wed,Thu,Fri 9:00-17:30", "Mon-Fri 09:00-17:30 UTC")]
    [InlineData("saturday-monday 00:00-24:00 utc", "Sat-Mon 00:00-24:00 UTC")]
    [InlineData("01:00-04:00 America/New_York", "daily 01:00-04:00 America/New_York")]
    [InlineData("Mon,Wed,Fri,Sat", "Mon,Wed,Fri,Sat 00:00-24:00 UTC")]
    public void A_window_is_written_in_its_shortest_form(string text, string written) => Assert.Equal(written, MaintenanceWindow.Parse(text).ToString());

    [Fact]
    public void What_was_written_is_read_as_the_same() =>
        Prop.ForAll(Cases, c => MaintenanceWindow.Parse(c.Window.ToString()).Equals(c.Window)).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void The_next_change_is_the_one_that_a_search_minute_by_minute_finds() => Prop.ForAll(Cases, c =>
    {
        var limit = c.Start.AddDays(9);
        return c.Window.NextChange(c.Start, limit) == Search(c.Window.IsOpen, c.Start, limit);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(400));

    [Fact]
    public void Every_window_opens_within_two_weeks_and_closes_again_unless_it_is_always_open() => Prop.ForAll(Cases, c =>
    {
        var opens = new PlanCalendar([c.Window], []).NextOpening(c.Start);
        return opens <= c.Start.AddDays(15) && c.Window.NextChange(opens.Value, opens.Value.AddDays(15)) is not null;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void Windows_and_freezes_together_change_where_a_search_finds_it()
    {
        var cases =
            from one in Cases.Generator
            from other in Cases.Generator
            from day in Gen.Choose(0, 6)
            from length in Gen.Choose(0, 3)
            from zone in Gen.Elements(Zones)
            select (one, other, freeze: FreezePeriod.Parse($"{one.Start.AddDays(day):yyyy-MM-dd}..{one.Start.AddDays(day + length):yyyy-MM-dd} {zone}"));
        Prop.ForAll(cases.ToArbitrary(), c =>
        {
            var calendar = new PlanCalendar([c.one.Window, c.other.Window], [c.freeze]);
            var found = Search(calendar.IsOpen, c.one.Start, c.one.Start.AddDays(8));
            var next = calendar.NextChange(c.one.Start);
            return found is null ? next is null || next >= c.one.Start.AddDays(8) : next == found;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(150));
    }

    private static DateTimeOffset? Search(Func<DateTimeOffset, bool> isOpen, DateTimeOffset start, DateTimeOffset limit)
    {
        var open = isOpen(start);
        for (var moment = start.AddMinutes(1); moment < limit; moment = moment.AddMinutes(1))
        {
            if (isOpen(moment) != open) return moment;
        }
        return null;
    }

    private static TimeSpan Length(MaintenanceWindow window, string from)
    {
        var opens = window.NextChange(At(from), At(from).AddDays(2))!.Value;
        return window.NextChange(opens, opens.AddDays(2))!.Value - opens;
    }

    private static PlanCalendar Calendar(params string[] windows) => new([.. windows.Select(MaintenanceWindow.Parse)], []);

    private static string Time(int fives) => string.Create(CultureInfo.InvariantCulture, $"{fives / 12:00}:{fives % 12 * 5:00}");

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
