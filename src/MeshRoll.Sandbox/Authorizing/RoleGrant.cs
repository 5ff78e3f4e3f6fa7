using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Authorizing;

/// <summary>What one binding gives one of its subjects.</summary>
/// <param name="Binding">The binding.</param>
/// <param name="Subject">The subject.</param>
/// <param name="Rules">The rules of the role it names; empty where there is no such role.</param>
/// <param name="Problem">What is wrong with the role, in the server's words; empty for nothing.</param>
internal sealed record RoleGrant(StoredObject Binding, BindingSubject Subject, IReadOnlyList<PolicyRule> Rules, string Problem)
{
    /// <summary>As a review names it: <c>RoleBinding "readers/shop" of ClusterRole "view" to User "jane"</c>.</summary>
    public override string ToString()
    {
        var binding = Binding.Namespace.Length == 0 ? Binding.Name : $"{Binding.Name}/{Binding.Namespace}";
        return $"{Binding.Resource.Kind} \"{binding}\" of {Binding.As<BindingView>().Role} to {Subject.Kind} \"{SubjectName()}\"";
    }

    private string SubjectName()
    {
        if (Subject.Kind != "ServiceAccount") return Subject.Name;
        return $"{Subject.Name}/{(Subject.Namespace.Length > 0 ? Subject.Namespace : Binding.Namespace)}";
    }
}
