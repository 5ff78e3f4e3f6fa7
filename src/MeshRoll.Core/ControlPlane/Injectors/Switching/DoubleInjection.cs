using MeshRoll.Core.Sidecars;
using MeshRoll.Core.ControlPlane.Injectors.Changes;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.ControlPlane.Injectors.Switching;

/// <summary>Plays through who would inject after a change: all webhooks' selectors over all namespaces, for pods that ask for nothing, for injection, and for each revision and tag.</summary>
internal static class DoubleInjection
{
    /// <summary>Null when no pod would be injected twice after the steps; otherwise who and where.</summary>
    public static InjectorRefusal? After(InjectorSurvey survey, IEnumerable<ObjectChange> steps)
    {
        var (webhooks, namespaces) = Apply(survey, steps);
        var names = webhooks.Select(webhook => webhook.Tag ?? webhook.Revision).Distinct(StringComparer.Ordinal);
        IReadOnlyDictionary<string, string>[] pods =
        [
            InjectorSurvey.NoLabels,
            new Dictionary<string, string> { [InjectionRules.PodLabel] = "true" },
            .. names.Select(name => new Dictionary<string, string> { [IstioStatus.RevisionLabel] = name }),
        ];
        List<string> places = [];
        HashSet<string> culprits = new(StringComparer.Ordinal);
        foreach (var (name, labels) in namespaces.Where(pair => !InjectionRules.SystemNamespaces.Contains(pair.Name)))
        {
            foreach (var pod in pods)
            {
                List<string> matching = [.. webhooks.SelectMany(webhook => webhook.Matching(labels, pod).Select(_ => webhook.Name))];
                if (matching.Count < 2) continue;
                places.Add(name);
                culprits.UnionWith(matching);
                break;
            }
        }
        if (places.Count == 0) return null;
        return new("MeshRoll.MatchedTwice", $"Pods of {(places.Count == 1 ? "namespace " : "namespaces ")}{Shortened(places)} would be injected twice, by {TargetRules.InWords(culprits.Order(StringComparer.Ordinal))}: "
            + "delete or switch off the one that is not wanted, for example with Remove-MeshRevisionTag, and repeat.");
    }

    /// <summary>The webhooks and the namespaces' labels as they would be.</summary>
    private static (IReadOnlyList<InjectorWebhook> Webhooks, IReadOnlyList<(string Name, IReadOnlyDictionary<string, string> Labels)> Namespaces) Apply(InjectorSurvey survey, IEnumerable<ObjectChange> steps)
    {
        var webhooks = survey.Webhooks.ToDictionary(webhook => webhook.Name, StringComparer.Ordinal);
        var namespaces = survey.Namespaces.Known.Values.ToDictionary(found => found.Metadata.Name, found => found.Metadata.Labels, StringComparer.Ordinal);
        foreach (var step in steps)
        {
            if (step.Resource.Kind == Resources.MutatingWebhookConfigurations.Kind)
            {
                if (step.Desired is { } desired && InjectorWebhook.From(RawObject.From(desired)) is { } after) webhooks[step.Name] = after;
                else webhooks.Remove(step.Name);
            }
            else if (step.Resource.Kind == Resources.Namespaces.Kind && step.Desired is { } home)
            {
                namespaces[step.Name] = RawObject.From(home).Metadata.Labels;
            }
        }
        return ([.. webhooks.Values.OrderBy(webhook => webhook.Name, StringComparer.Ordinal)], [.. namespaces.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value))]);
    }

    private static string Shortened(List<string> names) => names.Count <= 5 ? string.Join(", ", names) : $"{string.Join(", ", names.Take(5))} and {names.Count - 5} more";
}
