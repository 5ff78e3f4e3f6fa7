namespace MeshRoll.Kubernetes.Authentication;

/// <summary>A credential cannot be had: its file is unreadable, its plugin failed or is missing. The message never holds a secret.</summary>
public sealed class CredentialException(string id, string message, Exception? inner = null) : MeshRollException(id, message, inner)
{
    /// <summary>A token or certificate file cannot be used.</summary>
    public const string Unavailable = "MeshRoll.CredentialUnavailable";

    /// <summary>The plugin ended badly, took too long, or printed something else than a credential.</summary>
    public const string PluginFailed = "MeshRoll.CredentialPluginFailed";

    /// <summary>The plugin's program is not there.</summary>
    public const string PluginMissing = "MeshRoll.CredentialPluginMissing";

    /// <summary>The plugin insists on a terminal, which it never gets here.</summary>
    public const string PluginNeedsTerminal = "MeshRoll.CredentialPluginNeedsTerminal";
}
