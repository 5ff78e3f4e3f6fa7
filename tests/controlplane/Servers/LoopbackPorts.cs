using System.Net;
using System.Net.Sockets;

namespace MeshRoll.TestControlPlane.Servers;

/// <summary>Finds free TCP ports on 127.0.0.1.</summary>
internal static class LoopbackPorts
{
    // Below the range from which the kernel takes source ports (32768 and up on Linux). A port from that range could be
    // taken by any outgoing connection while its server restarts, and a client that retries could connect to itself.
    private const int Lowest = 15000;
    private const int Highest = 32000;

    /// <summary>Returns <paramref name="count"/> different ports that nobody listened on a moment ago.</summary>
    public static IReadOnlyList<int> Take(int count)
    {
        var held = new List<TcpListener>();
        try
        {
            for (var attempt = 0; held.Count < count; attempt++)
            {
                if (attempt > 1000)
                {
                    throw new ControlPlaneException($"No {count} free ports between {Lowest} and {Highest} on 127.0.0.1.");
                }

                var listener = new TcpListener(IPAddress.Loopback, Random.Shared.Next(Lowest, Highest));
                try
                {
                    listener.Start();
                    held.Add(listener);
                }
                catch (SocketException)
                {
                    listener.Dispose();
                }
            }

            return [.. held.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        }
        finally
        {
            held.ForEach(listener => listener.Dispose());
        }
    }
}
