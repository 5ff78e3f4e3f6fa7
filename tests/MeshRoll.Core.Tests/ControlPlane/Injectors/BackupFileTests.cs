using System.Text.Json;
using MeshRoll.Core.ControlPlane.Injectors;
using MeshRoll.Core.ControlPlane.Injectors.Backup;
using MeshRoll.Core.Tests.Builders;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;
using static MeshRoll.Core.Tests.Builders.InjectorMesh;

namespace MeshRoll.Core.Tests.ControlPlane.Injectors;

public sealed class BackupFileTests : IDisposable
{
    private static readonly ClusterIdentity s_here = new("prod", "https://prod:6443", "uid-of-prod");
    private readonly string _folder = Directory.CreateTempSubdirectory("meshroll-backup-tests-").FullName;

    [Fact]
    public void What_is_written_reads_as_it_was_without_what_the_server_keeps()
    {
        var file = BackupFile.Parse("b.yaml", Written());

        Assert.Equal(("prod", "https://prod:6443", "uid-of-prod", "1.27.1"), (file.Cluster, file.Server, file.Uid, file.Versions[New]));
        var entry = file.Entries[0];
        Assert.Equal("istio-sidecar-injector", entry.Name);
        var original = Webhook("default", null, "istiod", OldCa);
        original["metadata"]!.AsObject().Remove("uid");
        original["metadata"]!.AsObject().Remove("resourceVersion");
        Assert.Equal(JsonSerializer.Serialize(original), JsonSerializer.Serialize(entry.Json));
    }

    public static TheoryData<string, string, string> BadFiles => new()
    {
        { "cut at its end", "MeshRoll.BackupTruncated", "was cut" },
        { "cut in the middle", "MeshRoll.BackupTruncated", "was cut" },
        { "an object taken out", "MeshRoll.BackupTruncated", "holds 2 objects, and holds 1" },
        { "of a newer format", "MeshRoll.BackupInvalid", "format 2" },
        { "no YAML", "MeshRoll.BackupInvalid", "not valid YAML" },
        { "tab", "MeshRoll.BackupInvalid", "line 2" },
        { "empty", "MeshRoll.BackupInvalid", "no object" },
        { "a list", "MeshRoll.BackupInvalid", "a list or a text" },
        { "a key twice", "MeshRoll.BackupInvalid", "second time" },
        { "anchors", "MeshRoll.BackupInvalid", "anchors" },
        { "nested without end", "MeshRoll.BackupInvalid", "deeper" },
        { "a Secret", "MeshRoll.BackupForeignKind", "a Secret" },
        { "no kind", "MeshRoll.BackupForeignKind", "without a kind" },
        { "another API version", "MeshRoll.BackupInvalid", "admissionregistration.k8s.io/v9" },
        { "another webhook", "MeshRoll.BackupNotIstio", "cert-manager" },
        { "another validator", "MeshRoll.BackupNotIstio", "policy" },
        { "no name", "MeshRoll.BackupInvalid", "has no name" },
        { "no webhooks", "MeshRoll.BackupTruncated", "not whole" },
        { "a webhook without whom to ask", "MeshRoll.BackupTruncated", "nobody to ask" },
        { "of a wrong shape", "MeshRoll.BackupInvalid", "not as the API has it" },
    };

    [Theory]
    [MemberData(nameof(BadFiles))]
    public void A_file_that_is_no_backup_is_refused_in_one_sentence_with_its_line(string what, string id, string says)
    {
        const string Header = "apiVersion: admissionregistration.k8s.io/v1\nkind: MutatingWebhookConfiguration\n";
        var whole = Written();
        var text = what switch
        {
            "cut at its end" => whole[..^BackupText.End.Length],
            "cut in the middle" => whole[..(whole.Length / 2)],
            "an object taken out" => whole[..whole.IndexOf("---\n", whole.IndexOf("---\n", StringComparison.Ordinal) + 1, StringComparison.Ordinal)] + BackupText.End + "\n",
            "of a newer format" => whole.Replace("format 1", "format 2", StringComparison.Ordinal),
            "no YAML" => "kind: [unfinished\nmetadata: }",
            "tab" => "kind: x\n\tmetadata: y",
            "empty" => "# nothing\n",
            "a list" => "- a\n- b\n",
            "a key twice" => "kind: x\nkind: y\n",
            "anchors" => "kind: &a x\nother: *a\n",
            "nested without end" => string.Concat(Enumerable.Repeat("[", 5000)),
            "a Secret" => "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n",
            "no kind" => "apiVersion: v1\nmetadata: {name: s}\n",
            "another API version" => "apiVersion: admissionregistration.k8s.io/v9\nkind: MutatingWebhookConfiguration\nmetadata: {name: istio-sidecar-injector}\n",
            "another webhook" => Header + "metadata: {name: cert-manager-webhook}\nwebhooks:\n- {name: webhook.cert-manager.io, clientConfig: {url: 'https://x'}}\n",
            "another validator" => "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: {name: policy}\nwebhooks: []\n",
            "no name" => Header + "metadata: {labels: {}}\n",
            "no webhooks" => Header + "metadata: {name: istio-sidecar-injector}\n",
            "a webhook without whom to ask" => Header + "metadata: {name: istio-sidecar-injector}\nwebhooks:\n- name: namespace.sidecar-injector.istio.io\n",
            _ => Header + "metadata: {name: istio-sidecar-injector}\nwebhooks: 7\n",
        };

        var refused = Assert.Throws<InjectorRefusedException>(() => BackupFile.Parse("b.yaml", text));

        Assert.Equal(id, refused.Id);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.Matches("^b.yaml, line [0-9]+: ", refused.Message);
    }

    [Fact]
    public async Task A_file_that_is_not_there_a_folder_and_no_text_are_told_apart()
    {
        await File.WriteAllBytesAsync(Path.Combine(_folder, "binary.yaml"), [0xff, 0xfe, 0x00, 0xd8], TestContext.Current.CancellationToken);
        foreach (var (path, id) in ((string, string)[])[(Path.Combine(_folder, "no.yaml"), "MeshRoll.BackupNotFound"), (_folder, "MeshRoll.BackupNotFound"), (Path.Combine(_folder, "binary.yaml"), "MeshRoll.BackupInvalid")])
            Assert.Equal(id, (await Assert.ThrowsAsync<InjectorRefusedException>(() => BackupFile.ReadAsync(path, TestContext.Current.CancellationToken))).Id);
    }

    [Fact]
    public async Task It_is_written_whole_in_plain_UTF8_under_the_clusters_name_and_never_over_another()
    {
        var taken = new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);
        var cancelled = TestContext.Current.CancellationToken;

        var first = BackupWriter.Write(_folder, "arn:aws:eks/prod ü", taken, Written(), overwrite: false);
        var second = BackupWriter.Write(_folder, "arn:aws:eks/prod ü", taken, Written(), overwrite: false);

        Assert.Equal("meshroll-injectors-arn-aws-eks-prod-20260304T050607Z.yaml", Path.GetFileName(first));
        Assert.EndsWith("-2.yaml", second, StringComparison.Ordinal);
        Assert.Equal((byte)'#', (await File.ReadAllBytesAsync(first, cancelled))[0]);
        Assert.Equal(2, Directory.GetFileSystemEntries(_folder).Length);
        Assert.Equal("MeshRoll.BackupExists", Assert.Throws<InjectorRefusedException>(() => BackupWriter.Write(first, "prod", taken, "x", overwrite: false)).Id);
        Assert.Equal("MeshRoll.BackupNotWritten", Assert.Throws<InjectorRefusedException>(() => BackupWriter.Write(Path.Combine(first, "below"), "prod", taken, "x", overwrite: false)).Id);
    }

    public static TheoryData<string, string?> Restores => new()
    {
        { "as it is", null },
        { "of another cluster", "MeshRoll.BackupForeignCluster" },
        { "of nobody", "MeshRoll.BackupForeignCluster" },
        { "with another address but the same cluster", null },
        { "of a newer Istio", "MeshRoll.BackupNewerIstio" },
        { "asking a revision that is gone", "MeshRoll.RevisionNotFound" },
        { "asking an istiod that is not ready", "MeshRoll.TargetNotReady" },
        { "beside a tag that has taken over", "MeshRoll.MatchedTwice" },
    };

    [Theory]
    [MemberData(nameof(Restores))]
    public void A_backup_is_brought_back_only_where_it_belongs_and_does_no_harm(string what, string? id)
    {
        var mesh = new InjectorMesh().Without("istio-sidecar-injector") with { Validators = [Validator("default", OldCa)] };
        var (text, identity) = (Written(), s_here);
        switch (what)
        {
            case "of another cluster": identity = new("test", "https://prod:6443", "uid-of-test"); break;
            case "of nobody": text = string.Join('\n', text.Split('\n').Where(line => !line.StartsWith('#'))); break;
            case "with another address but the same cluster": identity = s_here with { Server = "https://10.0.0.1" }; break;
            case "of a newer Istio": text = text.Replace("default=1.26.4", "default=1.30.0", StringComparison.Ordinal); break;
            case "asking a revision that is gone": mesh = mesh with { Istiods = [Istiod(New)] }; break;
            case "asking an istiod that is not ready": mesh = mesh.WithIstiod(Istiod("default", ready: 0, endpoints: 0)); break;
            case "beside a tag that has taken over": mesh = mesh.With(Webhook(New, "default", $"istiod-{New}", NewCa)); break;
        }

        var file = BackupFile.Parse("b.yaml", text);
        if (id is null) Assert.Equal(["istio-sidecar-injector"], RestorePlanner.Plan(file, mesh.Survey(), identity, force: false, Now).Steps.Select(step => step.Name));
        else Assert.Equal(id, Assert.Throws<InjectorRefusedException>(() => RestorePlanner.Plan(file, mesh.Survey(), identity, force: false, Now)).Id);
        if (id == "MeshRoll.BackupForeignCluster") Assert.NotEmpty(RestorePlanner.Plan(file, mesh.Survey(), identity, force: true, Now).Steps);
    }

    [Fact]
    public void The_authority_is_the_clusters_of_today_and_the_files_only_where_there_is_none()
    {
        // Pointed at the new revision in the file, whose authority has been renewed since.
        var file = BackupFile.Parse("b.yaml", Written(Webhook("default", null, $"istiod-{New}", ExpiredCa)));
        var step = RestorePlanner.Plan(file, new InjectorMesh().Without("istio-sidecar-injector").Survey(), s_here, force: false, Now).Steps[0];
        Assert.All(step.Desired!["webhooks"]!.AsArray(), entry => Assert.Equal(NewCa, (string?)entry!["clientConfig"]!["caBundle"]));

        var alone = RestorePlanner.Plan(BackupFile.Parse("b.yaml", Written()), new InjectorMesh().Without("istio-sidecar-injector").Survey(), s_here, force: false, Now);
        Assert.Equal(OldCa, (string?)alone.Steps[0].Desired!["webhooks"]![0]!["clientConfig"]!["caBundle"]);
        Assert.Contains(alone.Remarks, remark => remark.Contains("comes from the file", StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Written(System.Text.Json.Nodes.JsonObject? first = null)
    {
        var webhook = RawObject.From(first ?? Webhook("default", null, "istiod", OldCa));
        var second = RawObject.From(Webhook(New, null, $"istiod-{New}", NewCa));
        var versions = new Dictionary<string, string> { ["default"] = "1.26.4", [New] = "1.27.1" };
        return BackupText.Write(s_here, versions, Now, [(Resources.MutatingWebhookConfigurations.Raw, webhook), (Resources.MutatingWebhookConfigurations.Raw, second)]);
    }
}
