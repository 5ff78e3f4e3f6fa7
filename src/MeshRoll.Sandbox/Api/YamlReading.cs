using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MeshRoll.Sandbox.Api;

/// <summary>Reads a YAML document as the JSON it stands for, by the YAML 1.1 rules that Kubernetes follows: plain true, false, numbers and null are no text.</summary>
internal static class YamlReading
{
    /// <summary>The first document; null when there is none.</summary>
    /// <exception cref="YamlException">It is no YAML.</exception>
    public static JsonNode? Parse(ReadOnlyMemory<byte> yaml)
    {
        var stream = new YamlStream();
        using var reader = new StringReader(Encoding.UTF8.GetString(yaml.Span));
        stream.Load(reader);
        return stream.Documents.Count == 0 ? null : Node(stream.Documents[0].RootNode);
    }

    private static JsonNode? Node(YamlNode node)
    {
        switch (node)
        {
            case YamlMappingNode map:
                var parent = new JsonObject();
                foreach (var (key, value) in map.Children) parent[(key as YamlScalarNode)?.Value ?? throw new YamlException(key.Start, key.End, "a key must be text")] = Node(value);
                return parent;
            case YamlSequenceNode list:
                return new JsonArray([.. list.Children.Select(Node)]);
            case YamlScalarNode scalar:
                return scalar.Style is ScalarStyle.Plain or ScalarStyle.Any ? Plain(scalar.Value ?? "") : JsonValue.Create(scalar.Value);
            default:
                throw new YamlException(node.Start, node.End, "an alias is not allowed here");
        }
    }

    private static JsonValue? Plain(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => null,
        "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" => JsonValue.Create(true),
        "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF" => JsonValue.Create(false),
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
        _ when char.IsAsciiDigit(text[^1]) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => JsonValue.Create(number),
        _ => JsonValue.Create(text),
    };
}
