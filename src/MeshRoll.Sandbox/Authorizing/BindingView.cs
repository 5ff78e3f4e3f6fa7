using System.Text.Json;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Authorizing;

/// <summary>What a RoleBinding or ClusterRoleBinding says.</summary>
internal sealed record BindingView : IObjectView<BindingView>
{
    /// <summary>The role it gives.</summary>
    public required RoleReference Role { get; init; }

    /// <summary>To whom.</summary>
    public required IReadOnlyList<BindingSubject> Subjects { get; init; }

    /// <inheritdoc/>
    public static BindingView Read(JsonElement root) => new()
    {
        Role = new(root.Text("roleRef", "kind"), root.Text("roleRef", "name")),
        Subjects = root.Items("subjects").Select(static subject => new BindingSubject(subject.Text("kind"), subject.Text("namespace"), subject.Text("name"))),
    };
}

/// <summary>A role by name.</summary>
/// <param name="Kind">Role or ClusterRole.</param>
/// <param name="Name">Its name; a Role is in the binding's namespace.</param>
internal sealed record RoleReference(string Kind, string Name)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Kind} \"{Name}\"";
}

/// <summary>Somebody a role is given to.</summary>
/// <param name="Kind">User, Group or ServiceAccount.</param>
/// <param name="Namespace">A service account's namespace; empty for the binding's.</param>
/// <param name="Name">The name.</param>
internal sealed record BindingSubject(string Kind, string Namespace, string Name);
