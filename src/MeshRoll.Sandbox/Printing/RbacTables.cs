using System.Text.Json;
using MeshRoll.Sandbox.Objects;
using static MeshRoll.Sandbox.Printing.TablePrinter;

namespace MeshRoll.Sandbox.Printing;

/// <summary>Roles and their bindings.</summary>
internal static class RbacTables
{
    public static TablePrinter Roles { get; } = new(
        [TableColumn.ObjectName, new("Created At", "date", "When the object was created.")],
        (item, _) => [Name(item), item.Text("metadata", "creationTimestamp")]);

    public static TablePrinter Bindings { get; } = new(
        [
            TableColumn.ObjectName, TableColumn.Text("Role", "The role it gives."), TableColumn.Age,
            TableColumn.Wide("Users", "The users it gives it to."), TableColumn.Wide("Groups", "The groups it gives it to."),
            TableColumn.Wide("ServiceAccounts", "The service accounts it gives it to."),
        ],
        (item, now) =>
        [
            Name(item), $"{item.Text("roleRef", "kind")}/{item.Text("roleRef", "name")}", Age(item, now),
            Subjects(item, "User"), Subjects(item, "Group"), Subjects(item, "ServiceAccount"),
        ]);

    private static string Subjects(JsonElement binding, string kind) => string.Join(", ", binding.Items("subjects")
        .Where(subject => subject.Text("kind") == kind)
        .Select(subject => kind == "ServiceAccount" ? $"{subject.Text("namespace")}/{subject.Text("name")}" : subject.Text("name")));
}
