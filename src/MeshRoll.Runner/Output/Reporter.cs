using MeshRoll.Kubernetes;

namespace MeshRoll.Runner.Output;

/// <summary>Errors, remarks and verbose lines, on the standard error stream.</summary>
internal sealed class Reporter(TextWriter error, bool verbose)
{
    /// <summary>Whether anything failed so far.</summary>
    internal bool AnyError { get; private set; }

    internal void Error(MeshRollException failure)
    {
        AnyError = true;
        error.WriteLine($"error: {SafeText.Of(failure.Message)} [{failure.Id}]");
    }

    internal void Remark(string text) => error.WriteLine($"note: {SafeText.Of(text)}");

    internal void Verbose(string text)
    {
        if (verbose) error.WriteLine($"verbose: {SafeText.Of(text)}");
    }
}
