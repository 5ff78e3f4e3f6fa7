using MeshRoll.Errors;

namespace MeshRoll.Sandboxes;

/// <summary>What can be wrong with a sandbox that is named.</summary>
internal static class SandboxErrors
{
    /// <summary>There is none of that name; or none at all where none was named.</summary>
    public static CommandException NotFound(string? name, IReadOnlyCollection<MeshSandbox> running) => new(
        "MeshRoll.SandboxNotFound",
        (name, running.Count) switch
        {
            (null, _) => "There is no sandbox in this session. New-MeshSandbox starts one.",
            (_, 0) => $"There is no sandbox named '{name}', and no other one in this session: it was removed, or never started here. New-MeshSandbox starts one.",
            _ => $"There is no sandbox named '{name}' in this session. There are: {string.Join(", ", running.Select(sandbox => sandbox.Name))}.",
        });

    /// <summary>The name is taken.</summary>
    public static CommandException Exists(string name) => new(
        "MeshRoll.SandboxExists",
        $"There is a sandbox named '{name}' already. Choose another -Name, or end that one: Remove-MeshSandbox '{name}'.");

    /// <summary>The sandbox has no fault of that name.</summary>
    public static CommandException NoFault(string name, IReadOnlyCollection<string> names) => new(
        "MeshRoll.SandboxFaultNotFound",
        names.Count == 0
            ? $"There is no fault named '{name}', and no other one: it was used up, or taken away already."
            : $"There is no fault named '{name}'. There are: {string.Join(", ", names)}.");
}
