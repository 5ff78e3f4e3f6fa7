using System.Globalization;
using System.Text.Json;

namespace MeshRoll.Sandbox.Controllers;

/// <summary>
/// A short name for what a pod template says, the same for equal templates however their properties are ordered. The real hash is that of Go
/// structures and promised to nobody; only its look is kept.
/// </summary>
internal static class TemplateHash
{
    // The signs of generated names (apimachinery's util/rand): neither vowels nor what looks like another sign.
    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";
    private const ulong Seed = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    /// <summary>The hash of a template.</summary>
    public static string Of(JsonElement template)
    {
        var hash = Add(Seed, template);
        var folded = (uint)(hash ^ (hash >> 32));
        var number = folded.ToString(CultureInfo.InvariantCulture);
        return string.Create(number.Length, number, static (signs, digits) =>
        {
            for (var i = 0; i < signs.Length; i++) signs[i] = Alphabet[digits[i] % Alphabet.Length];
        });
    }

    private static ulong Add(ulong hash, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                hash = Add(hash, '{');
                foreach (var name in SortedNames(value))
                {
                    // Null is as good as absent everywhere in a template, such as in creationTimestamp.
                    if (value.GetProperty(name) is { ValueKind: not JsonValueKind.Null } content) hash = Add(Add(Add(hash, name), ':'), content);
                }
                return Add(hash, '}');
            case JsonValueKind.Array:
                hash = Add(hash, '[');
                foreach (var item in value.EnumerateArray()) hash = Add(Add(hash, item), ',');
                return Add(hash, ']');
            case JsonValueKind.String:
                return Add(Add(hash, '"'), value.GetString()!);
            case JsonValueKind.Undefined:
                return hash;
            default:
                return Add(hash, value.GetRawText());
        }
    }

    private static List<string> SortedNames(JsonElement value)
    {
        var names = new List<string>();
        foreach (var property in value.EnumerateObject()) names.Add(property.Name);
        names.Sort(StringComparer.Ordinal);
        return names;
    }

    private static ulong Add(ulong hash, string text)
    {
        foreach (var sign in text) hash = Add(hash, sign);
        return hash;
    }

    private static ulong Add(ulong hash, char sign) => (hash ^ sign) * Prime;
}
