using System.Management.Automation;

namespace MeshRoll.Commands;

/// <summary>x</summary>
[Cmdlet(VerbsCommon.Get, "MeshCluster")]
public sealed class GetMeshClusterCommand : PSCmdlet
{
    /// <summary>x</summary>
    protected override void ProcessRecord() => WriteObject(typeof(YamlDotNet.RepresentationModel.YamlStream).Assembly.Location);
}
