using System.Management.Automation;
using System.Reflection;
using MeshRoll.Help;

namespace MeshRoll.Tests.Surface;

public class CommandSurfaceTests
{
    private static readonly string[] s_changing = ["Export", "Start", "Suspend", "Resume", "Undo", "Set", "Repair", "Switch", "Restore", "Remove", "Stop", "New", "Reset", "Backup"];

    // What a wrong answer would do to the new pods of a whole cluster.
    // Or would change the specifications of many workloads, whose pods are made anew at once.
    private static readonly string[] s_clusterWide = ["Switch-MeshInjector", "Restore-MeshInjector", "Remove-MeshRevisionTag", "Repair-MeshRolloutReadiness"];

    public static TheoryData<string> CommandNames => [.. ModuleFiles.Commands.Select(ModuleFiles.NameOf)];

    [Fact]
    public void The_manifest_exports_exactly_the_cmdlets_there_are() =>
        Assert.Equal(ModuleFiles.Commands.Select(ModuleFiles.NameOf).Order(StringComparer.Ordinal), ModuleFiles.ManifestList("CmdletsToExport"));

    [Fact]
    public void The_manifest_has_the_version_of_the_assembly() =>
        Assert.Equal(typeof(Commands.GetMeshClusterCommand).Assembly.GetName().Version!.ToString(3), ModuleFiles.ManifestValue("ModuleVersion"));

    [Fact]
    public void The_manifest_begins_with_the_script_module_and_asks_for_PowerShell_7_4()
    {
        Assert.Equal("module/MeshRoll.psm1", ModuleFiles.ManifestValue("RootModule"));
        Assert.Equal("7.4", ModuleFiles.ManifestValue("PowerShellVersion"));
        Assert.Equal(["Core"], ModuleFiles.ManifestList("CompatiblePSEditions"));
    }

    [Theory]
    [MemberData(nameof(CommandNames))]
    public void Every_cmdlet_has_an_approved_verb_and_a_noun_of_the_mesh(string name)
    {
        var approved = typeof(VerbsCommon).Assembly.GetExportedTypes()
            .Where(type => type.Name.StartsWith("Verbs", StringComparison.Ordinal))
            .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static))
            .Select(field => field.GetRawConstantValue());
        var parts = name.Split('-');

        Assert.Contains(parts[0], approved);
        Assert.StartsWith("Mesh", parts[1], StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(CommandNames))]
    public void Every_cmdlet_is_named_after_its_class_and_says_what_it_gives(string name)
    {
        var type = TypeOf(name);
        Assert.True(type.IsSealed);
        Assert.Equal(name.Replace("-", "", StringComparison.Ordinal) + "Command", type.Name);
        Assert.NotEmpty(AttributeFacts.Of<OutputTypeAttribute>(type));
    }

    [Theory]
    [MemberData(nameof(CommandNames))]
    public void What_changes_a_cluster_or_a_file_asks_first_and_nothing_else_does(string name)
    {
        var cmdlet = AttributeFacts.Of<CmdletAttribute>(TypeOf(name)).Single();
        var changes = s_changing.Contains(name.Split('-')[0]);

        Assert.Equal(changes, cmdlet.Named<bool>(nameof(CmdletAttribute.SupportsShouldProcess)));
        if (changes) Assert.Equal((int)(s_clusterWide.Contains(name) ? ConfirmImpact.High : ConfirmImpact.Medium), cmdlet.Named<int>(nameof(CmdletAttribute.ConfirmImpact)));
    }

    [Theory]
    [MemberData(nameof(CommandNames))]
    public void A_default_parameter_set_is_one_that_exists(string name)
    {
        var type = TypeOf(name);
        if (AttributeFacts.Of<CmdletAttribute>(type).Single().Named<string>(nameof(CmdletAttribute.DefaultParameterSetName)) is not { } set) return;

        Assert.Contains(type.GetProperties().SelectMany(AttributeFacts.Of<ParameterAttribute>), parameter => parameter.Named<string>(nameof(ParameterAttribute.ParameterSetName)) == set);
    }

    private static Type TypeOf(string name) => ModuleFiles.Commands.Single(type => ModuleFiles.NameOf(type) == name);
}
