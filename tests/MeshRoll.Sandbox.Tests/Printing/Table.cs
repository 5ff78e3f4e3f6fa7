using System.Text.Json;
using MeshRoll.Sandbox.Printing;

namespace MeshRoll.Sandbox.Tests.Printing;

/// <summary>Prints one object, given as JSON in single quotes, at five minutes past one o'clock.</summary>
internal static class Table
{
    public const string Created = "'creationTimestamp':'2026-01-01T13:00:00Z'";

    public static readonly DateTimeOffset Now = new(2026, 1, 1, 13, 5, 0, TimeSpan.Zero);

    /// <summary>The cells that are shown without <c>-o wide</c>, or with it.</summary>
    public static string Row(string group, string kind, string item, bool isWide = false)
    {
        var printer = TablePrinter.For(group, kind);
        using var document = JsonDocument.Parse(item.Replace('\'', '"'));
        var cells = printer.Cells(document.RootElement, Now);
        Assert.Equal(printer.Columns.Count, cells.Count);
        return string.Join(" | ", cells.Where((_, i) => isWide || printer.Columns[i].Priority == 0));
    }

    public static string Heading(string group, string kind) => string.Join(" | ", TablePrinter.For(group, kind).Columns.Select(column => column.Name + (column.Priority > 0 ? "+" : "")));
}
