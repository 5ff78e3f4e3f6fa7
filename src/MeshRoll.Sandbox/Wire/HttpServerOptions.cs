using System.Security.Cryptography.X509Certificates;

namespace MeshRoll.Sandbox.Wire;

/// <summary>How the HTTP server listens.</summary>
internal sealed record HttpServerOptions
{
    /// <summary>The port on 127.0.0.1; 0 takes any free one.</summary>
    public int Port { get; init; }

    /// <summary>With its private key: the server then speaks TLS only. The server does not dispose of it.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>A Unix socket on which it listens too, in plain HTTP: for clients that belong to this process. Null for none. Deleted in the end.</summary>
    public string? SocketPath { get; init; }

    /// <summary>The clock of the Date header.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
