using System.Text.Json;

namespace MeshRoll.Sandbox.Printing;

/// <summary>What stands in one cell of a table: text, a whole number or nothing.</summary>
internal readonly record struct TableCell(string? Text, long? Number)
{
    /// <summary>Nothing: what a custom resource has not.</summary>
    public static TableCell Nothing => default;

    public static implicit operator TableCell(string text) => new(text, null);

    public static implicit operator TableCell(long number) => new(null, number);

    /// <summary>Writes the cell's value.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        if (Number is { } number) writer.WriteNumberValue(number);
        else writer.WriteStringValue(Text);
    }

    /// <inheritdoc/>
    public override string ToString() => Number?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? Text ?? "";
}
