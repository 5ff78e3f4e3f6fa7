using System.Management.Automation;
using MeshRoll.Core.Plans.Gates;
using MeshRoll.Pipeline;

namespace MeshRoll.Plans;

/// <summary>A gate that is a script block of the user: it opens when the last thing that comes out is true. Runs where the command runs, with the question as <c>$_</c>.</summary>
internal sealed class ScriptGate(ScriptBlock script, ICommandOutput output) : IRunGate
{
    /// <inheritdoc/>
    public async Task<GateAnswer> AskAsync(GateQuestion question, CancellationToken cancellationToken) => await output.OnPipelineAsync(() => Ask(question));

    private GateAnswer Ask(GateQuestion question)
    {
        try
        {
            var said = script.InvokeWithContext(null, [new PSVariable("_", question)]);
            var last = said.Count == 0 ? null : said[^1];
            return LanguagePrimitives.IsTrue(last) ? new(true, "the script says yes") : new(false, said.Count == 0 ? "the script says nothing, which is no yes" : $"the script says {last}");
        }
        catch (RuntimeException error)
        {
            return new(false, $"the script failed: {error.Message}");
        }
    }
}
