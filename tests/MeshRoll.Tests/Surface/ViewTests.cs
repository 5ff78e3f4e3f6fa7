using System.Management.Automation;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using MeshRoll.Formatting;
using MeshRoll.Help;

namespace MeshRoll.Tests.Surface;

public partial class ViewTests
{
    public static TheoryData<Type> OutputTypes =>
        [.. ModuleFiles.Commands.SelectMany(AttributeFacts.Of<OutputTypeAttribute>).SelectMany(output => output.Values()).Cast<Type>().Where(type => type.Namespace != "System").Distinct()];

    [Theory]
    [MemberData(nameof(OutputTypes))]
    public void Every_output_type_has_a_table_and_a_list_also_when_it_comes_from_a_job(Type type)
    {
        foreach (var name in new[] { type.FullName, "Deserialized." + type.FullName })
        {
            var views = ViewsOf(name!).ToList();
            Assert.Contains(views, view => view.Element("TableControl") is not null);
            Assert.Contains(views, view => view.Element("ListControl") is not null);
        }
    }

    [Theory]
    [MemberData(nameof(OutputTypes))]
    public void A_table_fits_120_columns_and_leaves_room_for_what_has_no_width(Type type)
    {
        var headers = ViewsOf(type.FullName!).Descendants("TableColumnHeader").ToList();
        var free = headers.Count(header => header.Element("Width") is null);
        var taken = headers.Sum(header => (int?)header.Element("Width") ?? 0) + headers.Count - 1;

        Assert.InRange(taken + (free * 20), 1, 120);
    }

    [Theory]
    [MemberData(nameof(OutputTypes))]
    public void Views_speak_of_properties_and_methods_that_exist(Type type)
    {
        var properties = type.GetProperties().Select(property => property.Name).ToList();
        foreach (var view in ViewsOf(type.FullName!))
        {
            Assert.All(view.Descendants("PropertyName"), name => Assert.Contains(name.Value, properties));
            foreach (var script in view.Descendants("ScriptBlock"))
            {
                var call = Call().Match(script.Value);
                Assert.NotNull(typeof(TableText).GetMethod(call.Groups["method"].Value, BindingFlags.Public | BindingFlags.Static));
                Assert.All(call.Groups["property"].Captures, property => Assert.Contains(property.Value, properties));
            }
        }
    }

    [Theory]
    [MemberData(nameof(OutputTypes))]
    public void Output_types_are_sealed_and_carry_what_names_them(Type type)
    {
        Assert.True(type.IsSealed);
        Assert.Contains(type.GetProperties(), property => property.Name is "Name" or "Namespace");
    }

    /// <summary>PowerShell takes elements by number from arrays; the compiler's own list types hide their indexer from it.</summary>
    [Theory]
    [MemberData(nameof(OutputTypes))]
    public void Lists_on_output_types_can_be_taken_by_number(Type type)
    {
        foreach (var property in type.GetProperties().Where(property => property.PropertyType.IsGenericType && property.PropertyType.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)))
        {
            var output = RuntimeHelpers.GetUninitializedObject(type);
            var list = Activator.CreateInstance(typeof(List<>).MakeGenericType(property.PropertyType.GenericTypeArguments));
            property.SetValue(output, list);
            Assert.True(property.GetValue(output) is Array, $"{type.Name}.{property.Name} keeps what it is given; let its init make an array of it.");
        }
    }

    private static IEnumerable<XElement> ViewsOf(string type) =>
        ModuleFiles.Format.Descendants("View").Where(view => view.Descendants("TypeName").Any(name => name.Value == type));

    [GeneratedRegex(@"^\[MeshRoll\.Formatting\.TableText\]::(?<method>\w+)\(\$_(, '(?<property>\w+)')*\)$")]
    private static partial Regex Call();
}
