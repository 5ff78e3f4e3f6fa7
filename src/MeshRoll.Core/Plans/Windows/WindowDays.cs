namespace MeshRoll.Core.Plans.Windows;

/// <summary>Days of the week, as a person writes them: <c>Mon-Fri</c>, <c>Sat,Sun</c>, <c>Fri-Mon</c>, <c>daily</c>.</summary>
internal static class WindowDays
{
    private static readonly string[] Names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

    /// <summary>All seven, Monday first: bit 0 is Monday.</summary>
    public const int All = 0b1111111;

    /// <summary>Whether a day is among them.</summary>
    public static bool Has(int days, DayOfWeek day) => (days & 1 << ((int)day + 6) % 7) != 0;

    /// <summary>The days of a word; null when it is no such word.</summary>
    public static int? Find(string word)
    {
        if (word.Equals("daily", StringComparison.OrdinalIgnoreCase)) return All;
        var days = 0;
        foreach (var part in word.Split(','))
        {
            var ends = part.Split('-');
            if (ends.Length > 2 || IndexOf(ends[0]) is not { } first || IndexOf(ends[^1]) is not { } last) return null;
            // A range may pass the end of the week.
            for (var day = first; ; day = (day + 1) % 7)
            {
                days |= 1 << day;
                if (day == last) break;
            }
        }
        return days;
    }

    /// <summary>The shortest form: ranges of three and more, else single days; <c>daily</c> for all.</summary>
    public static string Text(int days)
    {
        if (days == All) return "daily";
        // Begun where a range begins, so that one that passes the end of the week stays in one piece.
        var start = Enumerable.Range(0, 7).First(day => Is(day) && !Is(day + 6));
        List<string> parts = [];
        for (var day = start; day < start + 7;)
        {
            if (!Is(day))
            {
                day++;
                continue;
            }
            var length = 1;
            // It ends: not all days are set.
            while (Is(day + length)) length++;
            if (length >= 3) parts.Add($"{Names[day % 7]}-{Names[(day + length - 1) % 7]}");
            else for (var i = 0; i < length; i++) parts.Add(Names[(day + i) % 7]);
            day += length;
        }
        return string.Join(',', parts);

        bool Is(int day) => (days & 1 << day % 7) != 0;
    }

    // The English names, whole or by their first three letters.
    private static int? IndexOf(string name)
    {
        for (var day = 0; day < 7; day++)
        {
            if (name.Equals(Names[day], StringComparison.OrdinalIgnoreCase) || name.Equals(((DayOfWeek)((day + 1) % 7)).ToString(), StringComparison.OrdinalIgnoreCase)) return day;
        }
        return null;
    }
}
