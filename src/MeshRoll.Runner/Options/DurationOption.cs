using System.CommandLine;
using System.CommandLine.Parsing;
using MeshRoll.Core;

namespace MeshRoll.Runner.Options;

/// <summary>Options that take a duration or a count, with errors that say what is allowed.</summary>
internal static class DurationOption
{
    internal static Option<TimeSpan?> Create(string name, string description) => new(name)
    {
        Description = description + " Such as 30s, 10m, 1h30m.",
        HelpName = "duration",
        CustomParser = static result =>
        {
            try
            {
                return DurationText.Parse(result.Tokens.Count == 1 ? result.Tokens[0].Value : "");
            }
            catch (InvalidRequestException refused)
            {
                result.AddError(refused.Message);
                return null;
            }
        },
    };

    internal static Option<int> Count(string name, string description, int standard)
    {
        var option = new Option<int>(name) { Description = description, HelpName = "number", DefaultValueFactory = _ => standard };
        option.Validators.Add(result => CheckCount(name, result));
        return option;
    }

    /// <summary>A count whose absence means something of its own.</summary>
    internal static Option<int?> OptionalCount(string name, string description)
    {
        var option = new Option<int?>(name) { Description = description, HelpName = "number" };
        option.Validators.Add(result => CheckCount(name, result));
        return option;
    }

    private static void CheckCount(string name, OptionResult result)
    {
        if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var count) && count is < 0 or > 100_000)
        {
            result.AddError($"{name} takes a whole number from 0 to 100000, not {count}.");
        }
    }
}
