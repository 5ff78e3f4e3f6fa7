using System.Management.Automation;
using MeshRoll.Core.Plans.Files;

namespace MeshRoll.Plans;

/// <summary>Paths of plans and journals as PowerShell users give them.</summary>
internal static class PlanPaths
{
    /// <summary>The full path of the file system, whatever the current location is. No wildcards: a plan is one file.</summary>
    public static string Full(PSCmdlet cmdlet, string path) => cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path);

    /// <summary>Where the journal of a plan lies unless somebody says otherwise: beside it.</summary>
    public static string Journal(string plan) => PlanFile.JournalBeside(plan);
}
