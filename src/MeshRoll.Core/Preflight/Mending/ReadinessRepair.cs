using System.Net;
using System.Runtime.CompilerServices;
using MeshRoll.Core.Rollouts;
using MeshRoll.Kubernetes;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;
using MeshRoll.Kubernetes.Transport;

namespace MeshRoll.Core.Preflight.Mending;

/// <summary>
/// Mends what findings name, and takes it back. Each object is one patch, tried on the server first; it is refused when the object is not as it was looked at,
/// and by the server itself when anybody writes in between.
/// </summary>
public sealed class ReadinessRepair(ClusterSession session)
{
    private const int Attempts = 5;

    /// <summary>Mends findings, object by object. What cannot be mended by a patch is left alone and told.</summary>
    public async IAsyncEnumerable<ReadEvent<MeshReadinessRepair>> RunAsync(IReadOnlyList<MeshReadinessFinding> findings, ReadinessRepairOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(findings);
        ArgumentNullException.ThrowIfNull(options);
        Dictionary<(string, string, string), RepairTask> tasks = [];
        foreach (var finding in findings)
        {
            if (Refusal(finding, options) is { } reason)
            {
                yield return new ReadEvent<MeshReadinessRepair>.Found(Skipped(finding, reason));
                continue;
            }
            var fix = finding.Patch!;
            var key = (finding.Namespace, fix.Kind, fix.Name);
            if (!tasks.TryGetValue(key, out var task)) tasks[key] = task = new(finding.Namespace, fix.Kind, fix.Name, fix.Uid);
            if (task.Add(fix, [finding.Id]) is { } conflict) yield return new ReadEvent<MeshReadinessRepair>.Found(Skipped(finding, $"another finding wants something else of {conflict}: mend one, look again"));
        }
        foreach (var task in tasks.Values)
        {
            foreach (var happened in await CarryOutAsync(task, options, cancellationToken)) yield return happened;
        }
    }

    /// <summary>Takes repairs back, the last one first. What is not as the repair left it is refused.</summary>
    public async IAsyncEnumerable<ReadEvent<MeshReadinessRepair>> UndoAsync(IReadOnlyList<MeshReadinessRepair> repairs, ReadinessRepairOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(repairs);
        ArgumentNullException.ThrowIfNull(options);
        foreach (var repair in repairs.Reverse())
        {
            if (repair is not { State: RepairState.Repaired or RepairState.Undone, WayBack: { } back })
            {
                yield return new ReadEvent<MeshReadinessRepair>.Found(repair with { State = RepairState.Skipped, Reason = "nothing was changed that could be taken back" });
                continue;
            }
            RepairTask task = new(repair.Namespace, back.Kind, back.Name, back.Uid) { IsUndo = true };
            task.Add(back, repair.Rules);
            foreach (var happened in await CarryOutAsync(task, options, cancellationToken)) yield return happened;
        }
    }

    private static string? Refusal(MeshReadinessFinding finding, ReadinessRepairOptions options) => finding switch
    {
        { Checked: false } => $"the rule was not checked ({finding.Seen})",
        { Patch: null } => finding.Fix.Length > 0 ? "the finding comes from another session: look again here" : $"no patch can mend it{(finding.Advice.Length > 0 ? $". {finding.Advice}" : "")}",
        { Patch: { IsGuess: true } guess } when !options.AllowGuess => $"{guess.Caution} -AllowGuess applies it all the same; FixCommand shows it",
        _ => null,
    };

    private async Task<IReadOnlyList<ReadEvent<MeshReadinessRepair>>> CarryOutAsync(RepairTask task, ReadinessRepairOptions options, CancellationToken cancellationToken)
    {
        try
        {
            var resource = await RepairableKinds.OfAsync(session.Client, task.Kind, cancellationToken);
            string? approved = null;
            for (var attempt = 1; ; attempt++)
            {
                var found = Checked(task, await session.Client.FindAsync(resource, task.Namespace, task.Name, cancellationToken));
                if (task.IsDone(found.Json)) return [Told(Describe(task, RepairState.Skipped) with { Reason = "it is so already" })];
                if (task.MakesNewPods && RepairGuard.Refusal(found) is { } refusal) return [Told(Describe(task, RepairState.Skipped) with { Reason = refusal })];
                try
                {
                    // The server tries it first: what it refuses is refused before anybody is asked.
                    var changes = PatchChanges.Of($"{task.Kind}/{task.Name}", task.Patch, found.Json, (await SendAsync(resource, task, found, options, isTrial: true, cancellationToken)).Json);
                    var repair = Describe(task, RepairState.Proposed) with { Changes = changes, KeptBy = KeptBy.Of(found.Json), Reason = task.Caution };
                    var action = Action(task, repair, found);
                    // Asked again only when something else would be done than what was agreed to.
                    if (approved != action && options.Approve is { } approve && !await approve($"{task.Object} on {session.Name}", action, cancellationToken)) return [.. Warnings(repair), Told(repair)];
                    approved = action;
                    var done = await SendAsync(resource, task, found, options, isTrial: false, cancellationToken);
                    return [.. Warnings(repair), Told(Finished(task, repair, found, done))];
                }
                catch (ApiException conflict) when (conflict.Code == HttpStatusCode.Conflict && attempt < Attempts)
                {
                    // Status is written all the time: whether what matters was changed is seen by looking again.
                }
            }
        }
        catch (ApiException conflict) when (conflict.Code == HttpStatusCode.Conflict)
        {
            return [new ReadEvent<MeshReadinessRepair>.Failed(new FindingOutdatedException($"{task.Object} is being changed by others all the time ({Attempts} attempts): nothing was done. Look again when it is quiet."), task.Object)];
        }
        catch (MeshRollException error) when (error is FindingOutdatedException || Core.Refusal.IsOfThisPart(error))
        {
            return [new ReadEvent<MeshReadinessRepair>.Failed(error, task.Object)];
        }
    }

    private static RawObject Checked(RepairTask task, RawObject? found)
    {
        if (found is null) throw new FindingOutdatedException($"{task.Object} is not there any more: nothing was done.");
        if (task.Uid.Length > 0 && found.Metadata.Uid != task.Uid) throw new FindingOutdatedException($"{task.Object} was deleted and made again since it was looked at: nothing was done. Look again.");
        if (!task.IsDone(found.Json) && task.Moved(found.Json) is { } moved) throw new FindingOutdatedException($"{task.Object} was changed by somebody else since it was looked at ({Wording.Line(moved, 160)}): nothing was done. Look again.");
        return found;
    }

    private async Task<RawObject> SendAsync(Resource<RawObject> resource, RepairTask task, RawObject found, ReadinessRepairOptions options, bool isTrial, CancellationToken cancellationToken)
    {
        var patch = new Patch(PatchText.IsStrategic(task.Kind) ? PatchKind.StrategicMerge : PatchKind.Merge, task.For(found.Metadata.Uid, found.Metadata.ResourceVersion));
        // It names the version it changes: sent twice it is a conflict, and looked at again.
        return await session.Client.PatchAsync(resource, task.Namespace, task.Name, patch, Replay.Safe, new() { FieldManager = options.FieldManager, DryRun = isTrial }, cancellationToken);
    }

    private static string Action(RepairTask task, MeshReadinessRepair repair, RawObject found)
    {
        var pods = found.Json.Number("spec", "replicas") ?? found.Json.Number("status", "desiredNumberScheduled") ?? 0;
        var restart = !repair.MakesNewPods || pods == 0 ? ""
            : found.Json.Text("spec", "updateStrategy", "type") == "OnDelete" ? " This changes the pod template: pods have it when they are replaced."
            : $" This changes the pod template and so replaces its {Wording.Count(pods, "pod")} at once.";
        var kept = repair.KeptBy.Length > 0 ? $" {repair.KeptBy} keeps it and will put it back." : "";
        return $"{(task.IsUndo ? "Take back" : "Mend")} {string.Join(", ", task.Rules)}: {string.Join("; ", repair.Changes.Select(change => Wording.Line(PatchChanges.Tell(change), 240)))}.{restart}{kept}{(task.Caution.Length > 0 ? " " + task.Caution : "")}";
    }

    private static IEnumerable<ReadEvent<MeshReadinessRepair>> Warnings(MeshReadinessRepair repair)
    {
        if (repair.KeptBy.Length > 0) yield return new ReadEvent<MeshReadinessRepair>.Remark($"{repair.Namespace} {repair.Kind.ToLowerInvariant()}/{repair.Name} is kept by {repair.KeptBy}, which puts back what is changed here: mend it where that reads it.");
    }

    private static MeshReadinessRepair Finished(RepairTask task, MeshReadinessRepair repair, RawObject before, RawObject after)
    {
        var undo = PatchInverse.Of(task.Patch, before.Json);
        return repair with
        {
            State = task.IsUndo ? RepairState.Undone : RepairState.Repaired,
            Changes = PatchChanges.Of($"{task.Kind}/{task.Name}", task.Patch, before.Json, after.Json),
            Undo = PatchText.Yaml(undo),
            UndoCommand = PatchText.Command(task.Kind, task.Name, task.Namespace, undo, isTrial: false),
            WayBack = ReadinessFix.Of(task.Kind, after.Json, undo),
        };
    }

    private static ReadEvent<MeshReadinessRepair> Told(MeshReadinessRepair repair) => new ReadEvent<MeshReadinessRepair>.Found(repair);

    private MeshReadinessRepair Describe(RepairTask task, RepairState state) => new()
    {
        Cluster = session.Name,
        Namespace = task.Namespace,
        Kind = task.Kind,
        Name = task.Name,
        Rules = task.Rules,
        State = state,
        MakesNewPods = task.MakesNewPods,
    };

    private static MeshReadinessRepair Skipped(MeshReadinessFinding finding, string reason) => new()
    {
        Cluster = finding.Cluster,
        Namespace = finding.Namespace,
        Kind = finding.Kind,
        Name = finding.Name,
        Rules = [finding.Id],
        State = RepairState.Skipped,
        Reason = Wording.Clause(reason),
    };
}
