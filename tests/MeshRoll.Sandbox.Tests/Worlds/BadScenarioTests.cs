using System.Collections;
using System.Text;
using MeshRoll.Sandbox.Worlds;

namespace MeshRoll.Sandbox.Tests.Worlds;

public sealed class BadScenarioTests
{
    private const string Mesh = "mesh: { revisions: [{ version: 1.26.4 }, { name: 1-27-1, version: 1.27.1 }], tags: { stable: 1-27-1 } }\n";

    /// <summary>Scenario, and what the error says after the file's name.</summary>
    public static TheoryData<string, string> Errors => new()
    {
        { "", ": it is empty." },
        { "# nothing yet\n", ": it is empty." },
        { "{}", ": it is empty." },
        { "- a\n", ", line 1: a scenario with its keys" },
        { "shop", ", line 1: a scenario with its keys" },
        { "nodes: 1\nnamespace: []", ", line 2, namespace: there is no such key. Did you mean 'namespaces'? Allowed here are name, description, kubernetesVersion, nodes, mesh, namespaces, startup, faults, objects." },
        { "nodes: 0", ", line 1, nodes: '0' stands there, but a whole number from 1 to 5000 is expected." },
        { "nodes: many", ", line 1, nodes: 'many' stands there, but a whole number from 1 to 5000 is expected." },
        { "nodes: []", ", line 1, nodes: the list is empty; a world needs a node." },
        { "nodes:\n- pods: 3", ", line 2, nodes[0]: the key 'name' is missing." },
        { "nodes:\n- name: a\n- name: a", ", line 3, nodes[1].name: there is a node 'a' already." },
        { "nodes:\n- name: a\n  memory: lots", ", line 3, nodes[0].memory: 'lots' stands there, but a quantity such as 16Gi is expected." },
        { "kubernetesVersion: new", ", line 1, kubernetesVersion: 'new' stands there, but a version such as 1.31.2 is expected." },
        { "mesh:\n  kind: istoi\n  revisions: [{ version: 1.0.0 }]", ", line 2, mesh.kind: 'istoi' stands there. Did you mean 'istio'? Allowed are istio, linkerd, consul." },
        { "mesh: istio", ", line 1, mesh: a mesh with its keys (kind, revisions, tags) is expected, but 'istio' stands there." },
        { "mesh:\n  kind: istio", ", line 2, mesh: the key 'revisions' is missing: a mesh needs at least one, with its version." },
        { "mesh:\n  revisions: []", ", line 2, mesh.revisions: the list is empty: a mesh needs at least one revision, with its version." },
        { "mesh:\n  revisions:\n  - name: x", ", line 3, mesh.revisions[0]: the key 'version' is missing." },
        { "mesh:\n  revisions:\n  - version: 1.0.0\n  - version: 1.1.0", ", line 4, mesh.revisions[1]: there is a revision 'default' already; revisions side by side need names." },
        { "mesh:\n  revisions:\n  - { name: 1.27.1, version: 1.27.1 }", ", line 3, mesh.revisions[0].name: '1.27.1' stands there, but a revision's name such as 1-27-1 (no dots), or none at all, is expected." },
        { "mesh:\n  revisions:\n  - version: 1.0.0\n  tags:\n    stable: 1-27", ", line 4, mesh.tags: the tag 'stable' names the revision '1-27', which is not there. There are default." },
        { "mesh:\n  kind: linkerd\n  revisions:\n  - version: 2.14.0\n  - { name: b, version: 2.15.0 }", ", line 3, mesh.revisions: Linkerd has one control plane. For pods with older sidecars give it 'earlierVersions'" },
        { "namespaces: shop", ", line 1, namespaces: a list is expected, but 'shop' stands there." },
        { "namespaces:\n- shop", ", line 2, namespaces[0]: a namespace with its keys (name, revision, workloads, …) is expected, but 'shop' stands there." },
        { "namespaces:\n- name: Shop", ", line 2, namespaces[0].name: 'Shop' is no name: at most 63 small letters, digits and '-' are allowed, and it must begin and end with a letter or digit." },
        { "namespaces:\n- name: shop\n- name: shop", ", line 3, namespaces[1].name: there is a namespace 'shop' already. Put all its workloads under one." },
        { "namespaces:\n- name: shop\n  revision: 1-27", ", line 3, namespaces[0].revision: the world has no mesh. Give it one (key 'mesh'), or leave this out." },
        { Mesh + "namespaces:\n- name: shop\n  revision: 1-27-2", ", line 4, namespaces[0].revision: the mesh has no revision and no tag '1-27-2'. Did you mean '1-27-1'? There are default, 1-27-1, stable." },
        { Mesh + "namespaces:\n- name: shop\n  injection: on", ", line 4, namespaces[0].injection: 'on' stands there. Allowed are none, enabled, disabled." },
        { "mesh: { revisions: [{ name: a, version: 1.0.0 }] }\nnamespaces:\n- name: shop\n  injection: enabled", ", line 4, namespaces[0].injection: no revision is the default one, so nothing would be injected." },
        { "namespaces:\n- name: shop\n  labels: team", ", line 3, namespaces[0].labels: names with texts are expected, but 'team' stands there." },
        { "namespaces:\n- name: shop\n  labels:\n    team: [a]", ", line 4, namespaces[0].labels.team: a text is expected, but a list stands there." },
        { Workload("replica: 2"), ", line 5, namespaces[0].workloads[0].replica: there is no such key. Did you mean 'replicas'? Allowed here are kind, name, replicas," },
        { Workload("replicas: -1"), ", line 5, namespaces[0].workloads[0].replicas: '-1' stands there, but a whole number from 0 to 100000 is expected." },
        { Workload("replicas: two"), ", line 5, namespaces[0].workloads[0].replicas: 'two' stands there, but a whole number from 0 to 100000 is expected." },
        { Workload("replicas: [2]"), ", line 5, namespaces[0].workloads[0].replicas: a whole number from 0 to 100000 is expected, but a list stands there." },
        { Workload("kind: Deploymnet"), ", line 5, namespaces[0].workloads[0].kind: 'Deploymnet' stands there. Did you mean 'Deployment'? Allowed are Deployment, StatefulSet, DaemonSet, Job, ReplicaSet, Pod, Rollout." },
        { Workload("strategy: OnDelete"), ", line 5, namespaces[0].workloads[0].strategy: 'OnDelete' stands there. Allowed are RollingUpdate, Recreate." },
        { Workload("partition: 1"), ", line 5, namespaces[0].workloads[0].partition: a Deployment has no such thing; it is for StatefulSet." },
        { Workload("paused: maybe"), ", line 5, namespaces[0].workloads[0].paused: 'maybe' stands there, but true or false is expected." },
        { Workload("maxSurge: some"), ", line 5, namespaces[0].workloads[0].maxSurge: 'some' stands there, but a number of pods, or a percentage such as 25%, is expected." },
        { Workload("readyAfter: soon"), ", line 5, namespaces[0].workloads[0].readyAfter: 'soon' stands there, but a duration" },
        { Workload("service: 70000"), ", line 5, namespaces[0].workloads[0].service: '70000' stands there, but true, false, or a port is expected." },
        { Workload("sidecar: 1-27-1"), ", line 5, namespaces[0].workloads[0].sidecar: the world has no mesh. Give it one (key 'mesh'), or leave this out." },
        { Mesh + Workload("sidecar: 1.25.0"), ", line 6, namespaces[0].workloads[0].sidecar: the mesh has no revision, tag or earlier version '1.25.0'. There are default, 1-27-1, stable, none." },
        { Workload("readinessProbe: { periode: 3 }"), ", line 5, namespaces[0].workloads[0].readinessProbe.periode: there is no such key. Did you mean 'period'? Allowed here are initialDelay, period, timeout, successThreshold, failureThreshold." },
        { Workload("disruptionBudget: {}"), ", line 5, namespaces[0].workloads[0].disruptionBudget: it needs exactly one of the keys minAvailable and maxUnavailable." },
        { Workload("autoscaler: { min: 3, max: 2 }"), ", line 5, namespaces[0].workloads[0].autoscaler.max: it is less than 'min'." },
        { "namespaces:\n- name: shop\n  workloads:\n  - name: web\n  - name: web\n    kind: Deployment", ", line 5, namespaces[0].workloads[1].name: there is a Deployment 'web' in namespace 'shop' already." },
        { "namespaces:\n- name: shop\n  workloads:\n  - replicas: 2", ", line 4, namespaces[0].workloads[0]: the key 'name' is missing." },
        { "faults:\n- name: x", ", line 2, faults[0]: the key 'kind' is missing." },
        { "faults:\n- kind: ImageMising", ", line 2, faults[0].kind: 'ImageMising' stands there. Did you mean 'ImageMissing'? Allowed are ImageMissing, InitContainerFailing, NeverReady, Slow, Crash, QuotaExceeded, NodeFull, WebhookDown, AutoscalerFights, Status, Throttle, Cut, ExpireWatch, Latency." },
        { "faults:\n- kind: NeverReady\n  verb: get", ", line 3, faults[0].verb: there is no such key. Allowed here are kind, name, namespace, workload, image, revision, node, after, exitCode." },
        { "faults:\n- kind: Slow", ", line 2, faults[0]: the fault Slow cannot be injected: how much slower is not said: set After." },
        { "faults:\n- kind: Status", ", line 2, faults[0]: the key 'statusCode' is missing." },
        { "faults:\n- kind: Status\n  statusCode: 200", ", line 3, faults[0].statusCode: '200' stands there, but a whole number from 400 to 599 is expected." },
        { "faults:\n- kind: Throttle\n  rate: 2", ", line 3, faults[0].rate: '2' stands there, but a number from 0 to 1 is expected." },
        { "faults:\n- kind: Latency", ", line 2, faults[0]: the key 'latency' is missing." },
        { "faults:\n- { kind: Cut, name: a }\n- { kind: Cut, name: a }", ", line 3, faults[1].name: there is a fault 'a' already." },
        { "objects:\n- kind: ConfigMap\n  metadata: { name: x }", ", line 2, objects[0]: the key 'apiVersion' is missing." },
        { "objects:\n- apiVersion: v1\n  kind: ConfigMaps\n  metadata: { name: x }", ", line 3, objects[0].kind: the sandbox has no v1 ConfigMaps. Did you mean 'v1 ConfigMap'? It has v1 ConfigMap," },
        { "nodes: 1\nnodes: 2", ", line 2: the key 'nodes' stands there a second time. Remove one of the two." },
        { "nodes: 1\nNodes: 2", ", line 2, Nodes: the key stands there a second time, in another spelling ('nodes'). Remove one of the two." },
        { "nodes: 1\n---\nnodes: 2", ", line 2: a second document begins here." },
        { "nodes: [1", ", line 1: it is not valid YAML: " },
        { "[\na", ", line 2: it is not valid YAML" },
        { "nodes:\n\t- 1", ", line 2: a tab indents this line, YAML allows only spaces. Replace the tab." },
        { "a: *b", ", line 1: the alias *b refers to nothing above it." },
        { "a: &x { b: *x }", ", line 1: the alias *x refers to nothing above it." },
        { "a: &x { b: 1 }\nc:\n  <<: *x", ", line 3: merge keys (<<) are not understood." },
        { "? [a, b]\n: 1", ", line 1: a key must be plain text." },
        { "nodes: \0", ": it is not text. A scenario is YAML in UTF-8." },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public void An_error_says_line_key_and_what_is_allowed(string scenario, string said)
    {
        var error = Assert.Throws<SandboxException>(() => WorldReader.ReadText(scenario, "shop.yaml"));

        Assert.Equal("MeshRoll.SandboxScenarioInvalid", error.Id);
        Assert.StartsWith("Scenario 'shop.yaml'" + said, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_errors_are_shown_at_once_in_the_order_of_their_lines()
    {
        var error = Assert.Throws<SandboxException>(() => WorldReader.ReadText("nodse: 1\nnamespaces:\n- name: shop\n  workloads:\n  - { name: a, replicas: -1 }\n  - { name: a, cpu: much }\n", "x.yaml"));

        var lines = error.Message.Split(Environment.NewLine);
        Assert.Equal("Scenario 'x.yaml' has 4 errors:", lines[0]);
        Assert.Equal(
            ["  line 1, nodse", "  line 5, namespaces[0].workloads[0].replicas", "  line 6, namespaces[0].workloads[1].cpu", "  line 6, namespaces[0].workloads[1].name"],
            lines[1..].Select(line => line[..line.IndexOf(':', StringComparison.Ordinal)]));
    }

    [Fact]
    public void No_more_than_ten_errors_are_shown()
    {
        var scenario = string.Concat(Enumerable.Range(1, 14).Select(number => $"wrong{number}: x\n"));

        var lines = Assert.Throws<SandboxException>(() => WorldReader.ReadText(scenario)).Message.Split(Environment.NewLine);

        Assert.Equal(12, lines.Length);
        Assert.Equal("  … and 4 more.", lines[^1]);
    }

    [Fact]
    public void A_hashtable_is_told_by_the_path_of_the_key()
    {
        var scenario = new Hashtable { ["namespaces"] = new object[] { new Hashtable { ["name"] = "shop", ["workloads"] = new object[] { new Hashtable { ["name"] = "web", ["replicas"] = "many" } } } } };

        var error = Assert.Throws<SandboxException>(() => WorldReader.Read(scenario));

        Assert.Equal("The scenario, namespaces[0].workloads[0].replicas: 'many' stands there, but a whole number from 0 to 100000 is expected.", error.Message);
    }

    [Fact]
    public void A_hashtable_with_something_else_in_it_is_refused()
    {
        var error = Assert.Throws<SandboxException>(() => WorldReader.Read(new Hashtable { ["nodes"] = new object() }));

        Assert.Equal("The scenario: nodes: a Object stands there, which is no data. Allowed are texts, numbers, $true and $false, durations, lists and hashtables.", error.Message);
    }

    [Fact]
    public void A_hashtable_that_contains_itself_is_refused()
    {
        var scenario = new Hashtable();
        scenario["namespaces"] = new object[] { scenario };

        Assert.Contains("nests deeper than 64 levels. Does a hashtable contain itself?", Assert.Throws<SandboxException>(() => WorldReader.Read(scenario)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_billion_laughs_are_refused_before_they_are_laughed()
    {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 12; i++) bomb.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");

        Assert.Contains("it holds more than 500000 values", Assert.Throws<SandboxException>(() => WorldReader.ReadText(bomb.ToString())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_nests_without_end_is_refused() =>
        Assert.Contains("nests deeper than 64 levels", Assert.Throws<SandboxException>(() => WorldReader.ReadText("a: " + new string('[', 100_000))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_huge_file_is_refused_unread() =>
        Assert.Contains("larger than 10 MiB", Assert.Throws<SandboxException>(() => WorldReader.ReadText(new string(' ', 10 * 1024 * 1024 + 1))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_missing_file_is_named_with_its_path()
    {
        var path = Path.Combine(Path.GetTempPath(), "meshroll-no-such-scenario.yaml");

        var error = Assert.Throws<SandboxException>(() => WorldReader.ReadFile(path));

        Assert.Equal("MeshRoll.SandboxScenarioNotFound", error.Id);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    private static string Workload(string key) => $"namespaces:\n- name: shop\n  workloads:\n  - name: web\n    {key}\n";
}
