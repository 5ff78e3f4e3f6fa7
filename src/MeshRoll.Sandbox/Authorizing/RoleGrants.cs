using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Authorizing;

/// <summary>All bindings of the cluster at one time, by whom they concern. Never changed once made, so it may be read from anywhere.</summary>
internal sealed class RoleGrants
{
    private readonly BySubject _everywhere = new();
    private readonly Dictionary<string, BySubject> _byNamespace = new(StringComparer.Ordinal);

    /// <summary>Reads them. Call inside the simulation.</summary>
    public RoleGrants(ObjectStore store)
    {
        foreach (var binding in store.List(ApiResources.ClusterRoleBindings)) Add(store, binding, _everywhere);
        foreach (var binding in store.List(ApiResources.RoleBindings))
        {
            if (!_byNamespace.TryGetValue(binding.Namespace, out var here)) _byNamespace[binding.Namespace] = here = new();
            Add(store, binding, here);
        }
    }

    /// <summary>The rules of a role. Call inside the simulation.</summary>
    /// <param name="store">All objects.</param>
    /// <param name="role">The role.</param>
    /// <param name="namespace">Where the binding is that names it; empty for a ClusterRoleBinding.</param>
    /// <exception cref="ApiStatusException">There is no such role.</exception>
    public static IReadOnlyList<PolicyRule> RulesOf(ObjectStore store, RoleReference role, string @namespace) =>
        FindRole(store, role, @namespace)?.As<RoleView>().Rules
        ?? throw ApiStatusException.NotFound(role.Kind == "Role" ? ApiResources.Roles : ApiResources.ClusterRoles, role.Name);

    /// <summary>What concerns somebody, for cluster-wide bindings first; each of his subjects in a binding counts once.</summary>
    public IEnumerable<RoleGrant> Of(Identity who, string @namespace)
    {
        foreach (var grant in _everywhere.Of(who)) yield return grant;
        if (@namespace.Length == 0 || !_byNamespace.TryGetValue(@namespace, out var here)) yield break;
        foreach (var grant in here.Of(who)) yield return grant;
    }

    private static void Add(ObjectStore store, StoredObject binding, BySubject grants)
    {
        var view = binding.As<BindingView>();
        var role = FindRole(store, view.Role, binding.Namespace);
        var rules = role?.As<RoleView>().Rules ?? [];
        var problem = role is null ? NoSuchRole(view.Role) : "";
        foreach (var subject in view.Subjects) grants.Add(new(binding, subject, rules, problem));
    }

    private static StoredObject? FindRole(ObjectStore store, RoleReference role, string @namespace) => role.Kind switch
    {
        "ClusterRole" => store.Find(ApiResources.ClusterRoles, "", role.Name),
        "Role" => store.Find(ApiResources.Roles, @namespace, role.Name),
        _ => null,
    };

    // The authorizer looks roles up in a cache, whose words name the kind and not the resource.
    private static string NoSuchRole(RoleReference role) => $"{role.Kind.ToLowerInvariant()}.{ApiResources.RbacGroup} \"{role.Name}\" not found";

    /// <summary>The bindings of one namespace, or of none.</summary>
    private sealed class BySubject
    {
        private readonly Dictionary<string, List<RoleGrant>> _users = new(StringComparer.Ordinal);
        private readonly Dictionary<string, List<RoleGrant>> _groups = new(StringComparer.Ordinal);

        public void Add(RoleGrant grant)
        {
            var subject = grant.Subject;
            switch (subject.Kind)
            {
                case "User":
                    Add(_users, subject.Name, grant);
                    break;
                case "Group":
                    Add(_groups, subject.Name, grant);
                    break;
                case "ServiceAccount":
                    var home = subject.Namespace.Length > 0 ? subject.Namespace : grant.Binding.Namespace;
                    if (home.Length > 0) Add(_users, ServiceAccountNames.User(home, subject.Name), grant);
                    break;
            }
        }

        public IEnumerable<RoleGrant> Of(Identity who)
        {
            if (_users.TryGetValue(who.Name, out var own))
            {
                foreach (var grant in own) yield return grant;
            }
            foreach (var group in who.Groups)
            {
                if (!_groups.TryGetValue(group, out var shared)) continue;
                foreach (var grant in shared) yield return grant;
            }
        }

        private static void Add(Dictionary<string, List<RoleGrant>> grants, string name, RoleGrant grant)
        {
            if (!grants.TryGetValue(name, out var list)) grants[name] = list = [];
            list.Add(grant);
        }
    }
}
