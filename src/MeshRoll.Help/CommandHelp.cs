namespace MeshRoll.Help;

/// <summary>What the help says about one cmdlet.</summary>
/// <param name="Name">Verb-Noun.</param>
/// <param name="Synopsis">One sentence.</param>
/// <param name="Description">Paragraphs.</param>
/// <param name="Parameters">In alphabetical order.</param>
/// <param name="Sets">One for each parameter set.</param>
/// <param name="Inputs">What can be piped in.</param>
/// <param name="Outputs">What comes out.</param>
/// <param name="Notes">Paragraphs.</param>
/// <param name="Examples">In order.</param>
/// <param name="Links">Names of other cmdlets and topics.</param>
internal sealed record CommandHelp(
    string Name,
    string Synopsis,
    IReadOnlyList<string> Description,
    IReadOnlyList<ParameterHelp> Parameters,
    IReadOnlyList<SyntaxHelp> Sets,
    IReadOnlyList<TypeHelp> Inputs,
    IReadOnlyList<TypeHelp> Outputs,
    IReadOnlyList<string> Notes,
    IReadOnlyList<ExampleHelp> Examples,
    IReadOnlyList<string> Links);

/// <summary>A type that goes in or comes out.</summary>
internal sealed record TypeHelp(string Name, string Text);

/// <summary>An example.</summary>
internal sealed record ExampleHelp(string Title, string Code, IReadOnlyList<string> Remarks);

/// <summary>One way to call a cmdlet.</summary>
internal sealed record SyntaxHelp(IReadOnlyList<ParameterHelp> Parameters);

/// <summary>A parameter, as it is in one parameter set.</summary>
internal sealed record ParameterHelp(string Name, string TypeName, IReadOnlyList<string> Text)
{
    public bool IsSwitch { get; init; }

    public bool IsRequired { get; init; }

    public bool TakesWildcards { get; init; }

    public int? Position { get; init; }

    public string PipelineInput { get; init; } = "False";

    public string Default { get; init; } = "None";

    public IReadOnlyList<string> Aliases { get; init; } = [];

    public IReadOnlyList<string> Allowed { get; init; } = [];

    public string PositionText => Position?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "named";
}
