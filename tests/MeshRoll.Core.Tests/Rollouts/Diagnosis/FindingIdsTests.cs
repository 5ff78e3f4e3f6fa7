using System.Text.RegularExpressions;
using MeshRoll.Core.Rollouts.Diagnosis;
using MeshRoll.Core.Rollouts.Following;

namespace MeshRoll.Core.Tests.Rollouts.Diagnosis;

/// <summary>Ids are what scripts compare with: each is explained in about_MeshRollDiagnosis, and what is explained there exists.</summary>
public sealed class FindingIdsTests
{
    private static readonly string[] s_ids =
    [
        .. ContainerSignals.ByReason.Values.Select(signal => signal.Id), ContainerSignals.InitContainerFailed, .. CreateFailureSignals.Table.Select(signal => signal.Id),
        .. EventSignals.Table.Select(signal => signal.Id), .. SidecarLog.Table.Select(signal => signal.Id), SidecarSignals.NotReady, SidecarSignals.Unreachable, SidecarSignals.Twice,
        ReadinessSignals.NotReady, ReadinessSignals.ReadinessGate, SidecarVerification.Outdated, SidecarVerification.Missing, "Unschedulable", "Evicted", "Preempted",
    ];

    [Fact]
    public void The_topic_explains_each_and_no_other()
    {
        var topic = File.ReadAllText(Path.Combine(Root(), "en-US", "about_MeshRollDiagnosis.help.txt"));
        var findings = topic[topic.IndexOf("THE FINDINGS", StringComparison.Ordinal)..topic.IndexOf("\nLOGS", StringComparison.Ordinal)];
        var explained = Regex.Matches(findings, "^    ([A-Z][A-Za-z]+(?:, [A-Z][A-Za-z]+)*)(?:  |\r?$)", RegexOptions.Multiline).SelectMany(match => match.Groups[1].Value.Split(", "));

        Assert.Equal(s_ids.Distinct().Order(StringComparer.Ordinal), explained.Order(StringComparer.Ordinal));
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "MeshRoll.slnx"))) folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The repository was not found.");
        return folder;
    }
}
