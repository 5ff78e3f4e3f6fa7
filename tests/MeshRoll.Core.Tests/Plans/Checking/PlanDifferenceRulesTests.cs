using MeshRoll.Core.Plans;
using MeshRoll.Core.Plans.Checking;
using MeshRoll.Core.Restarts;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Tests.Rollouts;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.Plans.Checking;

/// <summary>What is different today from what a plan knew.</summary>
public sealed class PlanDifferenceRulesTests
{
    private const FindingSeverity Error = FindingSeverity.Error, Warning = FindingSeverity.Warning, Information = FindingSeverity.Information;

    private static readonly DateTimeOffset Made = new(2026, 11, 22, 6, 0, 0, TimeSpan.Zero);

    private static readonly Deployment Web = Some.Deployment(replicas: 3, generation: 4, name: "web");

    private static readonly PlannedWorkload Known = new() { Namespace = Web.Metadata.Namespace, Kind = "Deployment", Name = "web", Pods = 3, Uid = Web.Metadata.Uid, Generation = 4, Sidecars = ["1.26.4"] };

    private static readonly MeshRolloutPlan Plan = new() { Name = "night", Id = "night-1", Created = Made, Cluster = "prod", LeaseNamespace = "shop", Waves = [new() { Name = "all", Workloads = [Known] }] };

    [Fact]
    public void The_same_workload_is_no_difference()
    {
        Assert.Null(Judge(Web));
        // A plan by hand knows nothing to compare with.
        Assert.Null(Judge(Web with { Metadata = Web.Metadata with { Generation = 9 } }, Known with { Uid = "", Generation = null, Sidecars = [] }));
    }

    [Fact]
    public void What_is_gone_or_going_is_an_error()
    {
        Assert.Equal(("WorkloadVanished", Error, "is not there any more"), Of(Judge(null)));
        Assert.Equal(("WorkloadVanished", Error, "is being deleted"), Of(Judge(Web with { Metadata = Web.Metadata with { DeletionTimestamp = Made } })));
    }

    [Fact]
    public void What_the_plan_did_itself_is_told_from_what_others_did()
    {
        Assert.Equal(("AlreadyRestarted", Information, "was restarted by this plan already"), Of(Judge(Web with { Metadata = Web.Metadata with { Annotations = new Dictionary<string, string> { [PlanMark.Annotation] = "night-1" } } })));
        Assert.Null(Judge(Web with { Metadata = Web.Metadata with { Annotations = new Dictionary<string, string> { [PlanMark.Annotation] = "another" } } }));
        Assert.Equal(("WorkloadReplaced", Warning, "was deleted and made again since: it is another one of the same name"), Of(Judge(Web with { Metadata = Web.Metadata with { Uid = "another" } })));
    }

    [Theory]
    [InlineData("2026-11-22T07:00:00Z", "was restarted by somebody else at 2026-11-22 07:00:00Z")]
    [InlineData("2026-11-22T05:00:00Z", null)]
    [InlineData("yesterday", null)]
    public void A_restart_after_the_plan_was_made_is_told(string restartedAt, string? says)
    {
        var restarted = Web with { Spec = Web.Spec with { Template = Web.Spec.Template with { Metadata = new() { Annotations = new Dictionary<string, string> { [RestartPatch.Annotation] = restartedAt } } } } };
        Assert.Equal(says, Judge(restarted) is { } found ? Of(found).Message : null);
    }

    [Fact]
    public void Pods_that_moved_by_themselves_need_no_restart_unless_the_plan_forces_it()
    {
        var today = new MeshWorkload { Cluster = "prod", Namespace = Known.Namespace, Kind = "Deployment", Name = "web", Sidecars = 3, Versions = ["1.27.1"] };
        Assert.Equal(("WorkloadMoved", Information, "moved by itself meanwhile: its pods carry 1.27.1 and are up to date"), Of(Judge(Web, today: today)));
        Assert.Null(Judge(Web, today: today with { OutdatedSidecars = 1 }));
        Assert.Null(Judge(Web, today: today with { Sidecars = 0 }));
        Assert.Null(Judge(Web, today: today with { Versions = ["1.26.4"] }));
        Assert.Null(Judge(Web, Known with { Sidecars = [] }, today));
        Assert.Null(PlanDifferenceRules.OfWorkload(Plan with { Settings = new() { Force = true } }, Known, Web, today));
    }

    [Fact]
    public void Another_count_is_told_from_another_change()
    {
        var changed = Web with { Metadata = Web.Metadata with { Generation = 5 } };
        Assert.Equal(("WorkloadChanged", Information, "was changed since the plan was made"), Of(Judge(changed)));
        Assert.Equal(("WorkloadScaled", Information, "has 1 pod now, and had 3"), Of(Judge(changed with { Spec = changed.Spec with { Replicas = 1 } })));
    }

    [Fact]
    public void A_newcomer_is_one_that_is_outdated_restartable_and_younger_than_the_plan()
    {
        var today = new MeshWorkload { Cluster = "prod", Namespace = Known.Namespace, Kind = "Deployment", Name = "cart", OutdatedSidecars = 1, Restartable = true };
        var young = Web with { Metadata = Web.Metadata with { CreationTimestamp = Made.AddHours(1) } };
        Assert.Equal(("WorkloadNew", Warning), PlanDifferenceRules.OfNewcomer(Plan, today, young) is { } found ? (found.Id, found.Severity) : default);
        Assert.Null(PlanDifferenceRules.OfNewcomer(Plan, today, young with { Metadata = young.Metadata with { CreationTimestamp = Made.AddHours(-1) } }));
        Assert.Null(PlanDifferenceRules.OfNewcomer(Plan, today, null));
        Assert.Null(PlanDifferenceRules.OfNewcomer(Plan, today with { OutdatedSidecars = 0 }, young));
        Assert.Null(PlanDifferenceRules.OfNewcomer(Plan, today with { Restartable = false }, young));
    }

    [Theory]
    [InlineData("prod", "prod", 0)]
    [InlineData("prod", "dev", 1)]
    [InlineData("", "dev", 0)]
    public void A_plan_for_another_cluster_is_told(string planned, string today, int expected) => Assert.Equal(expected, PlanDifferenceRules.OfPlan(Plan with { Cluster = planned }, today, Made).Count(finding => finding.Id == "OtherCluster"));

    private static MeshFinding? Judge(Deployment? found, PlannedWorkload? planned = null, MeshWorkload? today = null) => PlanDifferenceRules.OfWorkload(Plan, planned ?? Known, found, today);

    // Each begins with the workload's name.
    private static (string Id, FindingSeverity Severity, string Message) Of(MeshFinding? finding)
    {
        Assert.NotNull(finding);
        Assert.StartsWith($"{Known} ", finding.Message, StringComparison.Ordinal);
        return (finding.Id, finding.Severity, finding.Message[$"{Known} ".Length..]);
    }
}
