using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using MeshRoll.Core.ControlPlane;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Permissions;

/// <summary>Tells which rights commands need in a cluster, asks the server which of them one has, and writes them as roles.</summary>
public sealed class PermissionReader(ClusterSession session)
{
    private const int AtOnce = 8;

    private readonly List<string> _remarks = [];
    private readonly List<(string Target, MeshRollException Error)> _failures = [];

    /// <summary>Every command of the table, by name.</summary>
    public static IReadOnlyList<string> Cmdlets => [.. PermissionTable.Rows.Keys];

    /// <summary>Those of them that need a right at all.</summary>
    public static IReadOnlyList<string> CmdletsWithNeeds => [.. PermissionTable.Rows.Where(row => row.Value.Count > 0).Select(row => row.Key)];

    /// <summary>Every feature that has rights of its own.</summary>
    public static IReadOnlyList<string> Features => PermissionTable.Features;

    /// <summary>Refuses a query that names what there is not, before anything is asked.</summary>
    /// <exception cref="InvalidRequestException">There is no such command or feature.</exception>
    public static void Check(PermissionQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        _ = PermissionPlan.Cmdlets(query.Cmdlets);
        _ = PermissionPlan.Features(query.Features);
    }

    /// <summary>The rights, each with the server's judgement (SelfSubjectAccessReview). Each is asked about once, a few at a time.</summary>
    public async IAsyncEnumerable<ReadEvent<MeshPermission>> ReadAsync(PermissionQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var plan = await PlanAsync(query, cancellationToken);
        foreach (var (target, error) in _failures) yield return new ReadEvent<MeshPermission>.Failed(error, target);
        foreach (var remark in _remarks) yield return new ReadEvent<MeshPermission>.Remark(remark);

        var answers = new ConcurrentDictionary<AccessQuestion, Judgement>();
        await Parallel.ForEachAsync(
            plan.Select(QuestionOf).Distinct(),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (question, cancel) => answers[question] = await AskAsync(question, cancel));
        foreach (var planned in plan) yield return new ReadEvent<MeshPermission>.Found(Describe(planned, answers[QuestionOf(planned)]));
    }

    /// <summary>The least roles with which the commands do all they are meant to, as YAML, and what is to be said about them.</summary>
    /// <param name="query">Which rights.</param>
    /// <param name="name">The name of the roles.</param>
    /// <param name="subject">Whom they are bound to; null for roles alone.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="MeshRollException">The namespaces that are meant cannot be found.</exception>
    public async Task<(string Yaml, IReadOnlyList<string> Remarks)> WriteRolesAsync(PermissionQuery query, string name, RoleSubject? subject, CancellationToken cancellationToken)
    {
        var plan = await PlanAsync(query, cancellationToken);
        // Roles for a part of what was meant would look like roles for all of it.
        if (_failures is [var (_, error), ..]) throw error;
        return (RoleText.Of(plan.Where(planned => planned.Needed), name, subject), _remarks);
    }

    private async Task<IReadOnlyList<PlannedPermission>> PlanAsync(PermissionQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var (cmdlets, features) = (PermissionPlan.Cmdlets(query.Cmdlets), PermissionPlan.Features(query.Features));
        var webhooksTask = WebhooksAsync(cancellationToken);
        var scope = await NamespaceScope.ResolveAsync(session, new() { Namespaces = query.Namespaces, AllNamespaces = query.AllNamespaces }, cancellationToken);
        _failures.AddRange(scope.Failures);
        _remarks.AddRange(scope.Remarks);
        var facts = await scope.Facts;
        _remarks.AddRange(facts.Missing.Select(name => $"There is no namespace '{name}'."));
        var (webhooks, problem) = await webhooksTask;
        var plan = PermissionPlan.Of(cmdlets, features, new()
        {
            All = scope.All,
            Namespaces = scope.Names,
            Searched = scope.All || query.Namespaces.Any(NamePattern.HasWildcards),
            Istio = webhooks is null ? [InjectorPlaces.UsualIstio] : InjectorPlaces.OfIstio(webhooks),
            Linkerd = webhooks is not null && InjectorPlaces.OfLinkerd(webhooks) is { } linkerd ? [linkerd] : [],
            Consul = webhooks is not null && InjectorPlaces.OfConsul(webhooks) is { } consul ? [consul] : [],
            ArgoRollouts = await session.Client.ServesAsync(Resources.ArgoRollouts, cancellationToken),
        });
        if (problem.Length > 0 && plan.Any(planned => planned.Need.Scope == PermissionScope.Istio))
            _remarks.Add($"Injector webhooks cannot be read ({problem}): the mesh is taken for Istio in {InjectorPlaces.UsualIstio}.");
        return plan;
    }

    private async Task<(List<MutatingWebhookConfiguration>? Webhooks, string Problem)> WebhooksAsync(CancellationToken cancellationToken)
    {
        try
        {
            List<MutatingWebhookConfiguration> webhooks = [];
            await foreach (var webhook in session.Client.ListAsync(Resources.MutatingWebhookConfigurations, null, null, cancellationToken)) webhooks.Add(webhook);
            return (webhooks, "");
        }
        catch (MeshRollException e) when (Refusal.IsOfThisPart(e))
        {
            return (null, Refusal.InWords(e));
        }
    }

    private async Task<Judgement> AskAsync(AccessQuestion question, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await session.Client.ReviewAccessAsync(question, cancellationToken);
            return new(answer.Allowed, answer.Reason);
        }
        catch (MeshRollException e) when (Refusal.IsOfThisPart(e))
        {
            return new(null, $"the server cannot be asked about it: {Refusal.InWords(e)}");
        }
    }

    private MeshPermission Describe(PlannedPermission planned, Judgement judgement)
    {
        var need = planned.Need;
        return new()
        {
            Cluster = session.Name,
            Cmdlet = planned.Cmdlet,
            Namespace = planned.Namespace,
            Verb = planned.Verb,
            Resource = need.Resource,
            Group = need.Group,
            ResourceNames = need.Names,
            Name = $"{planned.Verb} {need.FullName}",
            Allowed = judgement.Allowed,
            Needed = planned.Needed,
            Features = need.Features,
            For = need.For,
            Reason = judgement switch
            {
                { Allowed: not false } => judgement.Reason,
                { Reason.Length: > 0 } => $"{NoRight(planned)} ({judgement.Reason})",
                _ => NoRight(planned),
            },
        };
    }

    private static string NoRight(PlannedPermission planned) =>
        $"no right to {planned.Verb} {planned.Need.FullName}{(planned.Namespace.Length > 0 ? " in " + planned.Namespace : planned.Need.Scope == PermissionScope.InNamespace ? " in all namespaces" : "")}";

    // A namespace is, to the authorizer, in itself.
    private static AccessQuestion QuestionOf(PlannedPermission planned)
    {
        var need = planned.Need;
        if (need.IsPath) return new(planned.Verb, "") { Path = need.Resource };
        var parts = need.Resource.Split('/');
        return new(planned.Verb, parts[0])
        {
            Group = need.Group,
            Subresource = parts.Length > 1 ? parts[1] : null,
            Namespace = planned.Namespace.Length == 0 ? null : planned.Namespace,
            Name = need.Resource == "namespaces" && planned.Namespace.Length > 0 ? planned.Namespace : need.Names.Count > 0 ? need.Names[0] : null,
        };
    }

    private readonly record struct Judgement(bool? Allowed, string Reason);
}
