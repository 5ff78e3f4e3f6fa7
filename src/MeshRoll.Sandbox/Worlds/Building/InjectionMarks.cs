using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Worlds.Building;

/// <summary>The labels and annotations by which namespaces and pods ask for sidecars, mesh by mesh.</summary>
internal static class InjectionMarks
{
    private const string IstioInjection = "istio-injection";
    private const string IstioRevision = "istio.io/rev";
    private const string LinkerdInject = "linkerd.io/inject";
    private const string ConsulInject = "consul.hashicorp.com/connect-inject";

    /// <summary>Marks a namespace as its data say it is today.</summary>
    public static void SetToday(JsonObject metadata, WorldMesh? mesh, WorldNamespace home)
    {
        Clear(metadata);
        if (mesh is null) return;
        if (mesh.Kind == WorldMeshKind.Istio)
        {
            var labels = metadata.Object("labels");
            if (home.Injection != WorldInjection.None) labels[IstioInjection] = Word(home.Injection == WorldInjection.Enabled);
            if (home.Revision is { } revision) labels[IstioRevision] = revision;
        }
        else if (home.Injection != WorldInjection.None)
        {
            SetOther(metadata, mesh.Kind, home.Injection == WorldInjection.Enabled);
        }
        Keep(metadata, home);
    }

    /// <summary>Marks a namespace so that new pods get the sidecar of this very revision, or none.</summary>
    public static void SetPast(JsonObject metadata, WorldMesh? mesh, WorldNamespace home, WorldRevision? revision)
    {
        Clear(metadata);
        if (mesh is null) return;
        if (mesh.Kind != WorldMeshKind.Istio) SetOther(metadata, mesh.Kind, revision is not null);
        else if (revision is { IsNameless: true }) metadata.Object("labels")[IstioInjection] = "enabled";
        else if (revision is not null) metadata.Object("labels")[IstioRevision] = revision.Name;
        else metadata.Object("labels")[IstioInjection] = "disabled";
    }

    /// <summary>Marks pods that ask for a sidecar, or refuse one, themselves.</summary>
    public static void SetOnPods(JsonObject labels, JsonObject annotations, WorldMeshKind mesh, bool inject)
    {
        if (mesh == WorldMeshKind.Istio) labels["sidecar.istio.io/inject"] = inject ? "true" : "false";
        else if (mesh == WorldMeshKind.Linkerd) annotations[LinkerdInject] = Word(inject);
        else annotations[ConsulInject] = inject ? "true" : "false";
    }

    // Linkerd looks at the namespace's annotation; Consul's own switch per namespace is a label that its injector selects by.
    private static void SetOther(JsonObject metadata, WorldMeshKind mesh, bool inject)
    {
        if (mesh == WorldMeshKind.Linkerd) metadata.Object("annotations")[LinkerdInject] = Word(inject);
        else metadata.Object("labels")[ConsulInject] = inject ? "true" : "false";
    }

    private static void Clear(JsonObject metadata)
    {
        foreach (var key in (string[])[IstioInjection, IstioRevision, ConsulInject]) metadata.Object("labels").Remove(key);
        metadata.Object("annotations").Remove(LinkerdInject);
    }

    // Who writes a mark among the labels of the data means it.
    private static void Keep(JsonObject metadata, WorldNamespace home)
    {
        foreach (var (key, value) in home.Labels) metadata.Object("labels")[key] = value;
        foreach (var (key, value) in home.Annotations) metadata.Object("annotations")[key] = value;
    }

    private static string Word(bool inject) => inject ? "enabled" : "disabled";
}
