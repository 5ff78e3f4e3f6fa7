using MeshRoll.Core.Sidecars;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.ControlPlane;

/// <summary>
/// What Consul's injector puts into new pods: the image among the flags of its deployment. Sources: Consul documentation,
/// "Custom Consul injection behavior" and "Annotations and labels"; its Helm chart passes global.imageConsulDataplane as -consul-dataplane-image,
/// charts before 1.0 passed global.imageEnvoy as -envoy-image.
/// </summary>
/// <param name="Image">The image of new proxies; null when the flags do not tell.</param>
/// <param name="InjectsByDefault">Whether pods without annotation are injected; null when the flags do not tell.</param>
public sealed record ConsulInjector(ImageReference? Image, bool? InjectsByDefault)
{
    /// <summary>Finds the injector's deployment, whatever the Helm release is called.</summary>
    public const string Selector = "component=connect-injector";

    private const string InjectAnnotation = "consul.hashicorp.com/connect-inject";

    /// <summary>Reads the injector's deployment.</summary>
    public static ConsulInjector From(Deployment deployment)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        foreach (var container in deployment.Spec.Template.Spec.Containers)
        {
            var image = Flag(container, "-consul-dataplane-image") ?? Flag(container, "-envoy-image");
            if (image is null) continue;
            var byDefault = Flag(container, "-default-inject");
            return new(ImageReference.Parse(image), byDefault is null ? null : byDefault == "true");
        }
        return new(null, null);
    }

    /// <summary>Whether and why a new pod would be injected; null when the injector's default decides and is unknown.</summary>
    public InjectionDecision? Decide(ObjectMeta pod, bool hostNetwork)
    {
        ArgumentNullException.ThrowIfNull(pod);
        if (hostNetwork) return new(null, "the pod uses the host's network");
        if (pod.Annotations.TryGetValue(InjectAnnotation, out var own))
        {
            return new(own.ToLowerInvariant() is "true" or "t" or "1" ? "" : null, $"pod annotation {InjectAnnotation}={own}");
        }
        return InjectsByDefault switch
        {
            null => null,
            true => new("", "the injector injects by default"),
            false => new(null, "the pod does not ask for injection"),
        };
    }

    // The chart runs the injector through a shell: flags stand on lines of one argument, values perhaps quoted.
    private static string? Flag(Container container, string name)
    {
        foreach (var argument in (string[])[.. container.Command, .. container.Args])
        {
            foreach (var word in argument.Split([' ', '\n', '\r', '\t', '\\'], StringSplitOptions.RemoveEmptyEntries))
            {
                var flag = word.StartsWith("--", StringComparison.Ordinal) ? word.AsSpan(1) : word;
                if (!flag.StartsWith(name) || flag.Length <= name.Length || flag[name.Length] != '=') continue;
                var value = flag[(name.Length + 1)..].Trim("\"'");
                return value.Length == 0 ? null : value.ToString();
            }
        }
        return null;
    }
}
