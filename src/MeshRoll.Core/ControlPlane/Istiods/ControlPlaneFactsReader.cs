using MeshRoll.Core.ControlPlane.Injectors;
using MeshRoll.Core.ControlPlane.Namespaces;
using MeshRoll.Core.ControlPlane.ProxyStatus;
using MeshRoll.Core.Sidecars;
using MeshRoll.Kubernetes;

namespace MeshRoll.Core.ControlPlane.Istiods;

/// <summary>Reads <see cref="ControlPlaneFacts"/>: webhooks, istiods, namespaces, configuration and, where asked for, pods and connections, all at the same time.</summary>
internal sealed class ControlPlaneFactsReader(ClusterSession session)
{
    private readonly List<string> _remarks = [];

    /// <summary>Reads everything but what lives on the revisions.</summary>
    public async Task<ControlPlaneFacts> ReadAsync(CancellationToken cancellationToken)
    {
        var surveyTask = SurveyAsync(cancellationToken);
        var knowledgeTask = MeshKnowledge.ReadAsync(session, new(), null, cancellationToken);
        var istiodsTask = IstiodListing.ReadAsync(session, () => NamespaceReader.PlacesAsync(knowledgeTask), cancellationToken);
        await Task.WhenAll(surveyTask, knowledgeTask, istiodsTask);

        var (survey, problem) = await surveyTask;
        var (knowledge, istiods) = (await knowledgeTask, await istiodsTask);
        if (problem.Length > 0) _remarks.Add($"Injector webhooks cannot be read ({problem}): tags, injectors and what namespaces select are unknown.");
        else _remarks.AddRange(survey!.Remarks);
        string[] gaps = [.. _remarks];
        if (knowledge.InjectorProblem.Length > 0) _remarks.Add($"{knowledge.InjectorProblem}: what its revision injects is unknown.");
        if (!istiods.Complete) _remarks.Add($"Deployments of istiod cannot be read ({istiods.Problem}): whether it is ready is unknown.");
        var now = session.TimeProvider.GetUtcNow();
        return new()
        {
            Cluster = session.Name,
            Survey = survey,
            Injectors = survey?.Webhooks.Select(webhook => InjectorRules.Describe(survey, webhook, session.Name, now)).ToList(),
            Istiods = istiods,
            Knowledge = knowledge,
            Gaps = gaps,
            Remarks = [.. _remarks],
        };
    }

    /// <summary>Counts the proxies of the whole cluster by the revision that injected them.</summary>
    public async Task<(IReadOnlyDictionary<string, int>? Pods, string Problem)> CountPodsAsync(CancellationToken cancellationToken)
    {
        Dictionary<string, int> pods = new(StringComparer.Ordinal);
        var problem = "";
        await foreach (var happened in new SidecarInventory(session).ReadSidecarsAsync(new() { Selection = new() { AllNamespaces = true }, IncludeGateway = true }, cancellationToken))
        {
            if (happened is ReadEvent<MeshSidecar>.Failed failed) problem = Refusal.InWords(failed.Error);
            if (happened is ReadEvent<MeshSidecar>.Found { Item: { Mesh: SidecarContainers.Istio, Revision: { } revision } }) pods[revision] = pods.GetValueOrDefault(revision) + 1;
        }
        return (problem.Length == 0 ? pods : null, problem);
    }

    /// <summary>Counts the proxies by the revision they are connected to, asking every istiod.</summary>
    public async Task<(IReadOnlyDictionary<string, int?> Connected, IReadOnlyList<string> Remarks)> CountConnectedAsync(CancellationToken cancellationToken)
    {
        List<MeshProxyStatus> proxies = [];
        List<string> remarks = [];
        await foreach (var happened in new ProxyStatusReader(session).ReadAsync(new() { Selection = new() { AllNamespaces = true } }, cancellationToken))
        {
            if (happened is ReadEvent<MeshProxyStatus>.Found found) proxies.Add(found.Item);
            else if (happened is ReadEvent<MeshProxyStatus>.Remark remark) remarks.Add(remark.Text);
            else if (happened is ReadEvent<MeshProxyStatus>.Failed failed) remarks.Add($"Not all proxies could be read ({Refusal.InWords(failed.Error)}).");
        }
        return (ControlPlaneRules.CountConnected(proxies), remarks);
    }

    private async Task<(InjectorSurvey? Survey, string Problem)> SurveyAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await InjectorSurveyReader.ReadAsync(session, cancellationToken), "");
        }
        catch (MeshRollException e) when (Refusal.IsOfThisPart(e))
        {
            return (null, Refusal.InWords(e));
        }
    }
}
