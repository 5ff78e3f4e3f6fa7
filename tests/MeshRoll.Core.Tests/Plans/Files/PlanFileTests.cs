using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using MeshRoll.Core.Plans;
using MeshRoll.Core.Plans.Files;
using MeshRoll.Core.Plans.Windows;
using MeshRoll.Core.Restarts.Strategies;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Workloads;

namespace MeshRoll.Core.Tests.Plans.Files;

/// <summary>The file of a plan: what is written is read as the same, and what is wrong is refused with file, line and what is allowed.</summary>
public sealed class PlanFileTests
{
    private const string Small = """
        apiVersion: meshroll.io/v1
        kind: RolloutPlan
        metadata:
          name: shop
          id: 3f9a02c71b5e
          cluster: dev
        settings:
          strategy: Auto
          delay: 30s
        windows:
          - Mon-Fri 22:00-05:00 Europe/Berlin
        freezes:
          - 2026-12-20..2027-01-06 Europe/Berlin (Christmas)
        exclude:
          - deploy/payments
        waves:
          - name: canary
            soak: 10m
            workloads:
              - workload: shop/deployment/web
                pods: 3
          - name: rest
            workloads:
              - workload: shop/sts/db
                after: [deploy/web]
              - workload: shop/deployment/cart

        """;

    private static readonly Gen<string> Names = Gen.Elements("web", "cart", "db", "a-1", "true", "null", "10", "1.2.3", "x");

    private static readonly Gen<string> Sentences = Gen.Elements("plain", "with: colon", "# no comment", "- dash", "\"quoted\" and 'single'", "two\nlines", " blank ", "émoji 🙂", "tab\there", "{brace", "*star", "&and", "!tag", "%percent", "@at", "no", "0x1F", "back\\slash");

    private static readonly Gen<TimeSpan?> Durations = Gen.OneOf(Gen.Constant((TimeSpan?)null), Gen.Choose(0, 400_000).Select(seconds => (TimeSpan?)TimeSpan.FromSeconds(seconds)), Gen.Choose(0, 9999).Select(ms => (TimeSpan?)TimeSpan.FromMilliseconds(ms)));

    private static readonly Gen<PlanSettings> AnySettings =
        from delay in Durations
        from soak in Durations
        from number in Gen.Choose(0, 9).Select(value => value > 5 ? null : (int?)value)
        from flag in Gen.Elements<bool?>(null, true, false)
        from strategy in Gen.Elements<RestartStrategy?>(null, RestartStrategy.Rolling, RestartStrategy.Evict, RestartStrategy.Surge, RestartStrategy.Auto)
        select new PlanSettings { Delay = delay, Soak = soak, MaxConcurrent = number, StopAfterFailures = number, Force = flag, IgnoreAutoscaler = flag, Strategy = strategy, Timeout = soak, MaxPodsInTransition = number };

    private static readonly Arbitrary<MeshRolloutPlan> Plans = (
        from waves in Gen.Choose(1, 5)
        from sizes in Gen.ArrayOf(Gen.Choose(1, 4), waves)
        from names in Gen.ArrayOf(Names, waves * 4)
        from sentence in Sentences
        from findings in Gen.ListOf(Sentences)
        from settings in AnySettings
        from each in Gen.ArrayOf(AnySettings, waves)
        from estimate in Durations
        from readiness in Gen.Choose(-1, 3)
        from windows in Gen.SubListOf("Mon-Fri 22:00-05:00 Europe/Berlin", "daily 01:00-02:00 UTC")
        select new MeshRolloutPlan
        {
            Name = sentence,
            Id = PlanId.New(),
            Created = new DateTimeOffset(2026, 11, 22, 6, 40, 0, TimeSpan.Zero),
            LeaseNamespace = "shop",
            Settings = settings,
            Windows = [.. windows.Select(MaintenanceWindow.Parse)],
            Freezes = [FreezePeriod.Parse("2026-12-24")],
            Exclude = ["deploy/x*"],
            Findings = [.. findings.Select((message, i) => new MeshFinding { Id = $"Found{i}", Severity = (FindingSeverity)(i % 3), Namespace = "shop", Kind = "Deployment", Name = "web", Object = "deployment/web", Message = message })],
            Readiness = readiness < 0 ? null :
            [
                .. Enumerable.Range(0, readiness).Select(i => i == 1
                    ? new PlanReadiness { Id = "TwoBudgets", Severity = FindingSeverity.Error, Why = sentence, NotChecked = "no right: none" }
                    : new PlanReadiness { Id = $"Rule{i}", Severity = (FindingSeverity)i, Why = i == 0 ? "" : sentence, Count = 12, Workloads = [.. names.Take(3).Select(name => $"shop/deployment/{name}")] }),
            ],
            Waves =
            [
                .. sizes.Select((size, w) => new PlanWave
                {
                    Name = $"{names[w]} {w}",
                    Settings = each[w],
                    Windows = w == 1 ? [.. windows.Select(MaintenanceWindow.Parse)] : [],
                    Estimate = estimate,
                    Workloads =
                    [
                        .. Enumerable.Range(0, size).Select(i => new PlannedWorkload
                        {
                            Namespace = $"n{w}",
                            Kind = "Deployment",
                            Name = $"{names[w * 4 + i]}-{i}",
                            Pods = i,
                            Sidecars = i == 0 ? [] : ["1.20", names[i]],
                            DesiredVersion = i == 1 ? "1.30" : null,
                            Generation = i == 2 ? 7 : null,
                            Uid = i == 2 ? "0e5" : "",
                            Estimate = estimate,
                            After = w > 0 ? [new("n0", "Deployment", $"{names[0]}-0")] : [],
                        }),
                    ],
                }),
            ],
        }).ToArbitrary();

    [Fact]
    public void A_plan_written_by_hand_is_read()
    {
        var plan = PlanReader.Read("plan.yaml", Small);
        Assert.Equal(("shop", "3f9a02c71b5e", "dev", "shop"), (plan.Name, plan.Id, plan.Cluster, plan.LeaseNamespace));
        Assert.Equal(["shop/deployment/web", "shop/statefulset/db", "shop/deployment/cart"], plan.Waves.SelectMany(wave => wave.Workloads).Select(workload => workload.ToString()));
        Assert.Equal((RestartStrategy.Auto, TimeSpan.FromMinutes(10)), (plan.SettingsOf(plan.Waves[0]).Strategy!.Value, plan.SettingsOf(plan.Waves[0]).Soak!.Value));
        Assert.Equal(new WorkloadReference("shop", "Deployment", "web"), Assert.Single(plan.Waves[1].Workloads[0].After));
    }

    [Fact]
    public void What_is_written_is_read_as_the_same() => Prop.ForAll(Plans, plan =>
    {
        var text = PlanFile.Text(plan);
        var read = PlanReader.Read("plan.yaml", text);
        // Lists are compared by what they hold: by their text.
        return PlanFile.Text(read) == text && read.Name == plan.Name && read.Settings == plan.Settings && read.Findings.SequenceEqual(plan.Findings)
            && (read.Readiness is null) == (plan.Readiness is null) && (read.Readiness ?? []).Zip(plan.Readiness ?? []).All(pair => Same(pair.First, pair.Second))
            && read.Windows.SequenceEqual(plan.Windows) && read.Freezes.SequenceEqual(plan.Freezes) && read.Created == plan.Created
            && read.Waves.SelectMany(wave => wave.Windows).SequenceEqual(plan.Waves.SelectMany(wave => wave.Windows))
            && read.Waves.Select(wave => (wave.Name, wave.Settings, wave.Estimate)).SequenceEqual(plan.Waves.Select(wave => (wave.Name, wave.Settings, wave.Estimate)))
            && read.Waves.SelectMany(wave => wave.Workloads).Zip(plan.Waves.SelectMany(wave => wave.Workloads)).All(pair => Same(pair.First, pair.Second));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Any_cut_or_changed_text_is_a_plan_or_refused_with_its_line() => Prop.ForAll(
        (from at in Gen.Choose(0, Small.Length - 1) from length in Gen.Choose(0, 12) from insert in Gen.Elements("", " ", "  ", ":", "-", "\t", "\"", "{", "]", "&a", "*a", "|", "waves:", "\n") select Small.Remove(at, Math.Min(length, Small.Length - at)).Insert(at, insert)).ToArbitrary(),
        text =>
        {
            try
            {
                return PlanReader.Read("plan.yaml", text).Waves.Count > 0;
            }
            catch (PlanFileException error)
            {
                return error.Id == PlanFileException.Invalid && error.Message.StartsWith("The plan 'plan.yaml' cannot be used", StringComparison.Ordinal) && (error.Line is null || error.Line <= text.Split('\n').Length);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    [Theory]
    [InlineData("  delay: 30s", "  dleay: 30s", 9, "'dleay' is not a field of 'settings'. Did you mean delay")]
    [InlineData("    soak: 10m", "    freezes: []", 18, "'freezes' is not a field of a wave. It belongs to the plan itself: is its indent right?")]
    [InlineData("  cluster: dev", "cluster: dev", 6, "'cluster' is not a field of the plan. It belongs to 'metadata': is its indent right?")]
    [InlineData("  name: shop", "name: shop", 5, "Fields of one map begin in the same column")]
    [InlineData("apiVersion: meshroll.io/v1", "apiVersion: meshroll.io/v2", 1, "its form is meshroll.io/v2, of another version of MeshRoll; this one reads meshroll.io/v1")]
    [InlineData("kind: RolloutPlan", "kind: Deployment", 2, "'kind' of the plan is 'Deployment'; it is RolloutPlan")]
    [InlineData("    soak: 10m", "    windows: [daily 10:00-10:00]", 18, "it never opens")]
    [InlineData("    soak: 10m", "    windows: daily", 18, "must be a list")]
    [InlineData("22:00-05:00 Europe/Berlin", "22:00-22:00 Europe/Berlin", 11, "it never opens")]
    [InlineData("22:00-05:00 Europe/Berlin", "22:00-05:00 Europe/Berln", 11, "Did you mean Europe/Berlin?")]
    [InlineData("2027-01-06", "2025-01-06", 13, "it ends before it begins")]
    [InlineData("strategy: Auto", "strategy: Quick", 8, "'Quick' is no strategy: it is one of Rolling, Surge, Evict, Auto")]
    [InlineData("delay: 30s", "delay: soon", 9, "write seconds (90)")]
    [InlineData("pods: 3", "pods: many", 21, "it is a whole number from 0 to 1000000")]
    [InlineData("shop/deployment/cart", "shop/deployment/web", 26, "the waves 'canary' and 'rest' overlap: shop/deployment/web stands in line 20 already")]
    [InlineData("after: [deploy/web]", "after: [deploy/cart]", 24, "shop/statefulset/db comes after shop/deployment/cart, which stands in the same wave (line 26)")]
    [InlineData("- name: rest", "- name: canary", 22, "'name' of a wave is 'canary', as that of a wave above")]
    [InlineData("shop/deployment/cart", "cart", 26, "it is namespace/kind/name, such as shop/deployment/web")]
    [InlineData("id: 3f9a02c71b5e", "id: Big Plan", 5, "it has 1 to 40 of a-z, 0-9 and -")]
    [InlineData("  id: 3f9a02c71b5e\n", "", 4, "'metadata' needs 'id'")]
    [InlineData("  delay: 30s", "\tdelay: 30s", 9, "a tab indents this line")]
    [InlineData("  delay: 30s", "   delay: 30s", 9, "not valid YAML")]
    [InlineData("  name: shop", "  name: &x shop", 4, "anchors (&) and aliases (*) are not used in plans")]
    [InlineData("  name: shop", "  name: shop\n  name: shop", 5, "'name' stands there a second time")]
    [InlineData("  - deploy/payments", "  - gizmo/payments", 15, "'gizmo' in 'gizmo/payments' is no kind")]
    public void What_is_wrong_is_refused_with_line_and_reason(string was, string becomes, int line, string says)
    {
        Assert.Contains(was, Small, StringComparison.Ordinal);
        var error = Assert.Throws<PlanFileException>(() => PlanReader.Read("plan.yaml", Small.Replace(was, becomes, StringComparison.Ordinal)));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Equal(line, error.Line);
        Assert.Contains($"'plan.yaml' cannot be used, line {line.ToString(CultureInfo.InvariantCulture)}: ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("[]")]
    [InlineData("---\n---\n")]
    [InlineData("apiVersion: meshroll.io/v1\nkind: RolloutPlan\nmetadata: {name: a, id: a}\nwaves: []\n")]
    public void What_holds_nothing_is_refused(string text) => Assert.Throws<PlanFileException>(() => PlanReader.Read("plan.yaml", text));

    [Fact]
    public void A_file_that_is_not_there_is_refused_by_name() =>
        Assert.Equal(PlanFileException.Inaccessible, Assert.Throws<PlanFileException>(() => PlanFile.Read(Path.Combine(Path.GetTempPath(), Guid.NewGuid() + ".yaml"))).Id);

    [Fact]
    public void A_file_is_replaced_in_one_step_and_nothing_is_left_beside_it()
    {
        var directory = Directory.CreateTempSubdirectory();
        try
        {
            var path = Path.Combine(directory.FullName, "plan.yaml");
            File.WriteAllText(path, "before");
            var plan = PlanFile.Write(PlanReader.Read("x", Small), path);
            Assert.Equal(path, plan.File);
            Assert.Equal(PlanFile.Text(plan), PlanFile.Text(PlanFile.Read(path)));
            Assert.Single(directory.GetFiles());
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("id: Recreate, count: 2, workloads: [shop/deploy/web]", "")]
    [InlineData("id: Recreate, notChecked: no right", "")]
    [InlineData("id: Recreate", "needs 'count', or 'notChecked' with the reason")]
    [InlineData("count: 2", "needs 'id': the rule")]
    [InlineData("id: Recreate, count: 1, notChecked: no right", "excludes 'count' and 'workloads'")]
    [InlineData("id: Recreate, workloads: [shop/deploy/web], notChecked: no right", "excludes 'count' and 'workloads'")]
    [InlineData("id: Recreate, count: 0, workloads: [shop/deploy/web]", "'count' of an item of 'readiness' is 0, and 1 workloads are named")]
    [InlineData("id: Recreate, count: 1, workloads: [web]", "'web' is no workload; 'workloads' has namespace/kind/name")]
    [InlineData("id: Recreate, count: 1, severity: Bad", "'Bad' is no severity")]
    [InlineData("id: Recreate, count: -1", "it is a whole number from 0")]
    [InlineData("id: Recreate, count: 1, message: x", "'message' is not a field of an item of 'readiness'. It belongs to a finding")]
    public void What_the_preflight_found_is_read_as_strictly(string item, string refused)
    {
        var text = Small.Replace("waves:\n", $"readiness:\n  - {{{item}}}\nwaves:\n", StringComparison.Ordinal);
        if (refused.Length == 0)
        {
            Assert.Equal("Recreate", Assert.Single(PlanReader.Read("plan.yaml", text).Readiness!).Id);
            return;
        }
        Assert.Contains(refused, Assert.Throws<PlanFileException>(() => PlanReader.Read("plan.yaml", text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_found_is_told_from_nobody_looked()
    {
        Assert.Null(PlanReader.Read("plan.yaml", Small).Readiness);
        var looked = PlanReader.Read("plan.yaml", Small) with { Readiness = [] };
        Assert.Contains("\nreadiness: []\n", PlanFile.Text(looked), StringComparison.Ordinal);
        Assert.Empty(PlanReader.Read("plan.yaml", PlanFile.Text(looked)).Readiness!);
    }

    private static bool Same(PlanReadiness one, PlanReadiness other) =>
        (one.Id, one.Severity, one.Why, one.NotChecked, one.Count) == (other.Id, other.Severity, other.Why, other.NotChecked, other.Count) && one.Workloads.SequenceEqual(other.Workloads);

    private static bool Same(PlannedWorkload one, PlannedWorkload other) =>
        one.Reference == other.Reference && one.Pods == other.Pods && one.Sidecars.SequenceEqual(other.Sidecars) && one.After.SequenceEqual(other.After)
        && (one.DesiredVersion, one.DesiredRevision, one.Estimate, one.Uid, one.Generation) == (other.DesiredVersion, other.DesiredRevision, other.Estimate, other.Uid, other.Generation);
}
