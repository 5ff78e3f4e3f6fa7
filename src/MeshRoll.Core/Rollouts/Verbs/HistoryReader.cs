using System.Runtime.CompilerServices;
using System.Text.Json;
using MeshRoll.Core.ControlPlane;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Rollouts.Verbs;

/// <summary>Reads the history of workloads: their revisions, and which sidecars the pods of each carry.</summary>
public sealed class HistoryReader(ClusterSession session)
{
    /// <summary>Workloads read at a time.</summary>
    private const int AtATime = 8;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly WorkloadAccess _access = new(session);
    private readonly RevisionReader _reader = new(session);

    /// <summary>
    /// The revisions of each workload in the order of their numbers, one workload after the other. With <paramref name="numbers"/> these alone, with their
    /// templates; a number a workload does not have is a failure of its own. Pods that cannot be read leave the sidecars unknown, with a remark.
    /// </summary>
    public async IAsyncEnumerable<ReadEvent<MeshRevisionEntry>> ReadAsync(
        IReadOnlyList<WorkloadReference> workloads, IReadOnlyList<long> numbers, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(workloads);
        ArgumentNullException.ThrowIfNull(numbers);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new Queue<Task<IReadOnlyList<ReadEvent<MeshRevisionEntry>>>>();
        try
        {
            foreach (var workload in workloads.Distinct())
            {
                if (running.Count == AtATime)
                {
                    foreach (var happened in await running.Dequeue()) yield return happened;
                }
                running.Enqueue(ReadAsync(workload, numbers, stop.Token));
            }
            while (running.TryDequeue(out var next))
            {
                foreach (var happened in await next) yield return happened;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await ((Task)Task.WhenAll(running)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The numbers of a workload's revisions, ascending.</summary>
    public async Task<IReadOnlyList<long>> NumbersAsync(WorkloadReference workload, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(workload);
        var (whole, model) = await _access.ReadAsync(workload, cancellationToken);
        return [.. (await _reader.ReadAsync(workload, whole, model, cancellationToken)).Revisions.Select(revision => revision.Number)];
    }

    /// <summary>A workload's images now, by container; the init containers last.</summary>
    public async Task<IReadOnlyList<KeyValuePair<string, string>>> ImagesAsync(WorkloadReference workload, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(workload);
        var (whole, _) = await _access.ReadAsync(workload, cancellationToken);
        return whole.At("spec", "template") is { } template ? [.. TemplateContainers.Of(template).Select(container => KeyValuePair.Create(container.Name, container.Image ?? ""))] : [];
    }

    private async Task<IReadOnlyList<ReadEvent<MeshRevisionEntry>>> ReadAsync(WorkloadReference workload, IReadOnlyList<long> numbers, CancellationToken cancellationToken)
    {
        try
        {
            if (!WorkloadKinds.Restartable.Contains(workload.Kind))
                throw new VerbRefusedException(VerbRefusedException.NotSupported, workload, $"{workload} has no history: a {workload.Kind} keeps no revisions; name one of {WorkloadKinds.Allowed}.");

            var (whole, model) = await _access.ReadAsync(workload, cancellationToken);
            var history = await _reader.ReadAsync(workload, whole, model, cancellationToken);
            var (pods, remark) = await PodsAsync(workload, model, cancellationToken);
            List<ReadEvent<MeshRevisionEntry>> happened = [.. Entries(history, pods, numbers)];
            if (remark is not null) happened.Add(new ReadEvent<MeshRevisionEntry>.Remark(remark));
            return happened;
        }
        catch (MeshRollException error) when (error is VerbRefusedException or NotFoundException || Refusal.IsOfThisPart(error))
        {
            return [new ReadEvent<MeshRevisionEntry>.Failed(error, workload.ToString())];
        }
    }

    private IEnumerable<ReadEvent<MeshRevisionEntry>> Entries(WorkloadHistory history, IReadOnlyList<Pod> pods, IReadOnlyList<long> numbers)
    {
        foreach (var revision in history.Revisions)
        {
            if (numbers.Count == 0 || numbers.Contains(revision.Number)) yield return new ReadEvent<MeshRevisionEntry>.Found(Describe(history, revision, pods, numbers.Count > 0));
        }
        foreach (var missing in numbers.Distinct().Where(number => !history.Revisions.Any(revision => revision.Number == number)))
        {
            yield return new ReadEvent<MeshRevisionEntry>.Failed(UndoVerb.NoSuch(history.Workload, missing, history.Revisions), history.Workload.ToString());
        }
    }

    private MeshRevisionEntry Describe(WorkloadHistory history, WorkloadRevision revision, IReadOnlyList<Pod> pods, bool withTemplate)
    {
        var workload = history.Workload;
        List<Pod> own = [.. pods.Where(pod => RevisionRules.IsOf(pod, revision, history.Object))];
        // What a pod runs is read off the pod: nothing of the mesh has to be known for it.
        var knowledge = new MeshKnowledge();
        return new()
        {
            Cluster = session.Name,
            Namespace = workload.Namespace,
            Kind = workload.Kind,
            Name = workload.Name,
            Revision = revision.Number,
            Current = revision == history.Current,
            ChangeCause = revision.ChangeCause,
            Created = revision.Keeper.CreationTimestamp,
            Images = TemplateContainers.Images(revision.Template),
            Pods = own.Count,
            SidecarVersions = [.. own.Select(pod => knowledge.Describe(pod, workload, session.Name)?.Version).OfType<string>().Distinct().Order(StringComparer.Ordinal)],
            KeptBy = revision.Keeper.Name,
            Template = withTemplate ? RevisionRules.TemplateOf(revision).ToJsonString(Indented) : "",
        };
    }

    private async Task<(IReadOnlyList<Pod> Pods, string? Remark)> PodsAsync(WorkloadReference workload, IKubernetesObject model, CancellationToken cancellationToken)
    {
        try
        {
            return (await _reader.PodsAsync(workload, model, cancellationToken), null);
        }
        catch (ApiException error) when (Refusal.IsOfThisPart(error))
        {
            return ([], $"Pods of namespace {workload.Namespace} cannot be read, so which sidecars a revision's pods carry is not known there: {Refusal.InWords(error)}.");
        }
    }
}
