namespace MeshRoll.Sandbox.Running;

/// <summary>Somebody who may log in, beside the administrator.</summary>
/// <param name="Name">As RBAC names him.</param>
/// <param name="Groups">His groups.</param>
/// <param name="Namespace">The namespace of his context.</param>
/// <param name="KubeConfigPath">His kubeconfig.</param>
internal sealed record SandboxUser(string Name, IReadOnlyList<string> Groups, string Namespace, string KubeConfigPath);
