using MeshRoll.Sandbox.Worlds;

namespace MeshRoll.Sandbox;

/// <summary>What a sandbox is to be.</summary>
public sealed record SandboxOptions
{
    /// <summary>Its name: the context of its kubeconfig, and the name of the cluster on every object.</summary>
    public string Name { get; init; } = "sandbox";

    /// <summary>What is in it.</summary>
    public SandboxWorld World { get; init; } = new();

    /// <summary>The port on 127.0.0.1; 0 for any that is free.</summary>
    public int Port { get; init; }

    /// <summary>
    /// Whether it speaks HTTPS, with a certificate of an authority of its own that its kubeconfig names. Without it kubectl and other clients made
    /// of client-go cannot log in: they send no token over plain HTTP.
    /// </summary>
    public bool Tls { get; init; } = true;

    /// <summary>Seconds that pass in it per real second; greater than 0.</summary>
    public double TimeScale { get; init; } = 1;

    /// <summary>Whether time jumps to whatever happens next instead of passing; <see cref="TimeScale"/> means nothing then.</summary>
    public bool VirtualTime { get; init; }

    /// <summary>What every random choice in it follows from.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Where real time comes from; tests bring their own.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
