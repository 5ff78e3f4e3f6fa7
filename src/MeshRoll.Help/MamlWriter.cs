using System.Xml;
using System.Xml.Linq;

namespace MeshRoll.Help;

/// <summary>Writes PowerShell's help format: MAML, as Get-Help reads it.</summary>
internal static class MamlWriter
{
    private static readonly XNamespace s_root = "http://msh";
    private static readonly XNamespace s_maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace s_command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace s_dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    /// <summary>Writes the file.</summary>
    public static void Write(IEnumerable<CommandHelp> commands, string path)
    {
        var document = new XDocument(new XElement(s_root + "helpItems", new XAttribute("schema", "maml"), commands.Select(Command)));
        using var writer = XmlWriter.Create(path, new XmlWriterSettings { Indent = true, NewLineChars = "\n", Encoding = new System.Text.UTF8Encoding(false) });
        document.Save(writer);
    }

    private static XElement Command(CommandHelp command)
    {
        var (verb, noun) = (command.Name[..command.Name.IndexOf('-', StringComparison.Ordinal)], command.Name[(command.Name.IndexOf('-', StringComparison.Ordinal) + 1)..]);
        return new(
            s_command + "command",
            new XAttribute(XNamespace.Xmlns + "maml", s_maml),
            new XAttribute(XNamespace.Xmlns + "command", s_command),
            new XAttribute(XNamespace.Xmlns + "dev", s_dev),
            new XElement(
                s_command + "details",
                new XElement(s_command + "name", command.Name),
                new XElement(s_command + "verb", verb),
                new XElement(s_command + "noun", noun),
                Description([command.Synopsis])),
            Description(command.Description),
            new XElement(s_command + "syntax", command.Sets.Select(set => new XElement(s_command + "syntaxItem", new XElement(s_maml + "name", command.Name), set.Parameters.Select(parameter => Parameter(parameter, inSyntax: true))))),
            new XElement(s_command + "parameters", command.Parameters.Select(parameter => Parameter(parameter, inSyntax: false))),
            new XElement(s_command + "inputTypes", command.Inputs.Select(input => new XElement(s_command + "inputType", TypeOf(input.Name), Description([input.Text])))),
            new XElement(s_command + "returnValues", command.Outputs.Select(output => new XElement(s_command + "returnValue", TypeOf(output.Name), Description([output.Text])))),
            new XElement(s_maml + "alertSet", command.Notes.Count > 0 ? new XElement(s_maml + "alert", Paragraphs(command.Notes)) : null),
            new XElement(s_command + "examples", command.Examples.Select(Example)),
            new XElement(s_command + "relatedLinks", command.Links.Select(link => new XElement(s_maml + "navigationLink", new XElement(s_maml + "linkText", link), new XElement(s_maml + "uri")))));
    }

    // What is in the syntax shows what may be written; what is in the list of parameters explains it.
    private static XElement Parameter(ParameterHelp parameter, bool inSyntax)
    {
        var element = new XElement(
            s_command + "parameter",
            new XAttribute("required", parameter.IsRequired ? "true" : "false"),
            new XAttribute("variableLength", "true"),
            new XAttribute("globbing", parameter.TakesWildcards ? "true" : "false"),
            new XAttribute("pipelineInput", parameter.PipelineInput),
            new XAttribute("position", parameter.PositionText),
            new XAttribute("aliases", parameter.Aliases.Count == 0 ? "none" : string.Join(", ", parameter.Aliases)),
            new XElement(s_maml + "name", parameter.Name),
            Description(parameter.Text));
        if (inSyntax && parameter.Allowed.Count > 0)
            element.Add(new XElement(s_command + "parameterValueGroup", parameter.Allowed.Select(value => new XElement(s_command + "parameterValue", new XAttribute("required", "false"), new XAttribute("variableLength", "false"), value))));
        if (!inSyntax || !parameter.IsSwitch)
            element.Add(new XElement(s_command + "parameterValue", new XAttribute("required", parameter.IsSwitch ? "false" : "true"), new XAttribute("variableLength", "false"), parameter.TypeName));

        element.Add(TypeOf(parameter.TypeName), new XElement(s_dev + "defaultValue", parameter.Default));
        return element;
    }

    private static XElement Example(ExampleHelp example, int index) => new(
        s_command + "example",
        new XElement(s_maml + "title", $"Example {index + 1}: {example.Title}"),
        new XElement(s_dev + "code", example.Code),
        new XElement(s_dev + "remarks", Paragraphs(example.Remarks)));

    private static XElement TypeOf(string name) => new(s_dev + "type", new XElement(s_maml + "name", name), new XElement(s_maml + "uri"));

    private static XElement Description(IReadOnlyList<string> paragraphs) => new(s_maml + "description", Paragraphs(paragraphs));

    private static IEnumerable<XElement> Paragraphs(IEnumerable<string> paragraphs) => paragraphs.Select(paragraph => new XElement(s_maml + "para", paragraph));
}
