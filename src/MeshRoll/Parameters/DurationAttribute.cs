using System.Globalization;
using System.Management.Automation;
using MeshRoll.Core;

namespace MeshRoll.Parameters;

/// <summary>Takes a duration as a number of seconds, as text such as <c>10m</c> or <c>1h30m</c>, or as a TimeSpan.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DurationAttribute : ArgumentTransformationAttribute
{
    /// <summary>Whether nothing at all is a duration that makes sense here.</summary>
    public bool AllowZero { get; set; } = true;

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        try
        {
            return Read(TypedText.Of(inputData));
        }
        catch (InvalidRequestException e)
        {
            throw new ArgumentTransformationMetadataException(e.Message, e);
        }
    }

    /// <summary>The duration that a value means.</summary>
    /// <exception cref="InvalidRequestException">None that can be used.</exception>
    internal TimeSpan Read(object? value)
    {
        var duration = value switch
        {
            // The clock form says fractions and more than a day, and Parse checks the range of every form.
            TimeSpan span => DurationText.Parse(span.ToString("c", CultureInfo.InvariantCulture)),
            double or float or decimal => DurationText.Parse(((IFormattable)value).ToString("0.#######", CultureInfo.InvariantCulture)),
            IFormattable number => DurationText.Parse(number.ToString(null, CultureInfo.InvariantCulture)),
            _ => DurationText.Parse(value?.ToString() ?? ""),
        };
        return duration > TimeSpan.Zero || AllowZero
            ? duration
            : throw new InvalidRequestException("MeshRoll.DurationInvalid", "A duration of zero makes no sense here: give at least a millisecond, or leave the parameter out.");
    }
}
