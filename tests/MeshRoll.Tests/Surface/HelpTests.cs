using System.Management.Automation;
using System.Xml.Linq;
using MeshRoll.Help;

namespace MeshRoll.Tests.Surface;

public class HelpTests
{
    public static TheoryData<string> CommandNames => CommandSurfaceTests.CommandNames;

    [Theory]
    [MemberData(nameof(CommandNames))]
    public void Every_cmdlet_has_a_synopsis_and_two_examples_with_explanation(string name)
    {
        var help = HelpOf(name);
        Assert.NotEmpty(Named(help, "details").Single().Elements().Last().Value);

        var examples = Named(help, "example").ToList();
        Assert.True(examples.Count >= 2);
        Assert.All(examples, example =>
        {
            Assert.Contains(name, Named(example, "code").Single().Value, StringComparison.Ordinal);
            Assert.NotEmpty(Named(example, "title").Single().Value);
            Assert.NotEmpty(Named(example, "remarks").Single().Value);
        });
    }

    [Theory]
    [MemberData(nameof(CommandNames))]
    public void Every_parameter_is_explained_by_a_sentence(string name)
    {
        var explained = Named(Named(HelpOf(name), "parameters").Single(), "parameter").ToDictionary(
            parameter => Named(parameter, "name").First().Value, parameter => Named(parameter, "description").Single().Value);
        var declared = ModuleFiles.Commands.Single(type => ModuleFiles.NameOf(type) == name).GetProperties().Where(property => AttributeFacts.Of<ParameterAttribute>(property).Any());

        Assert.All(declared, property => Assert.EndsWith(".", explained[property.Name], StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(CommandNames))]
    public void Related_links_lead_to_cmdlets_and_topics_that_exist(string name)
    {
        var links = Named(HelpOf(name), "linkText").Select(link => link.Value);
        Assert.All(links, link => Assert.True(
            ModuleFiles.Commands.Any(type => ModuleFiles.NameOf(type) == link) || File.Exists(Path.Combine(ModuleFiles.Root, "en-US", link + ".help.txt")), link));
    }

    private static XElement HelpOf(string name) =>
        ModuleFiles.Help.Root!.Elements().Single(command => Named(Named(command, "details").Single(), "name").Single().Value == name);

    private static IEnumerable<XElement> Named(XElement element, string name) => element.Descendants().Where(child => child.Name.LocalName == name);
}
