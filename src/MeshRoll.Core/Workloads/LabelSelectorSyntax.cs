namespace MeshRoll.Core.Workloads;

/// <summary>Refuses label selectors that are not well formed before a server is asked; what is well formed the wire knows (<see cref="Kubernetes.Api.LabelSelectorSyntax"/>).</summary>
public static class LabelSelectorSyntax
{
    /// <summary>Fails unless <paramref name="selector"/> is well formed; null and empty select everything.</summary>
    /// <exception cref="InvalidRequestException"><c>MeshRoll.SelectorInvalid</c>, naming what is wrong.</exception>
    public static void Check(string? selector)
    {
        if (string.IsNullOrWhiteSpace(selector)) return;
        if (Kubernetes.Api.LabelSelectorSyntax.Validate(selector) is { } wrong) throw new InvalidRequestException("MeshRoll.SelectorInvalid", wrong);
    }
}
