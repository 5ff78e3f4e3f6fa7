using System.Collections;
using System.Management.Automation;
using MeshRoll.Sandboxes;

namespace MeshRoll.Parameters;

/// <summary>Takes a sandbox as it is, by name, or as the property bag that a job or remoting makes of it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SandboxReferenceAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData) => Unwrap(inputData) switch
    {
        null => null,
        MeshSandbox sandbox => sandbox,
        string name => Named(name),
        IList { Count: 1 } one => Transform(engineIntrinsics, one[0]!),
        IList => throw new ArgumentTransformationMetadataException("One sandbox is wanted here, not several: pipe them in, or name them one by one."),
        var other => FromProperties(other),
    };

    private static object? Unwrap(object? input) => input is PSObject { BaseObject: not PSCustomObject and var inner } ? inner : input;

    private static MeshSandbox Named(string name) => name.Length > 0
        ? MeshSandbox.Named(name)
        : throw new ArgumentTransformationMetadataException("A sandbox's name cannot be empty.");

    private static MeshSandbox FromProperties(object input) =>
        input is PSObject bag && bag.Properties["Name"]?.Value is string { Length: > 0 } name
            ? MeshSandbox.Named(name, bag.Properties["KubeConfigPath"]?.Value as string ?? "")
            : throw new ArgumentTransformationMetadataException($"'{input}' is not a sandbox: give an object of New-MeshSandbox or Get-MeshSandbox, or its name.");
}
