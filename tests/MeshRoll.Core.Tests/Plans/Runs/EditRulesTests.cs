using MeshRoll.Core.Plans.Runs;
using MeshRoll.Core.Restarts;
using MeshRoll.Core.Restarts.Marks;
using MeshRoll.Core.Tests.Rollouts;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.Plans.Runs;

/// <summary>What others do to a workload during a run, told from what the run does itself.</summary>
public sealed class EditRulesTests
{
    private static readonly Deployment Web = Some.Deployment(replicas: 3, generation: 4, name: "web");

    [Fact]
    public void Untouched_it_is_the_runs() => Assert.Null(Judge(Web));

    [Fact]
    public void A_restart_is_left_to_whoever_did_it() => Assert.Equal(
        "was restarted by somebody else during the run (2026-11-22 03:00:00Z)",
        Judge(Web with { Spec = Web.Spec with { Template = Annotated(RestartPatch.Annotation, "2026-11-22T03:00:00Z") } }));

    [Fact]
    public void Another_template_is_left_to_whoever_deploys_it() => Assert.Equal(
        "got another template from somebody else during the run",
        Judge(Web with { Spec = Web.Spec with { Template = Annotated("version", "2") } }));

    [Fact]
    public void Another_count_is_left_to_whoever_scales_unless_an_autoscaler_does()
    {
        var scaled = Web with { Spec = Web.Spec with { Replicas = 5 } };
        Assert.Equal("was scaled from 3 to 5 by somebody else during the run", Judge(scaled));
        Assert.Null(Judge(scaled, isScaledByOther: true));
    }

    [Fact]
    public void A_count_that_a_dead_run_has_raised_is_nobodys_wish()
    {
        var mark = new RestartMark { Run = "p.1", Strategy = "Surge", By = "ann@build-7", Process = 1, Since = default, Beat = default, Replicas = 3, Surge = 1 };
        Assert.Null(Judge(Web with
        {
            Metadata = Web.Metadata with { Labels = new Dictionary<string, string> { [RestartMark.Key] = "p.1" }, Annotations = new Dictionary<string, string> { [RestartMark.Key] = MarkText.Write(mark) } },
            Spec = Web.Spec with { Replicas = 4 },
        }));
    }

    [Fact]
    public void Another_of_its_name_is_not_the_one_that_was_planned() =>
        Assert.Equal("was deleted and made again under its name during the run", Judge(Web with { Metadata = Web.Metadata with { Uid = "another" } }));

    [Fact]
    public void What_is_being_deleted_is_left_to_whoever_does_it() =>
        Assert.Equal("is being deleted", Judge(Web with { Metadata = Web.Metadata with { DeletionTimestamp = Some.Start } }));

    [Theory]
    [InlineData("registry.test/app:9", null)]
    [InlineData("registry.test/app:10", "got another template from somebody else during the run")]
    public void Another_image_is_another_template(string image, string? says)
    {
        var found = With(Some.Spec());
        Assert.Equal(says, EditRules.LeftAlone(EditRules.Known(found, "all"), With(Some.Spec(image)), isScaledByOther: false));

        static Deployment With(PodSpec pods) => Web with { Spec = Web.Spec with { Template = Web.Spec.Template with { Spec = pods } } };
    }

    [Fact]
    public void Nodes_that_come_and_go_are_nobodys_wish() =>
        Assert.Null(EditRules.LeftAlone(EditRules.Known(Some.DaemonSet(nodes: 3), "all"), Some.DaemonSet(nodes: 5), isScaledByOther: false));

    [Fact]
    public void An_Argo_Rollout_says_elsewhere_that_it_was_restarted()
    {
        var known = EditRules.Known(Some.Argo(), "all");
        Assert.Null(EditRules.LeftAlone(known, Some.Argo(), isScaledByOther: false));
        Assert.Equal("got another template from somebody else during the run", EditRules.LeftAlone(known, Some.Argo(restartAt: Some.Start), isScaledByOther: false));
    }

    [Fact]
    public void A_ReplicaSet_is_compared_by_its_count() =>
        Assert.StartsWith("was scaled from ", EditRules.LeftAlone(EditRules.Known(Some.ReplicaSet("web", "1") with { Spec = new() { Replicas = 1 } }, "all"), Some.ReplicaSet("web", "1") with { Spec = new() { Replicas = 2 } }, isScaledByOther: false), StringComparison.Ordinal);

    private static string? Judge(Deployment found, bool isScaledByOther = false) => EditRules.LeftAlone(EditRules.Known(Web, "all"), found, isScaledByOther);

    private static PodTemplate Annotated(string key, string value) => Web.Spec.Template with { Metadata = Web.Spec.Template.Metadata with { Annotations = new Dictionary<string, string>(Web.Spec.Template.Metadata.Annotations) { [key] = value } } };
}
