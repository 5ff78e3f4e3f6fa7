namespace MeshRoll.Runner.Output;

/// <summary>
/// Columns for people. Widths come from the first rows, so that a long list begins to show at once; a later, wider cell pushes its row.
/// </summary>
internal sealed class Table(TextWriter writer, params string[] headers)
{
    private const int RowsThatDecideWidths = 200;
    private readonly List<string[]> _waiting = [];
    private int[]? _widths;

    /// <summary>Adds a row; as many cells as there are headers.</summary>
    internal void Add(params string?[] cells)
    {
        var row = Array.ConvertAll(cells, SafeText.Of);
        if (_widths is not null)
        {
            Write(row);
            return;
        }
        _waiting.Add(row);
        if (_waiting.Count == RowsThatDecideWidths) Flush();
    }

    /// <summary>Writes what still waits. Without rows nothing is written, not even headers.</summary>
    internal void Flush()
    {
        if (_widths is not null || _waiting.Count == 0) return;
        _widths = [.. headers.Select((header, column) => Math.Max(header.Length, _waiting.Max(row => row[column].Length)))];
        Write(headers);
        _waiting.ForEach(Write);
        _waiting.Clear();
    }

    private void Write(string[] row)
    {
        for (var column = 0; column < row.Length - 1; column++)
        {
            writer.Write(row[column].PadRight(_widths![column] + 2));
        }
        writer.WriteLine(row[^1]);
    }
}
