using MeshRoll.Errors;
using MeshRoll.Sandbox.Faults;

namespace MeshRoll.Sandboxes;

/// <summary>
/// The kinds of fault by name. A parameter of the enumeration's own type would do the same, but its field would load the sandbox's assembly
/// whenever the module is imported.
/// </summary>
internal static class FaultKinds
{
    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names => Enum.GetNames<SandboxFaultKind>();

    /// <summary>The kind of a name, whatever its case.</summary>
    /// <exception cref="CommandException"><c>MeshRoll.SandboxFaultInvalid</c>.</exception>
    public static SandboxFaultKind Read(string name) =>
        Names.FirstOrDefault(one => one.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } known
            ? Enum.Parse<SandboxFaultKind>(known)
            : throw new CommandException("MeshRoll.SandboxFaultInvalid", $"There is no fault '{name}'. There are: {string.Join(", ", Names)}.");
}
