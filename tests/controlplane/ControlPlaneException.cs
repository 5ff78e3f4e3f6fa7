namespace MeshRoll.TestControlPlane;

/// <summary>The control plane could not be started or has lost a component; the message ends with that component's last log lines.</summary>
public sealed class ControlPlaneException : Exception
{
    /// <summary>Creates the exception without a message.</summary>
    public ControlPlaneException()
    {
    }

    /// <summary>Creates the exception with a message for the person who reads the test's output.</summary>
    public ControlPlaneException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message and its cause.</summary>
    public ControlPlaneException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
