using System.Management.Automation;
using System.Management.Automation.Host;

namespace MeshRoll.Waiting;

/// <summary>
/// A warning said while the pipeline is being stopped. The warning stream is closed by then, so it goes to the host directly; it says nothing
/// where the host has no screen or the caller wants no warnings.
/// </summary>
internal sealed class FarewellWarning
{
    private readonly PSHost? _host;

    private FarewellWarning(PSHost? host)
    {
        _host = host;
    }

    /// <summary>Reads what is wanted, on the pipeline thread.</summary>
    public static FarewellWarning Prepare(PSCmdlet cmdlet)
    {
        var wanted = cmdlet.MyInvocation.BoundParameters.TryGetValue("WarningAction", out var given) ? given : cmdlet.GetVariableValue("WarningPreference");
        return new(wanted?.ToString() is "SilentlyContinue" or "Ignore" ? null : cmdlet.Host);
    }

    /// <summary>Says it. Never fails, may be called from any thread.</summary>
    public void Write(string text)
    {
        try
        {
            _host?.UI?.WriteWarningLine(text);
        }
        catch (Exception)
        {
            // A host without a screen.
        }
    }
}
