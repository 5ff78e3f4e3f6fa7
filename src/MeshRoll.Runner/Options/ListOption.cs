using System.CommandLine;

namespace MeshRoll.Runner.Options;

/// <summary>Options that take several values.</summary>
internal static class ListOption
{
    internal static Option<string[]> Create(string name, string description, string helpName, params string[] aliases) => new(name, aliases)
    {
        Description = description,
        HelpName = helpName,
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    };
}
