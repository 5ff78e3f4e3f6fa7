using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Mesh.Istio;

/// <summary>Installs, upgrades and removes istiods and sets tags, leaving the objects that istioctl leaves.</summary>
internal sealed class IstioControlPlane(Cluster cluster)
{
    /// <summary>Installs a revision, or brings one that is there to these options in place.</summary>
    public void Install(IstiodOptions istiod)
    {
        var authority = AuthorityOf(istiod.Namespace);
        cluster.Put(ApiResources.ServiceAccounts, istiod.Namespace, IstiodObjects.ServiceAccount(istiod));
        cluster.Put(ApiResources.ConfigMaps, istiod.Namespace, IstiodObjects.MeshConfig(istiod));
        cluster.Put(ApiResources.ConfigMaps, istiod.Namespace, IstiodObjects.InjectorConfig(istiod));
        cluster.Put(ApiResources.Services, istiod.Namespace, IstiodObjects.Service(istiod));
        cluster.Put(ApiResources.Deployments, istiod.Namespace, IstiodObjects.Deployment(istiod));
        cluster.Put(ApiResources.ValidatingWebhookConfigurations, "", ValidatorWebhooks.ForRevision(istiod, authority));
        if (HasGivenDefaultAway(istiod)) return;
        cluster.Put(ApiResources.MutatingWebhookConfigurations, "", InjectorWebhooks.ForRevision(istiod, authority));
        if (istiod.Suffix.Length == 0) cluster.Put(ApiResources.ValidatingWebhookConfigurations, "", ValidatorWebhooks.ForDefault(istiod, authority));
    }

    /// <summary>
    /// Makes a tag point at a revision, whichever it pointed at before, as <c>istioctl tag set</c> does: with the authority that the revision's own
    /// webhooks trust. The tag <c>default</c> takes over from an istiod without a revision.
    /// </summary>
    public void SetTag(IstiodOptions istiod, string tag)
    {
        var own = cluster.Store.Find(ApiResources.MutatingWebhookConfigurations, "", istiod.WebhookName);
        var authority = own?.ToJson().Items("webhooks").Select(webhook => webhook.Text("clientConfig", "caBundle")).FirstOrDefault() is { } bundle
            ? System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(bundle))
            : AuthorityOf(istiod.Namespace);
        cluster.Put(ApiResources.MutatingWebhookConfigurations, "", InjectorWebhooks.ForTag(istiod, tag, authority));
        if (tag != IstiodOptions.DefaultRevision) return;
        cluster.Put(ApiResources.ValidatingWebhookConfigurations, "", ValidatorWebhooks.ForDefault(istiod, authority));
        foreach (var configuration in OwnWebhooks().Where(configuration => configuration.Labels.GetValueOrDefault("istio.io/rev") == IstiodOptions.DefaultRevision).ToList())
            cluster.Change(configuration, InjectorWebhooks.Deactivate);
    }

    /// <summary>Removes a tag.</summary>
    public void RemoveTag(IstiodOptions istiod, string tag) => cluster.Remove(ApiResources.MutatingWebhookConfigurations, "", istiod.TagWebhookName(tag));

    /// <summary>
    /// Changes the authority of a namespace's istiods. The revisions' own webhooks learn it at once, tags do not: a webhook restored from an older
    /// backup, or a tag that was not set again, cannot reach istiod any more.
    /// </summary>
    public void RotateAuthority(string @namespace)
    {
        cluster.Remove(ApiResources.Secrets, @namespace, MeshAuthority.SecretName);
        var authority = AuthorityOf(@namespace);
        foreach (var configuration in OwnWebhooks().ToList())
        {
            if (configuration.ToJson().Items("webhooks").Any(webhook => webhook.Text("clientConfig", "service", "namespace") == @namespace))
                cluster.Change(configuration, json => InjectorWebhooks.Trust(json, authority));
        }
    }

    /// <summary>Removes all objects of a revision; tags stay, as after <c>istioctl uninstall --revision</c>, and so do the sidecars of pods.</summary>
    public void Uninstall(IstiodOptions istiod)
    {
        cluster.Remove(ApiResources.MutatingWebhookConfigurations, "", istiod.WebhookName);
        cluster.Remove(ApiResources.ValidatingWebhookConfigurations, "", $"istio-validator{istiod.Suffix}-{istiod.Namespace}");
        cluster.Remove(ApiResources.Deployments, istiod.Namespace, istiod.ServiceName);
        cluster.Remove(ApiResources.Services, istiod.Namespace, istiod.ServiceName);
        cluster.Remove(ApiResources.ConfigMaps, istiod.Namespace, istiod.InjectorName);
        cluster.Remove(ApiResources.ConfigMaps, istiod.Namespace, istiod.MeshConfigName);
        cluster.Remove(ApiResources.ServiceAccounts, istiod.Namespace, istiod.ServiceName);
    }

    /// <summary>The revisions' own webhooks, without those of tags.</summary>
    private IEnumerable<StoredObject> OwnWebhooks() => cluster.Store.List(ApiResources.MutatingWebhookConfigurations)
        .Where(configuration => configuration.Labels.GetValueOrDefault("app") == "sidecar-injector" && !configuration.Labels.ContainsKey("istio.io/tag"));

    // An istiod without a revision that has given the default away does not take it back by being upgraded.
    private bool HasGivenDefaultAway(IstiodOptions istiod) =>
        istiod.Suffix.Length == 0
        && cluster.Store.Find(ApiResources.MutatingWebhookConfigurations, "", istiod.TagWebhookName(IstiodOptions.DefaultRevision)) is not null
        && cluster.Store.Find(ApiResources.MutatingWebhookConfigurations, "", istiod.WebhookName) is not null;

    private string AuthorityOf(string @namespace)
    {
        if (cluster.Store.Find(ApiResources.Secrets, @namespace, MeshAuthority.SecretName) is { } secret && secret.ToJson().Text("data", MeshAuthority.SecretKey) is { } known)
            return System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(known));
        var made = MeshAuthority.New(cluster.Simulation.Random, cluster.Now);
        cluster.Create(ApiResources.Secrets, @namespace, IstiodObjects.AuthoritySecret(@namespace, made));
        return made;
    }
}
