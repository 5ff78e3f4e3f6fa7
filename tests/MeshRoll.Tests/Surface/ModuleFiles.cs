using System.Management.Automation;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using MeshRoll.Commands;
using MeshRoll.Help;

namespace MeshRoll.Tests.Surface;

/// <summary>The module as it lies in the checkout, and its cmdlets.</summary>
internal static class ModuleFiles
{
    public static string Root { get; } = FindRoot();

    public static string Manifest { get; } = File.ReadAllText(Path.Combine(Root, "MeshRoll.psd1"));

    public static XDocument Format { get; } = XDocument.Load(Path.Combine(Root, "module", "MeshRoll.Format.ps1xml"));

    public static XDocument Help { get; } = XDocument.Load(Path.Combine(Root, "en-US", "MeshRoll.dll-Help.xml"));

    public static IReadOnlyList<Type> Commands { get; } =
        [.. typeof(GetMeshClusterCommand).Assembly.GetExportedTypes().Where(type => !type.IsAbstract && typeof(PSCmdlet).IsAssignableFrom(type))];

    public static string NameOf(Type command) => string.Join('-', AttributeFacts.Of<CmdletAttribute>(command).Single().Values());

    public static string ManifestValue(string key) => Regex.Match(Manifest, $@"^\s*{key}\s*=\s*'([^']*)'", RegexOptions.Multiline).Groups[1].Value;

    public static IReadOnlyList<string> ManifestList(string key) =>
        [.. Regex.Matches(Regex.Match(Manifest, $@"^\s*{key}\s*=\s*@\(([^)]*)\)", RegexOptions.Multiline).Groups[1].Value, "'([^']*)'").Select(match => match.Groups[1].Value)];

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "MeshRoll.psd1")))
            folder = Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar)) ?? throw new InvalidOperationException("The tests must run from inside of the checkout.");
        return folder;
    }
}
