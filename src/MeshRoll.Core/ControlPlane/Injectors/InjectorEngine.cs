using MeshRoll.Core.ControlPlane.Injectors.Backup;
using MeshRoll.Core.ControlPlane.Injectors.Changes;
using MeshRoll.Core.ControlPlane.Injectors.Switching;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;
using MeshRoll.Kubernetes.Transport;

namespace MeshRoll.Core.ControlPlane.Injectors;

/// <summary>
/// Changes whom new pods are injected by. Each method reads everything, checks the rules, asks for approval, has the server check the writes, keeps a backup,
/// writes, and tries the result; it gives null when approval was refused.
/// All throw <see cref="InjectorRefusedException"/> when a rule does not hold and <see cref="ApiException"/> when the server refuses.
/// </summary>
public sealed class InjectorEngine(ClusterSession session)
{
    // Namespaces tried beside the first.
    private const int OtherTrials = 2;

    /// <summary>Has another revision inject, the way this mesh is wired.</summary>
    public async Task<MeshInjectorChange?> SwitchAsync(SwitchRequest request, InjectorChangeOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var survey = await SurveyAsync(options, cancellationToken);
        return await RunAsync(SwitchPlanner.Plan(survey, request, Now), survey, options, cancellationToken);
    }

    /// <summary>Makes a tag, or moves it.</summary>
    public async Task<MeshInjectorChange?> SetTagAsync(string tag, string revision, bool move, InjectorChangeOptions options, CancellationToken cancellationToken = default)
    {
        var survey = await SurveyAsync(options, cancellationToken);
        return await RunAsync(TagPlanner.Set(survey, tag, revision, move, Now), survey, options, cancellationToken);
    }

    /// <summary>Removes a tag.</summary>
    public async Task<MeshInjectorChange?> RemoveTagAsync(string tag, bool force, InjectorChangeOptions options, CancellationToken cancellationToken = default)
    {
        var survey = await SurveyAsync(options, cancellationToken);
        return await RunAsync(TagPlanner.Remove(survey, tag, force, Now), survey, options, cancellationToken);
    }

    /// <summary>Labels namespaces.</summary>
    /// <param name="namespaces">Names, with wildcards.</param>
    /// <param name="wish">What is to decide about injection.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Ends it between two writes.</param>
    public async Task<MeshInjectorChange?> SetNamespacesAsync(IReadOnlyList<string> namespaces, NamespaceWish wish, InjectorChangeOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(namespaces);
        var survey = await SurveyAsync(options, cancellationToken);
        var found = NamespacePlanner.Find(survey, namespaces, onlyInjected: false);
        if (found.Count == 0) throw new InjectorRefusedException("MeshRoll.NamespaceNotFound", $"No namespace is named {string.Join(" or ", namespaces)}.");
        return await RunAsync(NamespacePlanner.Plan(survey, found, wish, Now), survey, options, cancellationToken);
    }

    /// <summary>Brings a backup back.</summary>
    /// <param name="path">The file.</param>
    /// <param name="force">Whether a backup of another cluster is taken.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Ends it between two writes.</param>
    public async Task<MeshInjectorChange?> RestoreAsync(string path, bool force, InjectorChangeOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        var file = await BackupFile.ReadAsync(path, cancellationToken);
        var survey = await SurveyAsync(options, cancellationToken, file.Places);
        var identity = await ClusterIdentity.ReadAsync(session, cancellationToken);
        return await RunAsync(RestorePlanner.Plan(file, survey, identity, force, Now), survey, options, cancellationToken);
    }

    /// <summary>Keeps injectors in a file, changing nothing in the cluster.</summary>
    /// <param name="names">Webhooks by name, with wildcards; empty for all injectors of Istio and its default validator.</param>
    /// <param name="options">Where, and whom to tell; what else is in them does not matter.</param>
    /// <param name="cancellationToken">Leaves no file behind.</param>
    public async Task<MeshInjectorBackup?> BackupAsync(IReadOnlyList<string> names, InjectorChangeOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(options);
        var survey = await SurveyAsync(options, cancellationToken);
        List<(Resource<RawObject> Resource, RawObject Object)> objects = [];
        foreach (var webhook in survey.Webhooks.Where(webhook => names.Count == 0 || names.Any(name => new NamePattern(name).IsMatch(webhook.Name)))) objects.Add((Resources.MutatingWebhookConfigurations.Raw, webhook.Raw));
        foreach (var name in names.Where(name => !NamePattern.HasWildcards(name) && !objects.Exists(one => one.Object.Metadata.Name == name)))
        {
            throw new InjectorRefusedException("MeshRoll.InjectorNotFound", $"There is no injector webhook {name} of Istio.{NearMatches.Sentence(name, survey.Webhooks.Select(webhook => webhook.Name))}");
        }
        if (objects.Count == 0) throw new InjectorRefusedException("MeshRoll.InjectorNotFound", $"There is no injector webhook of Istio{(names.Count == 0 ? "" : $" named {string.Join(" or ", names)}")} in {session.Name}, and so nothing to keep.");
        if (names.Count == 0 && survey.Validators?.FirstOrDefault(validator => validator.Metadata.Name == TagPlanner.DefaultValidator) is { } validator) objects.Add((Resources.ValidatingWebhookConfigurations, validator));

        if (options.Approve is { } approve && !await approve($"{objects.Count} {(objects.Count == 1 ? "object" : "objects")} of {session.Name}", $"write to a file in {options.BackupPath}")) return null;
        var taken = Now;
        return new() { Cluster = session.Name, Path = await KeepAsync(objects, survey, options, taken, cancellationToken), Objects = [.. objects.Select(one => $"{one.Resource.Kind}/{one.Object.Metadata.Name}")], Taken = taken };
    }

    private DateTimeOffset Now => session.TimeProvider.GetUtcNow();

    private async Task<InjectorSurvey> SurveyAsync(InjectorChangeOptions options, CancellationToken cancellationToken, IReadOnlyCollection<string>? places = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var survey = await InjectorSurveyReader.ReadAsync(session, places ?? [], cancellationToken);
        foreach (var remark in survey.Remarks) await Tell(options.Warn, remark);
        return survey;
    }

    private async Task<MeshInjectorChange?> RunAsync(InjectorPlan plan, InjectorSurvey survey, InjectorChangeOptions options, CancellationToken cancellationToken)
    {
        if (plan.Reason.Length > 0) await Tell(options.Say, $"{plan.Reason}: switched {Words(plan.Way)}.");
        if (plan.Steps.Count == 0) return Result(plan) with { Message = $"Nothing to do for {plan.Target}: all is as wished already{(plan.To is null ? "" : $", with revision {plan.To}")}.", UndoCommand = null };

        var several = plan.Steps.Count > 1 ? $", in {plan.Steps.Count} writes (between any two of them pods are injected once; after a crash the same command finishes it)" : "";
        foreach (var step in plan.Steps) await Tell(options.Say, $"{step.Object}: {step.Purpose}.");
        foreach (var remark in plan.Remarks) await Tell(options.Warn, remark);
        if (options.Approve is { } approve && !await approve($"{plan.Target} on {session.Name}", $"{(plan.Way is null ? "" : Words(plan.Way) + ": ")}{plan.Action}{several}")) return null;

        var writer = new ChangeWriter(session, options.FieldManager, cancellationToken);
        foreach (var step in plan.Steps) await writer.DryRunAsync(step);
        var trial = new InjectionTrial(session, cancellationToken);
        if (plan.To is not null) await TryTargetAsync(trial, survey, plan.To, options);
        var backup = plan.Before.Count == 0 ? null : await KeepAsync(plan.Before, survey, options, Now, cancellationToken);
        if (backup is not null) await Tell(options.Say, $"What was there is kept in {backup}.");

        var result = Result(plan) with { BackupPath = backup };
        if (result.UndoCommand is null && backup is not null) result = result with { UndoCommand = $"Restore-MeshInjector -Path {Quoted(backup)} -Cluster {Quoted(session.Name)}" };
        var done = await WriteAsync(plan, writer, result.UndoCommand, options);
        result = result with { Changes = Fields(done) };
        return await VerifyAsync(plan, trial, result, done, options);
    }

    // Writes one after the other, each on what the one before left.
    private static async Task<List<(ObjectChange Step, RawObject? After)>> WriteAsync(InjectorPlan plan, ChangeWriter writer, string? undo, InjectorChangeOptions options)
    {
        List<(ObjectChange Step, RawObject? After)> done = [];
        foreach (var planned in plan.Steps)
        {
            var step = done.FindLast(earlier => earlier.Step.Object == planned.Object) is { After: { } left } ? planned.On(left) : planned;
            try
            {
                done.Add((step, await writer.ApplyAsync(step)));
            }
            catch (MeshRollException e) when (done.Count > 0 || e is ClusterUnreachableException)
            {
                var unknown = e is ClusterUnreachableException ? " Whether this write was still made is unknown: Get-MeshInjector tells." : "";
                var before = plan.Steps.Count == 1 ? "" : $" {done.Count} of {plan.Steps.Count} writes were made before; pods are injected once all the same.";
                throw new InjectorRefusedException(e.Id, $"{e.Message}{unknown}{before} The same command finishes it{(undo is null ? "" : $", \"{undo}\" takes it back")}.", e);
            }
            await Tell(options.Say, $"Written ({done.Count} of {plan.Steps.Count}): {step.Object}.");
        }
        return done;
    }

    // The revision's own webhook, used as it is: what fails here would fail for all pods after the change.
    private static async Task TryTargetAsync(InjectionTrial trial, InjectorSurvey survey, string revision, InjectorChangeOptions options)
    {
        if (survey.OwnWebhooks(revision) is not [{ IsActive: true } own] || survey.RevisionAskedBy(own) != revision || TargetRules.IstiodOf(survey, revision) is not { } istiod) return;
        Dictionary<string, string> labels = new() { [Sidecars.IstioStatus.RevisionLabel] = revision };
        if (survey.Namespaces.Find(istiod.Namespace) is not { } home || !own.Matching(home.Metadata.Labels, labels).Any()) return;

        var result = await trial.RunAsync(istiod.Namespace, labels);
        if (result.Outcome == TrialOutcome.Failed)
            throw new InjectorRefusedException("MeshRoll.TargetRefuses", $"The API server cannot have istiod of revision {revision} inject, tried with its own webhook ({result.Message}), so that no pod could be created: put that right first. Nothing was changed.");
        await Tell(options.Say, result.Outcome == TrialOutcome.Unknown ? $"Whether revision {revision} injects could not be tried beforehand ({result.Message})." : $"Revision {revision} answers the API server.");
    }

    private async Task<MeshInjectorChange> VerifyAsync(InjectorPlan plan, InjectionTrial trial, MeshInjectorChange result, List<(ObjectChange Step, RawObject? After)> done, InjectorChangeOptions options)
    {
        if (plan.To is not { } to || plan.TrialNamespace is not { } @namespace) return result with { Message = plan.To is null ? "Done." : "Done; there is no namespace to try it in." };

        var seen = await trial.WaitForAsync(to, @namespace, InjectorSurvey.NoLabels, options.TrialPatience);
        // A quota or a policy may want more of a pod than this one has: another namespace may want less.
        foreach (var other in plan.Namespaces.Where(other => other != @namespace).Take(OtherTrials))
        {
            if (seen.Outcome != TrialOutcome.Unknown) break;
            if (await trial.WaitForAsync(to, other, InjectorSurvey.NoLabels, options.TrialPatience) is { Outcome: not TrialOutcome.Unknown } better) (seen, @namespace) = (better, other);
        }
        switch (seen)
        {
            case { Outcome: TrialOutcome.Injected, Revision: var revision } when (revision ?? to) == to:
                return result with { Verified = true, Message = $"Done: a new pod in {@namespace} is injected by {to}." };
            case { Outcome: TrialOutcome.Unknown }:
                await Tell(options.Warn, $"Done, but whether new pods are injected by {to} could not be tried ({seen.Message}).");
                return result with { Message = $"Done, not tried: {seen.Message}." };
            case { Outcome: TrialOutcome.Failed }:
                try
                {
                    await TakeBackAsync(done, options);
                }
                catch (MeshRollException e)
                {
                    throw new InjectorRefusedException("MeshRoll.InjectionFailed", $"After the change no pod can be created in {@namespace} ({seen.Message}), and it could not be taken back ({e.Message.TrimEnd('.')}). Do so now: {result.UndoCommand}.", e);
                }
                throw new InjectorRefusedException("MeshRoll.InjectionFailed", $"After the change no pod could be created in {@namespace} ({seen.Message}). It was taken back: everything is as it was.");
            default:
                var what = seen.Outcome == TrialOutcome.NotInjected ? "would come without a sidecar" : $"is still injected by {seen.Revision}";
                await Tell(options.Warn, $"Done, but a new pod in {@namespace} {what}; the API server may take a while to see the change. Look at Get-MeshInjector.");
                return result with { Verified = false, Message = $"Done, but a new pod in {@namespace} {what}." };
        }
    }

    // Nothing may be half-done because somebody pressed Ctrl+C now.
    private async Task TakeBackAsync(List<(ObjectChange Step, RawObject? After)> done, InjectorChangeOptions options)
    {
        var writer = new ChangeWriter(session, options.FieldManager, CancellationToken.None);
        Dictionary<string, RawObject?> now = new(StringComparer.Ordinal);
        foreach (var (step, after) in done) now[step.Object] = after;
        foreach (var (step, _) in Enumerable.Reverse(done))
        {
            if (step.Back(now[step.Object]) is { IsNothing: false } back) now[step.Object] = await writer.ApplyAsync(back);
        }
    }

    private async Task<string> KeepAsync(IReadOnlyList<(Resource<RawObject> Resource, RawObject Object)> objects, InjectorSurvey survey, InjectorChangeOptions options, DateTimeOffset taken, CancellationToken cancellationToken)
    {
        var identity = await ClusterIdentity.ReadAsync(session, cancellationToken);
        var versions = survey.Revisions.Select(revision => KeyValuePair.Create(revision, survey.VersionOf(revision) ?? "")).Where(version => version.Value.Length > 0);
        cancellationToken.ThrowIfCancellationRequested();
        return BackupWriter.Write(options.BackupPath, session.Name, taken, BackupText.Write(identity, versions, taken, objects), options.ReplaceBackup);
    }

    private MeshInjectorChange Result(InjectorPlan plan) => new()
    {
        Cluster = session.Name,
        Name = plan.Target,
        Way = plan.Way,
        Reason = plan.Reason,
        From = plan.From,
        To = plan.To,
        Namespaces = plan.Namespaces,
        UndoCommand = plan.Undo.Count == 0 ? null : string.Join("; ", plan.Undo.Select(command => $"{command} -Cluster {Quoted(session.Name)}")),
    };

    // A field that several steps touch is told once, and one that came back not at all.
    private static IReadOnlyList<MeshFieldChange> Fields(List<(ObjectChange Step, RawObject? After)> done) =>
    [
        .. done.SelectMany(one => one.Step.Fields()).GroupBy(field => (field.Object, field.Field))
            .Select(group => group.First() with { After = group.Last().After }).Where(field => field.Before != field.After),
    ];

    // A text for PowerShell, which quotes with '.
    private static string Quoted(string text) =>
        text.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.' or '/' or ':') ? text : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static string Words(SwitchWay? way) => way switch
    {
        SwitchWay.Service => "by service",
        SwitchWay.Tag => "by tag",
        SwitchWay.Namespace => "by namespace label",
        _ => "",
    };

    private static ValueTask Tell(Func<string, ValueTask>? listener, string text) => listener?.Invoke(text) ?? ValueTask.CompletedTask;
}
