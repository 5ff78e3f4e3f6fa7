namespace MeshRoll.Sandbox.Tests.Builders;

/// <summary>Objects as users write them, short.</summary>
internal static class Manifests
{
    public const string Deployments = "/apis/apps/v1/namespaces/shop/deployments";

    public const string ConfigMaps = "/api/v1/namespaces/shop/configmaps";

    public const string Pods = "/api/v1/namespaces/shop/pods";

    public static string Deployment(string name, string spec = "") =>
        Workload("apps/v1", "Deployment", name, spec);

    /// <summary>A workload with a selector and a template that fit; more of its spec may come before.</summary>
    public static string Workload(string apiVersion, string kind, string name, string spec = "") =>
        $$$"""{"apiVersion":"{{{apiVersion}}}","kind":"{{{kind}}}","metadata":{"name":"{{{name}}}" },"spec":{""" + (spec.Length > 0 ? spec + "," : "")
        + $$$"""
        "selector":{"matchLabels":{"app":"{{{name}}}"} },"template":{"metadata":{"labels":{"app":"{{{name}}}"} },"spec":{"containers":[{"name":"app","image":"app:1"}]} } } }
        """;

    public static string Pod(string name, string labels = "{}") =>
        $$$"""{"metadata":{"name":"{{{name}}}","labels":{{{labels}}} },"spec":{"containers":[{"name":"app","image":"app:1"}]}}""";

    public static string ConfigMap(string name, string data = "{}") => $$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{{name}}}"},"data":{{{data}}} }""";
}
