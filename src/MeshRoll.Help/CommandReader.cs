using System.Management.Automation;
using System.Reflection;
using System.Xml.Linq;

namespace MeshRoll.Help;

/// <summary>Reads the cmdlets of an assembly.</summary>
internal static class CommandReader
{
    private const string AboutTopic = "about_MeshRoll";

    /// <summary>All cmdlets, in alphabetical order.</summary>
    /// <exception cref="InvalidDataException">A cmdlet or a parameter has no docs.</exception>
    public static IReadOnlyList<CommandHelp> Read(string path)
    {
        var docs = new XmlDocs(Path.GetDirectoryName(path)!);
        return [.. Assembly.LoadFrom(path).GetExportedTypes().Where(IsCommand).Select(type => ReadCommand(type, docs)).OrderBy(command => command.Name, StringComparer.Ordinal)];
    }

    /// <summary>Verb-Noun of a cmdlet's class.</summary>
    public static string NameOf(Type type) => string.Join('-', AttributeFacts.Of<CmdletAttribute>(type).Single().Values());

    private static bool IsCommand(Type type) => !type.IsAbstract && AttributeFacts.Of<CmdletAttribute>(type).Any();

    private static CommandHelp ReadCommand(Type type, XmlDocs docs)
    {
        var name = NameOf(type);
        var doc = docs.Of(type) ?? throw new InvalidDataException($"{name} has no XML docs.");
        var reader = new ParameterReader(type, docs);
        return new(
            name,
            XmlDocs.Text(doc.Element("summary")),
            [XmlDocs.Text(doc.Element("summary")), .. XmlDocs.Paragraphs(doc.Element("remarks"))],
            reader.All,
            reader.Sets,
            [.. reader.PipedTypes.Select(piped => Describe(piped, docs))],
            [.. AttributeFacts.Of<OutputTypeAttribute>(type).SelectMany(output => output.Values()).Cast<Type>().Select(output => Describe(output, docs))],
            XmlDocs.Paragraphs(doc.Element("notes")),
            [.. doc.Elements("example").Select(ReadExample)],
            [.. doc.Elements("seealso").Select(link => LinkOf(type, link)), AboutTopic]);
    }

    private static ExampleHelp ReadExample(XElement example) =>
        new(XmlDocs.Text(example.Element("title")), XmlDocs.Code(example.Element("code")), XmlDocs.Paragraphs(example.Element("remarks")));

    private static TypeHelp Describe(Type type, XmlDocs docs) => type == typeof(void)
        ? new("None", "This command gives nothing back.")
        : new(type.FullName!, XmlDocs.Text(docs.Of(type)?.Element("summary")));

    // A cmdlet by its class, or a topic by its name.
    private static string LinkOf(Type type, XElement link)
    {
        if (link.Attribute("href") is { Value: var topic }) return topic;

        var target = link.Attribute("cref")!.Value[2..];
        return NameOf(type.Assembly.GetType(target) ?? throw new InvalidDataException($"{NameOf(type)} refers to {target}, which is no cmdlet."));
    }
}
