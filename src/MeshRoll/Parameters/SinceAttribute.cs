using System.Globalization;
using System.Management.Automation;
using MeshRoll.Core;

namespace MeshRoll.Parameters;

/// <summary>Takes a time to look back to: a date, or how long ago as a duration (<c>14d</c>, <c>36h</c>, a TimeSpan). A date without a zone is local.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SinceAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        try
        {
            return Read(TypedText.Of(inputData), TimeProvider.System);
        }
        catch (InvalidRequestException e)
        {
            throw new ArgumentTransformationMetadataException(e.Message, e);
        }
    }

    /// <summary>The time that a value means.</summary>
    /// <exception cref="InvalidRequestException"><c>MeshRoll.SinceInvalid</c>: neither a date nor a duration, or in the future.</exception>
    internal static DateTimeOffset Read(object? value, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        var since = value switch
        {
            DateTimeOffset moment => moment,
            DateTime { Kind: DateTimeKind.Utc } moment => new DateTimeOffset(moment),
            DateTime moment => new DateTimeOffset(DateTime.SpecifyKind(moment, DateTimeKind.Local)),
            TimeSpan ago => now - ago,
            _ => ReadText(value?.ToString() ?? "", now),
        };
        return since <= now
            ? since.ToUniversalTime()
            : throw new InvalidRequestException("MeshRoll.SinceInvalid", $"'{value}' is in the future: give a time to look back to.");
    }

    private static DateTimeOffset ReadText(string text, DateTimeOffset now)
    {
        // Dates first: 2026-11-01 begins like a number, and no duration has a dash.
        if (text.Contains('-', StringComparison.Ordinal) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var moment)) return moment;
        try
        {
            return now - DurationText.Parse(text);
        }
        catch (InvalidRequestException)
        {
            throw new InvalidRequestException("MeshRoll.SinceInvalid", $"'{text}' is neither a date nor a duration: write 2026-11-01, 2026-11-01T08:00, 14d or 36h.");
        }
    }
}
