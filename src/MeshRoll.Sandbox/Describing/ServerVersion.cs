using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Describing;

/// <summary>The document at <c>/version</c>: the Kubernetes whose API the sandbox speaks, marked as not being one.</summary>
internal static class ServerVersion
{
    /// <summary>What the sandbox says it is.</summary>
    public const string GitVersion = "v1.30.0+meshroll";

    /// <summary>Writes the document.</summary>
    public static byte[] Document() => PlainJson.Bytes(new JsonObject
    {
        ["major"] = "1",
        ["minor"] = "30",
        ["gitVersion"] = GitVersion,
        ["gitCommit"] = "",
        ["gitTreeState"] = "",
        ["buildDate"] = "",
        ["goVersion"] = "",
        ["compiler"] = "",
        ["platform"] = $"{System()}/{Architecture()}",
    });

    private static string System() => OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "darwin" : "linux";

    private static string Architecture() => RuntimeInformation.ProcessArchitecture switch
    {
        global::System.Runtime.InteropServices.Architecture.X64 => "amd64",
        global::System.Runtime.InteropServices.Architecture.X86 => "386",
        var other => other.ToString().ToLowerInvariant(),
    };
}
