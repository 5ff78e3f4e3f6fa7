using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Selecting;

namespace MeshRoll.Sandbox.Kinds;

/// <summary>What can be wrong with a field, worded as apimachinery's util/validation/field words it.</summary>
internal static class FieldErrors
{
    public const string NotNegative = "must be greater than or equal to 0";
    public const string Immutable = "field is immutable";

    private const string LabelRule =
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character " +
        "(e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

    /// <summary>It is missing.</summary>
    public static FieldError Required(string field, string why = "") => new(field, "FieldValueRequired", why.Length == 0 ? "Required value" : $"Required value: {why}");

    /// <summary>It has a wrong value; the value in Go's form.</summary>
    public static FieldError Invalid(string field, string value, string why) => new(field, "FieldValueInvalid", $"Invalid value: {value}: {why}");

    /// <inheritdoc cref="Invalid(string, string, string)"/>
    public static FieldError Invalid(string field, long value, string why) => Invalid(field, value.ToString(System.Globalization.CultureInfo.InvariantCulture), why);

    /// <summary>It is text with a wrong value.</summary>
    public static FieldError InvalidText(string field, string value, string why) => Invalid(field, LabelSyntax.Quoted(value), why);

    /// <summary>It must not be said, or not be changed.</summary>
    public static FieldError Forbidden(string field, string why) => new(field, "FieldValueForbidden", $"Forbidden: {why}");

    /// <summary>It must be something else in each entry of a list.</summary>
    public static FieldError Duplicate(string field, string value) => new(field, "FieldValueDuplicate", $"Duplicate value: {LabelSyntax.Quoted(value)}");

    /// <summary>It names something that is not there.</summary>
    public static FieldError NotFound(string field, string value) => new(field, "FieldValueNotFound", $"Not found: {LabelSyntax.Quoted(value)}");

    /// <summary>It is none of the values there are.</summary>
    public static FieldError NotSupported(string field, string value, params IEnumerable<string> supported) =>
        new(field, "FieldValueNotSupported", $"Unsupported value: {LabelSyntax.Quoted(value)}: supported values: {string.Join(", ", supported.Select(LabelSyntax.Quoted))}");

    /// <summary>A number that must not be negative, where it is there.</summary>
    public static IEnumerable<FieldError> Negative(JsonNode? node, string path, params ReadOnlySpan<string> names)
    {
        var errors = new List<FieldError>();
        foreach (var name in names)
        {
            if (node.Number(name) is < 0 and var number) errors.Add(Invalid($"{path}.{name}", number, NotNegative));
        }
        return errors;
    }

    /// <summary>A text that must be one of these, where it is there.</summary>
    public static IEnumerable<FieldError> OneOf(JsonNode? node, string path, string name, params ReadOnlySpan<string> supported) =>
        node.Text(name) is { } value && !supported.Contains(value) ? [NotSupported($"{path}.{name}", value, supported.ToArray())] : [];

    /// <summary>The name of what is at a path must be a DNS label.</summary>
    public static IEnumerable<FieldError> DnsLabel(string path, string name)
    {
        var isLabel = LabelSyntax.IsDnsLabel(name);
        if (isLabel && name.Length <= 63) return [];
        var errors = new List<FieldError>();
        if (name.Length > 63) errors.Add(InvalidText($"{path}.name", name, "must be no more than 63 characters"));
        if (!isLabel) errors.Add(InvalidText($"{path}.name", name, LabelRule));
        return errors;
    }
}
