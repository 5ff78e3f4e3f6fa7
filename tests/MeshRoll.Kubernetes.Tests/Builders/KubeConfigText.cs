namespace MeshRoll.Kubernetes.Tests.Builders;

/// <summary>A kubeconfig with one context <c>one</c>, whose cluster and user hold the fields given.</summary>
internal static class KubeConfigText
{
    public static string With(string cluster = "server: https://127.0.0.1:6443", string user = "token: t", string context = "", string name = "one") => $$"""
        apiVersion: v1
        kind: Config
        current-context: {{name}}
        contexts:
        - name: {{name}}
          context:
            cluster: {{name}}-cluster
            user: {{name}}-user
        {{Indent(context)}}
        clusters:
        - name: {{name}}-cluster
          cluster:
        {{Indent(cluster)}}
        users:
        - name: {{name}}-user
          user:
        {{Indent(user)}}
        """;

    private static string Indent(string text) => string.Join('\n', text.Split('\n').Select(line => "    " + line.TrimEnd('\r')));
}
