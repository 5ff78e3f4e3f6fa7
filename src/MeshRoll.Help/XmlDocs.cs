using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace MeshRoll.Help;

/// <summary>The XML docs of the assemblies beside the cmdlets.</summary>
internal sealed partial class XmlDocs
{
    private readonly Dictionary<string, XElement> _members = [];

    /// <summary>Reads every docs file of a folder.</summary>
    public XmlDocs(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "MeshRoll*.xml"))
            foreach (var member in XDocument.Load(file).Descendants("member"))
                _members[member.Attribute("name")!.Value] = member;
    }

    /// <summary>The docs of a type.</summary>
    public XElement? Of(Type type) => _members.GetValueOrDefault("T:" + type.FullName!.Replace('+', '.'));

    /// <summary>The docs of a property, where it is declared.</summary>
    public XElement? Of(PropertyInfo property) => _members.GetValueOrDefault($"P:{property.DeclaringType!.FullName}.{property.Name}");

    /// <summary>The paragraphs of an element: its para children, or its whole text.</summary>
    public static IReadOnlyList<string> Paragraphs(XElement? element)
    {
        if (element is null) return [];
        IEnumerable<XElement> parts = element.Elements("para").Any() ? element.Elements("para") : [element];
        return [.. parts.Select(Text).Where(text => text.Length > 0)];
    }

    /// <summary>The text of an element in one line; references by the last part of their name.</summary>
    public static string Text(XElement? element) => element is null ? "" : Space().Replace(string.Concat(element.Nodes().Select(Render)), " ").Trim();

    /// <summary>Code with its own lines, less the indentation they share.</summary>
    public static string Code(XElement? element)
    {
        var lines = (element?.Value ?? "").Replace("\r", "", StringComparison.Ordinal).Split('\n').SkipWhile(string.IsNullOrWhiteSpace).ToList();
        while (lines.Count > 0 && string.IsNullOrWhiteSpace(lines[^1])) lines.RemoveAt(lines.Count - 1);

        var indent = lines.Where(line => line.Trim().Length > 0).Select(line => line.Length - line.TrimStart().Length).DefaultIfEmpty().Min();
        return string.Join('\n', lines.Select(line => line.Length > indent ? line[indent..].TrimEnd() : ""));
    }

    private static string Render(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" or "seealso" or "paramref" } reference => LastName(reference),
        XElement element => string.Concat(element.Nodes().Select(Render)),
        _ => "",
    };

    private static string LastName(XElement reference)
    {
        var name = (reference.Attribute("cref") ?? reference.Attribute("langword") ?? reference.Attribute("name"))?.Value ?? reference.Value;
        return name[(name.LastIndexOfAny(['.', ':']) + 1)..];
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
