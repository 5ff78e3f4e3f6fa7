namespace MeshRoll.Sandbox.Printing;

/// <summary>A column's definition (meta.k8s.io TableColumnDefinition).</summary>
/// <param name="Name">The heading; kubectl shows it in capitals.</param>
/// <param name="Type">string, integer or date.</param>
/// <param name="Description">What it tells.</param>
/// <param name="Priority">0 for always, 1 for <c>-o wide</c>.</param>
internal sealed record TableColumn(string Name, string Type, string Description, int Priority = 0)
{
    /// <summary>The object's name; kubectl recognises the column by its format.</summary>
    public static TableColumn ObjectName { get; } = new("Name", "string", "The name of the object.") { Format = "name" };

    /// <summary>How long ago the object was created.</summary>
    public static TableColumn Age { get; } = Text("Age", "The time since the object was created.");

    /// <summary>Names of the template's containers.</summary>
    public static TableColumn Containers { get; } = Wide("Containers", "The names of the containers in the template.");

    /// <summary>Images of the template's containers.</summary>
    public static TableColumn Images { get; } = Wide("Images", "The images of the containers in the template.");

    /// <summary>Which pods belong to the object.</summary>
    public static TableColumn Selector { get; } = Wide("Selector", "The labels of the pods that belong to it.");

    /// <summary>How the value is to be read besides its type; empty for nothing special.</summary>
    public string Format { get; init; } = "";

    /// <summary>A column of text.</summary>
    public static TableColumn Text(string name, string description) => new(name, "string", description);

    /// <summary>A column of whole numbers.</summary>
    public static TableColumn Number(string name, string description) => new(name, "integer", description);

    /// <summary>A column of text that is shown with <c>-o wide</c> only.</summary>
    public static TableColumn Wide(string name, string description) => new(name, "string", description, Priority: 1);
}
