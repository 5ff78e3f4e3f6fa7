using MeshRoll.Connections;
using MeshRoll.Core.Permissions;

namespace MeshRoll.Tests.Surface;

public class PermissionTests
{
    /// <summary>They choose clusters as their kin does, and read a journal's file alone.</summary>
    private static readonly string[] s_readersOfFiles = ["Get-MeshRolloutRun", "Wait-MeshRolloutRun"];

    [Fact]
    public void The_table_of_rights_names_exactly_the_cmdlets_there_are() =>
        Assert.Equal(ModuleFiles.Commands.Select(ModuleFiles.NameOf).Order(StringComparer.OrdinalIgnoreCase), PermissionReader.Cmdlets);

    [Fact]
    public void Every_cmdlet_that_talks_to_a_cluster_needs_a_right() =>
        Assert.All(
            ModuleFiles.Commands.Where(type => typeof(ClusterCmdlet).IsAssignableFrom(type)).Select(ModuleFiles.NameOf).Except(s_readersOfFiles),
            name => Assert.Contains(name, PermissionReader.CmdletsWithNeeds));
}
