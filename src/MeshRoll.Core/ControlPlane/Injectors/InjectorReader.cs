using System.Runtime.CompilerServices;
using MeshRoll.Kubernetes;

namespace MeshRoll.Core.ControlPlane.Injectors;

/// <summary>
/// Reads Istio's injectors. Needs the right to list mutatingwebhookconfigurations; what else may not be read (namespaces, services, endpoints and
/// deployments of istiod's namespace) is unknown.
/// </summary>
public sealed class InjectorReader(ClusterSession session)
{
    /// <summary>All injectors of the cluster by name, and remarks about what could not be read.</summary>
    /// <exception cref="MeshRollException">Webhooks may not be read, or the cluster cannot be reached.</exception>
    public async IAsyncEnumerable<ReadEvent<MeshInjector>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var survey = await InjectorSurveyReader.ReadAsync(session, cancellationToken);
        foreach (var remark in survey.Remarks) yield return new ReadEvent<MeshInjector>.Remark(remark);
        foreach (var webhook in survey.Webhooks) yield return new ReadEvent<MeshInjector>.Found(InjectorRules.Describe(survey, webhook, session.Name, session.TimeProvider.GetUtcNow()));
    }
}
